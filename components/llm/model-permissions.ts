import { type PolicyStatement, partitionOf } from "../internal/iam";

/** The bucket of a model store as a policy names it. */
export interface ModelStoreGrant {
  readonly bucketArn: string;
  /** Key of the bucket; empty when it has none of our own. */
  readonly kmsKeyArn: string;
  /** Region of the bucket, by which KMS is asked. */
  readonly region: string;
}

/** A folder of another bucket, from which models come. */
export interface ModelSourceGrant {
  readonly bucketArn: string;
  /** Folder, with a slash at its end; empty for the whole bucket. */
  readonly prefix: string;
  /** Key of that bucket; empty when it has none. */
  readonly kmsKeyArn: string;
  readonly region: string;
}

/** What model servers may do: read versions of models, and nothing else of the store. */
export function modelReaderStatements(store: ModelStoreGrant): PolicyStatement[] {
  return [
    listing("ListModels", store.bucketArn, ["models/*"]),
    {
      // Also heads with checksums, by which weights are verified.
      Sid: "ReadModels",
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: `${store.bucketArn}/models/*`,
    },
    ...throughS3("DecryptModels", ["kms:Decrypt"], [store]),
  ];
}

/**
 * What import Jobs may do: read their sources, and add to the store. They can neither delete an object nor replace one below
 * `models/`: S3 takes what they write there only on the condition that nothing is there yet.
 */
export function modelImporterStatements(
  store: ModelStoreGrant,
  sources: readonly ModelSourceGrant[] = [],
): PolicyStatement[] {
  const models = `${store.bucketArn}/models/*`;
  const records = `${store.bucketArn}/imports/*`;
  return [
    listing("ListStore", store.bucketArn, ["models/*", "imports/*"]),
    { Sid: "ReadStore", Effect: "Allow", Action: "s3:GetObject", Resource: [models, records] },
    {
      Sid: "AddModels",
      Effect: "Allow",
      Action: "s3:PutObject",
      Resource: models,
      Condition: { Null: { "s3:if-none-match": "false" } },
    },
    {
      // Parts of an upload carry no condition; its completion does, and no object is there before.
      Sid: "UploadParts",
      Effect: "Allow",
      Action: "s3:PutObject",
      Resource: models,
      Condition: { Bool: { "s3:ObjectCreationOperation": "false" } },
    },
    { Sid: "GiveUpUploads", Effect: "Allow", Action: "s3:AbortMultipartUpload", Resource: models },
    { Sid: "KeepRecords", Effect: "Allow", Action: "s3:PutObject", Resource: records },
    ...throughS3("UseStoreKey", ["kms:Decrypt", "kms:GenerateDataKey"], [store]),
    ...sources.flatMap((source, index) => [
      listing(`ListSource${index}`, source.bucketArn, [`${source.prefix}*`]),
      {
        Sid: `ReadSource${index}`,
        Effect: "Allow" as const,
        Action: "s3:GetObject",
        Resource: `${source.bucketArn}/${source.prefix}*`,
      },
    ]),
    ...throughS3("DecryptSources", ["kms:Decrypt"], sources),
  ];
}

function listing(sid: string, bucketArn: string, prefixes: string[]): PolicyStatement {
  return {
    Sid: sid,
    Effect: "Allow",
    Action: "s3:ListBucket",
    Resource: bucketArn,
    Condition: { StringLike: { "s3:prefix": prefixes } },
  };
}

/** Use of the buckets' keys through S3 alone; nothing for buckets without one. */
function throughS3(
  sid: string,
  actions: string[],
  buckets: readonly { readonly kmsKeyArn: string; readonly region: string }[],
): PolicyStatement[] {
  const keyed = buckets.filter(({ kmsKeyArn }) => kmsKeyArn !== "");
  if (keyed.length === 0) return [];
  const suffix = (region: string) => (partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com");
  return [
    {
      Sid: sid,
      Effect: "Allow",
      Action: actions,
      Resource: [...new Set(keyed.map(({ kmsKeyArn }) => kmsKeyArn))],
      Condition: {
        StringEquals: { "kms:ViaService": [...new Set(keyed.map(({ region }) => `s3.${region}.${suffix(region)}`))] },
      },
    },
  ];
}
