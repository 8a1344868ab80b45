import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { BucketCreateArgs } from "./bucket";
import { createBucket, type MadeBucket } from "./bucket-create";
import { copyRule, replicationRole } from "./bucket-replication-rules";

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
  const destination = { arn: copy.bucket.arn, region: replication.region, keyArn: replication.kmsKeyArn };
  const { role, policy } = replicationRole(
    name,
    `Copies ${args.purpose} to a second region`,
    replication.iam,
    { arn: source.bucket.arn, region: source.bucket.region, keyArn: args.kmsKeyArn },
    [destination],
    opts,
  );
  new aws.s3.BucketReplicationConfig(
    `${name}-replication`,
    {
      bucket: source.bucket.bucket,
      role: role.arn,
      rules: [copyRule("everything", 0, "", destination)],
    },
    // S3 accepts the rule only when both buckets are versioned, and starts copying with the role as it is then.
    { ...opts, dependsOn: [source.versioning, copy.versioning, policy] },
  );
  return copy;
}
