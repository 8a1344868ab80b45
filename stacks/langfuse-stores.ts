import type * as pulumi from "@pulumi/pulumi";
import {
  APPLICATION_USER,
  AUTHORITY_KEY,
  activeSlot,
  type Bucket,
  CredentialSlot,
  LANGFUSE_SECRETS,
  type LangfuseArgs,
  type LangfuseBucketArgs,
  type LangfuseLogin,
  type SecretKey,
  slotPasswordKey,
  slotUser,
  spillBytes,
} from "../components";
import type { BucketUse } from "./data";
import type { LangfuseParts } from "./langfuse";

/** How Langfuse reaches its stores, ours or somebody else's. */
export function langfuseStores(
  parts: LangfuseParts,
): Pick<LangfuseArgs, "postgres" | "redis" | "clickhouse" | "buckets"> {
  const { buckets } = parts.context.settings;
  return {
    postgres: postgres(parts),
    redis: redis(parts),
    clickhouse: clickhouse(parts),
    buckets: {
      events: bucket(parts, "events"),
      media: bucket(parts, "media"),
      exports: bucket(parts, "exports"),
      forcePathStyle: [buckets.events, buckets.media, buckets.exports].some(({ existing }) => existing?.forcePathStyle),
    },
  };
}

function postgres({ context, stores, secrets }: LangfuseParts): LangfuseArgs["postgres"] {
  const { settings } = context;
  const { existing } = settings.postgres;
  const address = {
    host: stores.postgres.host,
    port: stores.postgres.port,
    database: stores.postgres.database,
    sslArguments: stores.postgres.sslArguments,
    connectionLimit: settings.langfuse.databaseConnectionLimit,
  };
  if (existing) {
    const password: SecretKey = { secretName: existing.secretName, key: existing.passwordKey };
    return { ...address, username: existing.username, password };
  }
  const { name, keys } = { name: secrets.postgresSecretName, keys: LANGFUSE_SECRETS.postgres.keys };
  return {
    ...address,
    username: stores.credentials.postgresUsername,
    password: { secretName: name, key: slotPasswordKey(activeSlot(settings.rotation.postgres)) },
    migrationLogin: migrationLogin(name),
    roles: {
      masterUsername: stores.postgres.username,
      masterPassword: {
        secretName: secrets.postgresMasterSecretName,
        key: LANGFUSE_SECRETS.postgresMaster.keys.password,
      },
      logins: {
        [slotUser(APPLICATION_USER, CredentialSlot.A)]: { secretName: name, key: keys.passwordA },
        [slotUser(APPLICATION_USER, CredentialSlot.B)]: { secretName: name, key: keys.passwordB },
      },
    },
  };
}

/** The stores know both users at any time, so migrations stay with one of them whichever the pods use. */
function migrationLogin(secretName: pulumi.Input<string>): LangfuseLogin {
  const slot = CredentialSlot.A;
  return { username: slotUser(APPLICATION_USER, slot), password: { secretName, key: slotPasswordKey(slot) } };
}

function redis({ context, stores, secrets }: LangfuseParts): LangfuseArgs["redis"] {
  const { settings } = context;
  const { existing } = settings.redis;
  return {
    host: stores.redis.host,
    port: stores.redis.port,
    username: stores.redis.username,
    tls: existing?.tls ?? true,
    password: existing
      ? { secretName: existing.secretName, key: existing.passwordKey }
      : { secretName: secrets.redisSecretName, key: slotPasswordKey(activeSlot(settings.rotation.redis)) },
  };
}

function clickhouse({
  context,
  stores,
  clickhouse,
  clickhouseTrust,
  secrets,
}: LangfuseParts): LangfuseArgs["clickhouse"] {
  const { settings } = context;
  const { create, existing } = settings.clickhouse;
  if (existing || clickhouse === undefined || create === undefined) {
    return {
      host: existing?.host ?? "",
      httpPort: existing?.httpPort,
      nativePort: existing?.nativePort,
      database: existing?.database,
      username: existing?.username ?? "",
      password: { secretName: existing?.secretName ?? "", key: existing?.passwordKey ?? "" },
      clustered: existing?.clustered,
      tls: existing?.tls ? {} : undefined,
    };
  }
  return {
    host: clickhouse.host,
    username: stores.credentials.clickhouseUsername,
    password: {
      secretName: secrets.clickhouseSecretName,
      key: slotPasswordKey(activeSlot(settings.rotation.clickhouse)),
    },
    migrationLogin: migrationLogin(secrets.clickhouseSecretName),
    clustered: true,
    replicas: create.replicas,
    tls: clickhouseTrust && { authority: { secretName: clickhouseTrust.secretName, key: AUTHORITY_KEY } },
    maxBytesBeforeExternalGroupBy: spillBytes(create.resources),
  };
}

function bucket({ context, stores }: LangfuseParts, use: Exclude<BucketUse, "backups">): LangfuseBucketArgs {
  const made: Bucket = stores.buckets[use];
  const { existing } = context.settings.buckets[use];
  const address = { name: made.bucketName, region: made.region };
  if (existing === undefined) return address;
  const { credentials } = existing;
  return {
    ...address,
    prefix: existing.prefix === "" ? undefined : existing.prefix,
    endpoint: existing.endpoint,
    accessKeyId: credentials && { secretName: credentials.secretName, key: credentials.accessKeyIdKey },
    secretAccessKey: credentials && { secretName: credentials.secretName, key: credentials.secretAccessKeyKey },
  };
}
