import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type IamSettings, roleSettings, serviceTrust } from "../internal/iam";
import { type ReplicationGrant, replicationPolicy } from "./bucket-replication-policy";

/** A bucket that takes part in replication. */
export interface ReplicatedBucket {
  readonly arn: pulumi.Input<string>;
  readonly region: pulumi.Input<string>;
  readonly keyArn: pulumi.Input<string>;
}

/** The rule that copies what is written from now on under `prefix` to one bucket. */
export function copyRule(id: string, priority: number, prefix: string, copy: ReplicatedBucket) {
  return {
    id,
    status: "Enabled",
    priority,
    filter: { prefix },
    // Retention that deletes at the source must delete in the copy too; versions of the copy guard against accidents.
    deleteMarkerReplication: { status: "Enabled" },
    sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
    destination: { bucket: copy.arn, encryptionConfiguration: { replicaKmsKeyId: copy.keyArn } },
  };
}

/** The role with which S3 copies. */
export function replicationRole(
  name: string,
  description: string,
  iam: IamSettings | undefined,
  source: ReplicatedBucket,
  copies: ReplicatedBucket[],
  opts: pulumi.CustomResourceOptions,
) {
  const role = new aws.iam.Role(
    `${name}-replication`,
    { description, assumeRolePolicy: serviceTrust("s3.amazonaws.com"), ...roleSettings(iam) },
    opts,
  );
  const document = pulumi
    .all([grantOf(source), pulumi.all(copies.map(grantOf))])
    .apply(([from, to]) => replicationPolicy(from, to));
  const policy = new aws.iam.RolePolicy(`${name}-replication`, { role: role.name, policy: document }, opts);
  return { role, policy };
}

function grantOf({ arn, region, keyArn }: ReplicatedBucket): pulumi.Output<ReplicationGrant> {
  return pulumi.all([arn, region, keyArn]).apply(([known, place, key]) => ({ arn: known, region: place, keyArn: key }));
}
