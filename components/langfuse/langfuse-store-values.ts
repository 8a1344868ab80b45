import type { LangfuseArgs } from "./langfuse-args";
import { AUTHORITY_MOUNT, clickhousePorts, postgresHost, postgresParameters } from "./langfuse-env";
import type {
  LangfuseBucketArgs,
  LangfuseBucketsArgs,
  LangfuseClickHouseArgs,
  LangfusePostgresArgs,
  LangfuseRedisArgs,
  SecretKey,
} from "./langfuse-store-args";
import { text } from "./text";

/** A secret as the chart wants it referred to. */
export function reference({ secretName, key }: SecretKey) {
  return { secretKeyRef: { name: secretName, key } };
}

/** Values of the four stores; none is deployed by the chart. */
export function storeValues(args: LangfuseArgs) {
  return {
    postgresql: postgresql(args.postgres),
    redis: redis(args.redis),
    clickhouse: clickhouse(args.clickhouse),
    s3: buckets(args.buckets),
  };
}

const AUTHORITY_VOLUME = "clickhouse-authority";
/** Mount of the volume that `authorityVolume` gives. */
export const AUTHORITY_VOLUME_MOUNT = { name: AUTHORITY_VOLUME, mountPath: AUTHORITY_MOUNT, readOnly: true };

/** Volume with ClickHouse's certificate authority. */
export function authorityVolume({ secretName, key }: SecretKey) {
  return { name: AUTHORITY_VOLUME, secret: { secretName, items: [{ key, path: key }] } };
}

/** Mounts ClickHouse's certificate authority, when it has one of its own. */
export function authorityValues({ tls }: LangfuseClickHouseArgs) {
  if (tls?.authority === undefined) return {};
  return { extraVolumes: [authorityVolume(tls.authority)], extraVolumeMounts: [AUTHORITY_VOLUME_MOUNT] };
}

function postgresql(postgres: LangfusePostgresArgs) {
  return {
    deploy: false,
    host: postgresHost(postgres),
    args: postgresParameters(postgres),
    auth: {
      username: postgres.username,
      database: postgres.database,
      existingSecret: postgres.password.secretName,
      secretKeys: { userPasswordKey: postgres.password.key },
    },
    migration: { autoMigrate: false },
  };
}

function redis(redis: LangfuseRedisArgs) {
  return {
    deploy: false,
    host: redis.host,
    port: redis.port ?? 6379,
    auth: {
      // Null leaves the user out of the connection string; without a password it would be all there is of the login.
      username: redis.password === undefined ? null : (redis.username ?? "default"),
      database: redis.database ?? 0,
      ...(redis.password === undefined
        ? {}
        : { existingSecret: redis.password.secretName, existingSecretPasswordKey: redis.password.key }),
    },
    tls: { enabled: redis.tls ?? true },
  };
}

function clickhouse(clickhouse: LangfuseClickHouseArgs) {
  const clustered = clickhouse.clustered ?? true;
  const ports = clickhousePorts(clickhouse);
  return {
    deploy: false,
    host: clickhouse.tls === undefined ? clickhouse.host : text`https://${clickhouse.host}`,
    httpPort: ports.http,
    nativePort: ports.native,
    database: clickhouse.database ?? "default",
    auth: {
      username: clickhouse.username,
      existingSecret: clickhouse.password.secretName,
      existingSecretKey: clickhouse.password.key,
    },
    // Chart 1.x reads the first, chart 2.x the second.
    clusterEnabled: clustered,
    cluster: { enabled: clustered },
    migration: { ssl: clickhouse.tls !== undefined, autoMigrate: false },
  };
}

function buckets(buckets: LangfuseBucketsArgs) {
  return {
    deploy: false,
    // Per purpose the chart loses `false`; only the value for all of them arrives. Its default is true.
    forcePathStyle: buckets.forcePathStyle ?? false,
    region: buckets.events.region,
    eventUpload: bucket(buckets.events),
    mediaUpload: { enabled: true, ...bucket(buckets.media) },
    batchExport: { enabled: true, ...bucket(buckets.exports) },
  };
}

function bucket(bucket: LangfuseBucketArgs) {
  return {
    bucket: bucket.name,
    region: bucket.region,
    ...(bucket.prefix === undefined ? {} : { prefix: bucket.prefix }),
    ...(bucket.endpoint === undefined ? {} : { endpoint: bucket.endpoint }),
    ...(bucket.accessKeyId === undefined ? {} : { accessKeyId: reference(bucket.accessKeyId) }),
    ...(bucket.secretAccessKey === undefined ? {} : { secretAccessKey: reference(bucket.secretAccessKey) }),
  };
}
