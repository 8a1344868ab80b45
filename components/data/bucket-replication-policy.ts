import { type PolicyStatement, partitionOf, policyDocument } from "../internal/iam";

/** A bucket as the role that copies sees it. */
export interface ReplicationGrant {
  readonly arn: string;
  readonly region: string;
  readonly keyArn: string;
}

/** The policy of the role that copies: read the source, write the copies, each key only through S3 of its region. */
export function replicationPolicy(source: ReplicationGrant, copies: readonly ReplicationGrant[]): string {
  return policyDocument([
    {
      Effect: "Allow",
      Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
      Resource: source.arn,
    },
    {
      Effect: "Allow",
      Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
      Resource: `${source.arn}/*`,
    },
    ...copies.map(
      (copy): PolicyStatement => ({
        Effect: "Allow",
        Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
        Resource: `${copy.arn}/*`,
      }),
    ),
    throughS3(["kms:Decrypt"], source),
    ...copies.map((copy) => throughS3(["kms:Encrypt", "kms:GenerateDataKey"], copy)),
  ]);
}

function throughS3(actions: string[], { keyArn, region }: ReplicationGrant): PolicyStatement {
  const suffix = partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return {
    Effect: "Allow",
    Action: actions,
    Resource: keyArn,
    Condition: { StringEquals: { "kms:ViaService": `s3.${region}.${suffix}` } },
  };
}
