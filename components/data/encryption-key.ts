import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import { AWS_REGION } from "../internal/names";
import { Problems } from "../internal/problems";
import { keyPolicy } from "./encryption-key-policy";

/** The services that may use a key on behalf of principals of the account. */
export const KeyService = {
  Rds: "rds",
  ElastiCache: "elasticache",
  S3: "s3",
  SecretsManager: "secretsmanager",
  Ec2: "ec2",
  Efs: "elasticfilesystem",
  Backup: "backup",
} as const;
export type KeyService = (typeof KeyService)[keyof typeof KeyService];

export interface EncryptionKeyArgs {
  /** What the key encrypts, one line, shown in the KMS console. */
  readonly description: pulumi.Input<string>;
  /** The account that owns the key, 12 digits. */
  readonly accountId: pulumi.Input<string>;
  /** The region that the key lives in, which may differ from the provider's. Changing it replaces the key. */
  readonly region: string;
  /** Services through which principals of the account may use the key. Default none: IAM policies alone decide. */
  readonly services?: KeyService[];
  /** Whether CloudWatch Logs may encrypt log groups of this account and region with it. Default false. */
  readonly logs?: boolean;
  /**
   * Whether what the key encrypts must outlive mistakes: a durable key is protected, and stays in the account when the
   * stack goes, because retained buckets, final snapshots and recovery copies are unreadable without it.
   */
  readonly durable: boolean;
}

const DELETION_WINDOW_DAYS = 30;

/**
 * One KMS key with yearly rotation and the longest deletion window, 30 days. It has no alias: an alias is a fixed name that
 * two platforms in one account would fight for. Grants to roles are IAM policies of those roles and not made here.
 */
export class EncryptionKey extends pulumi.ComponentResource {
  /** For everything that encrypts with the key, and for the policies of roles that read it. */
  readonly keyArn: pulumi.Output<string>;
  /** The key's id, for tools that do not take an ARN. */
  readonly keyId: pulumi.Output<string>;
  /** Gate: the key exists with its policy. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: EncryptionKeyArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:EncryptionKey", name, {}, opts);
    checkEncryptionKeyArgs(name, args);
    const { region, services = [], logs = false, durable } = args;
    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: args.description,
        region,
        enableKeyRotation: true,
        deletionWindowInDays: DELETION_WINDOW_DAYS,
        policy: pulumi.output(args.accountId).apply((accountId) => keyPolicy({ accountId, region, services, logs })),
      },
      { parent: this, protect: durable, retainOnDelete: durable },
    );
    this.keyArn = key.arn;
    this.keyId = key.keyId;
    this.ready = ready([key]);
    this.registerOutputs({ keyArn: this.keyArn, keyId: this.keyId, ready: this.ready });
  }
}

function checkEncryptionKeyArgs(name: string, args: EncryptionKeyArgs): void {
  const problems = new Problems();
  problems.check(AWS_REGION.test(args.region), {
    path: "region",
    rule: "must be an AWS region",
    got: args.region,
    fix: "Write it like us-east-1.",
  });
  if (typeof args.accountId === "string") {
    problems.check(/^\d{12}$/.test(args.accountId), {
      path: "accountId",
      rule: "must be 12 digits",
      got: args.accountId,
      fix: "Quote the account's number, with leading zeros.",
    });
  }
  problems.throwIfAny("EncryptionKey", name);
}
