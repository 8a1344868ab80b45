import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import { type IamSettings, partitionOf } from "../internal/iam";
import { AWS_REGION } from "../internal/names";
import { Problems } from "../internal/problems";
import { copyRule, replicationRole } from "./bucket-replication-rules";

export interface CrossRegionReplicationArgs {
  /** What the objects are, e.g. `models`; part of the role's description. */
  readonly purpose: string;
  /** Bucket whose new objects are copied. S3 keeps one set of rules a bucket: it must have no replication of its own. */
  readonly source: ReplicationSourceArgs;
  /** Buckets that get the copies, by AWS region, at least one. A region comes or goes without a change to the others. */
  readonly copies: Record<string, ReplicationCopyArgs>;
  /** Beginning of the keys that are copied, e.g. `models/`. Default everything. */
  readonly prefix?: string;
  /** Gate: all the buckets are versioned; where another stack made them, leave it out and bring that stack up first. */
  readonly bucketsReady?: pulumi.Input<string>;
  /** What the account demands of the role that copies. */
  readonly iam?: IamSettings;
}

/** A versioned bucket that is written to. */
export interface ReplicationSourceArgs {
  /** AWS region of the bucket. */
  readonly region: string;
  /** Name of the bucket. A change replaces the rules. */
  readonly bucketName: pulumi.Input<string>;
  /** Key of its objects, in its region. */
  readonly kmsKeyArn: pulumi.Input<string>;
}

/** A versioned bucket that receives copies. */
export interface ReplicationCopyArgs {
  /** Name of the bucket. */
  readonly bucketName: pulumi.Input<string>;
  /** Key of the copies, in the bucket's region. */
  readonly kmsKeyArn: pulumi.Input<string>;
}

/**
 * Copies every new object of a bucket to buckets in other regions, deletions included, and re-encrypts it with the key of each
 * region: the rules and the role, without a provider for each region. Buckets and keys belong to others, usually the stacks of
 * their regions. Objects from before are not copied: S3 Batch Replication does that once.
 */
export class CrossRegionReplication extends pulumi.ComponentResource {
  /** Role that copies, for bucket policies that name who may write. */
  readonly roleArn: pulumi.Output<string>;
  /** Gate: what is written from now on is copied. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: CrossRegionReplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:CrossRegionReplication", name, {}, opts);
    checkCrossRegionReplicationArgs(name, args);
    const source = replicated(args.source.region, args.source);
    const copies = Object.entries(args.copies).map(([region, copy]) => replicated(region, copy));
    const { role, policy } = replicationRole(
      name,
      `Copies ${args.purpose} to other regions`,
      args.iam,
      source,
      copies,
      { parent: this },
    );
    const rules = new aws.s3.BucketReplicationConfig(
      `${name}-replication`,
      {
        // The rules live where the source is, wherever the provider works.
        region: args.source.region,
        bucket: args.source.bucketName,
        role: role.arn,
        rules: copies.map((copy, index) => copyRule(copy.region, index, args.prefix ?? "", copy)),
      },
      { parent: this, dependsOn: after(args.bucketsReady, ready([policy])) },
    );
    this.roleArn = role.arn;
    this.ready = ready([rules]);
    this.registerOutputs({ roleArn: this.roleArn, ready: this.ready });
  }
}

function replicated(region: string, { bucketName, kmsKeyArn }: ReplicationCopyArgs) {
  return { arn: pulumi.interpolate`arn:${partitionOf(region)}:s3:::${bucketName}`, region, keyArn: kmsKeyArn };
}

function checkCrossRegionReplicationArgs(name: string, { source, copies }: CrossRegionReplicationArgs): void {
  const problems = new Problems();
  problems.check(Object.keys(copies).length > 0, {
    path: "copies",
    rule: "must name at least one region",
    fix: "Add the bucket of a region, or leave the component out.",
  });
  checkPlace(problems, "source.region", source.region);
  checkKey(problems, "source.kmsKeyArn", source.region, source.kmsKeyArn);
  for (const [region, { kmsKeyArn }] of Object.entries(copies)) {
    checkPlace(problems, `copies.${region}`, region);
    checkKey(problems, `copies.${region}.kmsKeyArn`, region, kmsKeyArn);
    problems.check(region !== source.region, {
      path: `copies.${region}`,
      rule: "is the region of the source",
      got: region,
      fix: "Remove it.",
    });
  }
  problems.throwIfAny("CrossRegionReplication", name);
}

function checkPlace(problems: Problems, path: string, region: string): void {
  problems.check(AWS_REGION.test(region), {
    path,
    rule: "must be an AWS region",
    got: region,
    fix: "Write it like us-east-1.",
  });
}

function checkKey(problems: Problems, path: string, region: string, kmsKeyArn: pulumi.Input<string>): void {
  problems.check(typeof kmsKeyArn !== "string" || kmsKeyArn.split(":")[3] === region, {
    path,
    rule: `must be the ARN of a key in ${region}`,
    got: kmsKeyArn,
    fix: "S3 encrypts with keys of the bucket's own region only.",
  });
}
