import type { PolicyStatement } from "../internal/iam";

/** A bucket as a policy names it. */
export interface BucketGrant {
  readonly bucketArn: string;
  /** Key of the bucket; empty when it has none of our own. */
  readonly kmsKeyArn: string;
  /** Region of the bucket, by which KMS is asked. */
  readonly region: string;
}

/** What web and worker may do: read, write, list and delete objects of their buckets, and use the keys behind those through S3 alone. */
export function langfuseStatements(buckets: readonly BucketGrant[]): PolicyStatement[] {
  const arns = [...new Set(buckets.map(({ bucketArn }) => bucketArn))];
  const keys = [...new Set(buckets.map(({ kmsKeyArn }) => kmsKeyArn).filter((arn) => arn !== ""))];
  const suffix = (region: string) => (region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com");
  const services = [...new Set(buckets.map(({ region }) => `s3.${region}.${suffix(region)}`))];
  return [
    { Sid: "ListBuckets", Effect: "Allow", Action: ["s3:ListBucket", "s3:GetBucketLocation"], Resource: arns },
    {
      Sid: "UseObjects",
      Effect: "Allow",
      Action: [
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
      ],
      Resource: arns.map((arn) => `${arn}/*`),
    },
    ...(keys.length === 0
      ? []
      : [
          {
            Sid: "UseKeys",
            Effect: "Allow" as const,
            Action: ["kms:Decrypt", "kms:GenerateDataKey"],
            Resource: keys,
            Condition: { StringEquals: { "kms:ViaService": services } },
          },
        ]),
  ];
}
