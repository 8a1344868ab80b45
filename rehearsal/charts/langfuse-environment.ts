import type { Properties } from "../providers/provider";

/** An entry of a container's `env`. */
export interface EnvironmentVariable extends Properties {
  readonly name: string;
}

/** What both containers of the Langfuse charts get from the chart itself, before what the values add. */
export function langfuseEnvironment(values: Properties): EnvironmentVariable[] {
  const { langfuse = {} } = values;
  return [
    literal("NODE_ENV", "production"),
    literal("LANGFUSE_LOG_LEVEL", langfuse.logging?.level),
    literal("LANGFUSE_LOG_FORMAT", langfuse.logging?.format),
    ...secretOrValue("SALT", langfuse.salt),
    ...secretOrValue("ENCRYPTION_KEY", langfuse.encryptionKey),
    literal("TELEMETRY_ENABLED", langfuse.features?.telemetryEnabled),
    literal("AUTH_DISABLE_SIGNUP", langfuse.features?.signUpDisabled),
    literal("ENABLE_EXPERIMENTAL_FEATURES", langfuse.features?.experimentalFeaturesEnabled),
    literal("NEXTAUTH_URL", langfuse.nextauth?.url),
    ...secretOrValue("NEXTAUTH_SECRET", langfuse.nextauth?.secret),
    ...secretOrValue("LANGFUSE_EE_LICENSE_KEY", langfuse.licenseKey),
    ...signOn(langfuse.auth ?? {}),
    ...stores(values),
    literal("HOSTNAME", "0.0.0.0"),
  ].filter(({ value, valueFrom }) => value !== undefined || valueFrom !== undefined);
}

function signOn({ disableUsernamePassword, providers = {} }: Properties): EnvironmentVariable[] {
  const options = Object.entries(providers as Record<string, Properties>).flatMap(([provider, settings]) =>
    Object.entries(settings).flatMap(([option, setting]) =>
      secretOrValue(`AUTH_${constantCase(provider)}_${constantCase(option)}`, setting),
    ),
  );
  return [literal("AUTH_DISABLE_USERNAME_PASSWORD", disableUsernamePassword), ...options];
}

function stores({ postgresql = {}, redis = {}, clickhouse = {}, s3 = {} }: Properties): EnvironmentVariable[] {
  const key = (name: string, secret: string | undefined, entry: string) =>
    secret === undefined ? [] : [{ name, valueFrom: { secretKeyRef: { name: secret, key: entry } } }];
  const scheme = redis.tls?.enabled ? "rediss" : "redis";
  return [
    literal("DATABASE_HOST", postgresql.host),
    literal("DATABASE_USERNAME", postgresql.auth?.username),
    ...key("DATABASE_PASSWORD", postgresql.auth?.existingSecret, postgresql.auth?.secretKeys?.userPasswordKey),
    literal("DATABASE_NAME", postgresql.auth?.database),
    literal("DATABASE_ARGS", postgresql.args),
    literal("LANGFUSE_AUTO_POSTGRES_MIGRATION_DISABLED", postgresql.migration?.autoMigrate === false),
    ...key("REDIS_PASSWORD", redis.auth?.existingSecret, redis.auth?.existingSecretPasswordKey),
    literal("REDIS_TLS_ENABLED", redis.tls?.enabled),
    literal("REDIS_CONNECTION_STRING", `${scheme}://${redis.host}:${redis.port}/${redis.auth?.database ?? 0}`),
    literal("CLICKHOUSE_MIGRATION_URL", `clickhouse://${clickhouse.host}:${clickhouse.nativePort}`),
    literal("CLICKHOUSE_URL", `http://${clickhouse.host}:${clickhouse.httpPort}`),
    literal("CLICKHOUSE_DB", clickhouse.database),
    literal("CLICKHOUSE_USER", clickhouse.auth?.username),
    ...key("CLICKHOUSE_PASSWORD", clickhouse.auth?.existingSecret, clickhouse.auth?.existingSecretKey),
    literal("LANGFUSE_AUTO_CLICKHOUSE_MIGRATION_DISABLED", clickhouse.migration?.autoMigrate === false),
    ...(["eventUpload", "batchExport", "mediaUpload"] as const).flatMap((use) => [
      literal(`LANGFUSE_S3_${constantCase(use)}_BUCKET`, s3[use]?.bucket),
      literal(`LANGFUSE_S3_${constantCase(use)}_REGION`, s3[use]?.region ?? s3.region),
      ...secretOrValue(`LANGFUSE_S3_${constantCase(use)}_ACCESS_KEY_ID`, s3[use]?.accessKeyId ?? s3.accessKeyId),
      ...secretOrValue(
        `LANGFUSE_S3_${constantCase(use)}_SECRET_ACCESS_KEY`,
        s3[use]?.secretAccessKey ?? s3.secretAccessKey,
      ),
    ]),
  ];
}

function literal(name: string, value: unknown): EnvironmentVariable {
  return value === undefined || value === null ? { name } : { name, value: String(value) };
}

/** A value as the charts take secrets: plain text, `{value}` or `{secretKeyRef}`. */
function secretOrValue(name: string, setting: unknown): EnvironmentVariable[] {
  if (setting === undefined || setting === null) return [];
  if (typeof setting !== "object") return [literal(name, setting)];
  const { value, secretKeyRef } = setting as Properties;
  return secretKeyRef === undefined ? [literal(name, value)] : [{ name, valueFrom: { secretKeyRef } }];
}

/** `AZURE_AD` of `azureAd`. */
function constantCase(text: string): string {
  return text.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toUpperCase();
}
