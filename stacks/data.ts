import * as pulumi from "@pulumi/pulumi";
import {
  Bucket,
  EncryptionKey,
  KeyService,
  LangfuseCredentials,
  Postgres,
  PostgresSslMode,
  RecoverySecret,
  Redis,
  valueAfter,
} from "../components";
import type { ClusterFoundation } from "./cluster-foundation";
import type { Context } from "./context";
import type { Settings } from "./settings";

/** Uses of buckets, as the settings name them. */
export const BUCKET_USES = ["events", "media", "exports", "backups"] as const;
export type BucketUse = (typeof BUCKET_USES)[number];

/** Where data lives, outside the cluster. */
export interface DataStores {
  readonly credentials: LangfuseCredentials;
  readonly postgres: Postgres;
  readonly redis: Redis;
  readonly buckets: Record<BucketUse, Bucket>;
  /** Copy of the generated secrets in Secrets Manager; none on a cluster of somebody else's. */
  readonly recoverySecret?: RecoverySecret;
  /** Key of the stores and of the recovery copy; none on a cluster of somebody else's. */
  readonly kmsKeyArn?: pulumi.Output<string>;
}

/** What stores of our own need: the foundation, and the key that encrypts them. */
interface StoreFoundation {
  readonly context: Context;
  readonly credentials: LangfuseCredentials;
  readonly options: pulumi.ComponentResourceOptions;
  readonly kmsKeyArn: pulumi.Output<string>;
  readonly clients: {
    readonly vpcId: pulumi.Output<string>;
    readonly subnetIds: pulumi.Output<string[]>;
    readonly clientSecurityGroupIds: Record<string, pulumi.Output<string>>;
  };
}

/**
 * Generated secrets, PostgreSQL, Redis, buckets and the recovery copy. Stores wait for the network and for the cluster's
 * security group, not for a cluster that works.
 */
export function createDataStores(
  context: Context,
  foundation: ClusterFoundation | undefined,
  options: pulumi.ComponentResourceOptions,
): DataStores {
  const { settings, durable } = context;
  const credentials = new LangfuseCredentials("credentials", {
    rotation: settings.rotation,
    given: settings.secrets,
    durable,
  });
  const key = foundation && createKey("data", context.region, context, options);
  const own: StoreFoundation | undefined = foundation &&
    key && {
      context,
      credentials,
      options,
      kmsKeyArn: key.keyArn,
      clients: {
        vpcId: foundation.network.vpcId,
        subnetIds: valueAfter(foundation.network.dataSubnetIds, foundation.serviceLinkedRolesReady),
        clientSecurityGroupIds: { cluster: foundation.cluster.clusterSecurityGroupId },
      },
    };
  return {
    credentials,
    postgres: createPostgres(settings, own),
    redis: createRedis(settings, own),
    buckets: createBuckets(context, own),
    recoverySecret: own && createRecoverySecret(own),
    kmsKeyArn: own?.kmsKeyArn,
  };
}

/** A key of the platform's data in one region. */
function createKey(
  role: string,
  region: string,
  { settings, durable }: Context,
  options: pulumi.ComponentResourceOptions,
): EncryptionKey {
  return new EncryptionKey(
    `${role}-key`,
    {
      description: `Databases, buckets and recovery copies of ${pulumi.getProject()} ${pulumi.getStack()}`,
      accountId: settings.aws.accountId,
      region,
      services: [KeyService.Rds, KeyService.ElastiCache, KeyService.S3, KeyService.SecretsManager],
      logs: true,
      durable,
    },
    options,
  );
}

function createRecoverySecret({ context, credentials, kmsKeyArn, options }: StoreFoundation): RecoverySecret {
  return new RecoverySecret(
    "recovery",
    {
      description: `Generated secrets of ${pulumi.getProject()} ${pulumi.getStack()}, for when its state is lost`,
      values: credentials.recoveryValues,
      kmsKeyArn,
      durable: context.durable,
    },
    options,
  );
}

function createPostgres({ postgres: { create, existing } }: Settings, own: StoreFoundation | undefined): Postgres {
  if (create) {
    const { context, credentials, clients, kmsKeyArn, options } = required(own, "postgres");
    return new Postgres(
      "postgres",
      {
        create: {
          ...create,
          ...clients,
          acceptNoBackups: context.settings.allow.includes("durableWithoutBackups"),
          masterPassword: credentials.postgresMasterPassword,
          kmsKeyArn,
          logKmsKeyArn: kmsKeyArn,
          durable: context.durable,
        },
      },
      options,
    );
  }
  return new Postgres("postgres", {
    existing: existing && { ...existing, sslMode: existing.tls ? PostgresSslMode.Require : PostgresSslMode.Disable },
  });
}

function createRedis({ redis: { create, existing } }: Settings, own: StoreFoundation | undefined): Redis {
  if (create) {
    const { context, credentials, clients, kmsKeyArn, options } = required(own, "redis");
    return new Redis(
      "redis",
      {
        create: {
          ...create,
          ...clients,
          authToken: credentials.redisToken,
          kmsKeyArn,
          logKmsKeyArn: kmsKeyArn,
          durable: context.durable,
        },
      },
      options,
    );
  }
  return new Redis("redis", { existing });
}

function createBuckets(context: Context, own: StoreFoundation | undefined): Record<BucketUse, Bucket> {
  const { settings, durable, iam } = context;
  const replicaKeys = new Map<string, EncryptionKey>();
  const replicaKey = (region: string, options: pulumi.ComponentResourceOptions) => {
    const key = replicaKeys.get(region) ?? createKey(`replica-${region}`, region, context, options);
    replicaKeys.set(region, key);
    return key.keyArn;
  };
  const bucket = (use: BucketUse): Bucket => {
    const { create, existing } = settings.buckets[use];
    if (!create)
      return new Bucket(`bucket-${use}`, { existing: existing && { ...existing, bucketName: existing.name } });
    const { kmsKeyArn, options } = required(own, `buckets.${use}`);
    const { replicationRegion, ...kept } = create;
    return new Bucket(
      `bucket-${use}`,
      {
        create: {
          ...kept,
          purpose: use,
          kmsKeyArn,
          // Browsers upload attachments straight to the bucket.
          ...(use === "media" ? { corsOrigins: [`https://${settings.langfuse.host}`] } : {}),
          ...(replicationRegion === undefined
            ? {}
            : { replication: { region: replicationRegion, kmsKeyArn: replicaKey(replicationRegion, options), iam } }),
          durable,
        },
      },
      options,
    );
  };
  return Object.fromEntries(BUCKET_USES.map((use) => [use, bucket(use)])) as Record<BucketUse, Bucket>;
}

/** The settings refuse stores of our own on a cluster that is not ours; this keeps that true for the compiler. */
function required(own: StoreFoundation | undefined, store: string): StoreFoundation {
  if (own === undefined) throw new pulumi.RunError(`${store}.create needs cluster.create`);
  return own;
}
