import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type PolicyStatement, partitionOf, policyDocument, roleSettings, serviceTrust } from "../internal/iam";
import type { BucketCreateArgs } from "./bucket";
import { createBucket, type MadeBucket } from "./bucket-create";

/** What the role that copies may touch. */
export interface ReplicationGrants {
  readonly sourceArn: string;
  readonly sourceRegion: string;
  readonly sourceKeyArn: string;
  readonly copyArn: string;
  readonly copyRegion: string;
  readonly copyKeyArn: string;
}

/** The policy of the role that copies: read the source, write the copy, each key only through S3 of its region. */
export function replicationPolicy(grants: ReplicationGrants): string {
  const statements: PolicyStatement[] = [
    {
      Effect: "Allow",
      Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"],
      Resource: grants.sourceArn,
    },
    {
      Effect: "Allow",
      Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
      Resource: `${grants.sourceArn}/*`,
    },
    {
      Effect: "Allow",
      Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
      Resource: `${grants.copyArn}/*`,
    },
    throughS3(["kms:Decrypt"], grants.sourceKeyArn, grants.sourceRegion),
    throughS3(["kms:Encrypt", "kms:GenerateDataKey"], grants.copyKeyArn, grants.copyRegion),
  ];
  return policyDocument(statements);
}

function throughS3(actions: string[], keyArn: string, region: string): PolicyStatement {
  const suffix = partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return {
    Effect: "Allow",
    Action: actions,
    Resource: keyArn,
    Condition: { StringEquals: { "kms:ViaService": `s3.${region}.${suffix}` } },
  };
}

/** The copy in a second region, and the rule that feeds it; undefined when none is asked for. */
export function replicateBucket(
  name: string,
  source: MadeBucket,
  args: BucketCreateArgs,
  opts: pulumi.CustomResourceOptions,
): MadeBucket | undefined {
  const { replication } = args;
  if (replication === undefined) return undefined;
  const copy = createBucket(
    `${name}-copy`,
    { ...args, corsOrigins: undefined, kmsKeyArn: replication.kmsKeyArn },
    replication.region,
    opts,
  );
  const { role, policy } = replicationRole(name, source, copy, args, opts);
  new aws.s3.BucketReplicationConfig(
    `${name}-replication`,
    {
      bucket: source.bucket.bucket,
      role: role.arn,
      rules: [copyEverything(copy.bucket.arn, replication.kmsKeyArn)],
    },
    // S3 accepts the rule only when both buckets are versioned, and starts copying with the role as it is then.
    { ...opts, dependsOn: [source.versioning, copy.versioning, policy] },
  );
  return copy;
}

function copyEverything(copyArn: pulumi.Input<string>, copyKeyArn: pulumi.Input<string>) {
  return {
    id: "everything",
    status: "Enabled",
    priority: 0,
    filter: { prefix: "" },
    // Retention that deletes at the source must delete in the copy too; versions of the copy guard against accidents.
    deleteMarkerReplication: { status: "Enabled" },
    sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
    destination: { bucket: copyArn, encryptionConfiguration: { replicaKmsKeyId: copyKeyArn } },
  };
}

function replicationRole(
  name: string,
  source: MadeBucket,
  copy: MadeBucket,
  args: BucketCreateArgs,
  opts: pulumi.CustomResourceOptions,
) {
  const { replication } = args;
  const role = new aws.iam.Role(
    `${name}-replication`,
    {
      description: `Copies ${args.purpose} to a second region`,
      assumeRolePolicy: serviceTrust("s3.amazonaws.com"),
      ...roleSettings(replication?.iam),
    },
    opts,
  );
  const document = pulumi
    .all([source.bucket.arn, source.bucket.region, args.kmsKeyArn, copy.bucket.arn, replication?.kmsKeyArn ?? ""])
    .apply(([sourceArn, sourceRegion, sourceKeyArn, copyArn, copyKeyArn]) =>
      replicationPolicy({
        sourceArn,
        sourceRegion,
        sourceKeyArn,
        copyArn,
        copyRegion: replication?.region ?? sourceRegion,
        copyKeyArn,
      }),
    );
  const policy = new aws.iam.RolePolicy(`${name}-replication`, { role: role.name, policy: document }, opts);
  return { role, policy };
}
