import type * as pulumi from "@pulumi/pulumi";
import { mebibytes } from "../internal/quantities";
import type { LangfuseArgs } from "./langfuse-args";
import type {
  LangfuseBucketArgs,
  LangfuseClickHouseArgs,
  LangfusePostgresArgs,
  SecretKey,
} from "./langfuse-store-args";
import { text } from "./text";

/** An environment variable of a container. */
export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: pulumi.Input<string>;
  readonly valueFrom?: { readonly secretKeyRef: { readonly name: pulumi.Input<string>; readonly key: string } };
}

/** Longest life of a presigned link: it dies with the pod's session, which Pod Identity renews within six hours. */
export const MAX_LINK_SECONDS = 6 * 3600;
/** Where ClickHouse's authority is mounted. */
export const AUTHORITY_MOUNT = "/etc/clickhouse-authority";

/** An environment variable whose value stays in a Secret. */
export function fromSecret(name: string, { secretName, key }: SecretKey): EnvironmentVariable {
  return { name, valueFrom: { secretKeyRef: { name: secretName, key } } };
}

/** `host:port` of Postgres: the image ignores DATABASE_PORT, so the port travels with the host. */
export function postgresHost(postgres: LangfusePostgresArgs): pulumi.Input<string> {
  return text`${postgres.host}:${postgres.port ?? 5432}`;
}

/** Query of the connection URL. */
export function postgresParameters(postgres: LangfusePostgresArgs): pulumi.Input<string> {
  return text`${postgres.sslArguments ?? "sslmode=require"}&connection_limit=${postgres.connectionLimit ?? 10}`;
}

/** Ports of ClickHouse. */
export function clickhousePorts(clickhouse: LangfuseClickHouseArgs) {
  const tls = clickhouse.tls !== undefined;
  return { http: clickhouse.httpPort ?? (tls ? 8443 : 8123), native: clickhouse.nativePort ?? (tls ? 9440 : 9000) };
}

/** URL of ClickHouse's HTTP interface. */
export function clickhouseUrl(clickhouse: LangfuseClickHouseArgs): pulumi.Input<string> {
  return text`${clickhouse.tls ? "https" : "http"}://${clickhouse.host}:${clickhousePorts(clickhouse).http}`;
}

/**
 * The environment of the migration Job: what the image's entrypoint reads, with the very names and values that the chart
 * gives the pods. The application's own secrets are left out, no migration reads them.
 */
export function migrationEnvironment(args: LangfuseArgs): EnvironmentVariable[] {
  const { postgres, clickhouse } = args;
  const { migrationLogin: postgresLogin = postgres } = postgres;
  const { migrationLogin: clickhouseLogin = clickhouse } = clickhouse;
  return [
    { name: "DATABASE_HOST", value: postgresHost(postgres) },
    { name: "DATABASE_USERNAME", value: postgresLogin.username },
    fromSecret("DATABASE_PASSWORD", postgresLogin.password),
    { name: "DATABASE_NAME", value: postgres.database },
    { name: "DATABASE_ARGS", value: postgresParameters(postgres) },
    {
      name: "CLICKHOUSE_MIGRATION_URL",
      value: text`clickhouse://${clickhouse.host}:${clickhousePorts(clickhouse).native}`,
    },
    { name: "CLICKHOUSE_MIGRATION_SSL", value: String(clickhouse.tls !== undefined) },
    { name: "CLICKHOUSE_URL", value: clickhouseUrl(clickhouse) },
    { name: "CLICKHOUSE_DB", value: clickhouse.database ?? "default" },
    { name: "CLICKHOUSE_USER", value: clickhouseLogin.username },
    fromSecret("CLICKHOUSE_PASSWORD", clickhouseLogin.password),
    { name: "CLICKHOUSE_CLUSTER_ENABLED", value: String(clickhouse.clustered ?? true) },
    ...userEnvironment(args),
  ];
}

/** What web and worker get besides the chart's own variables. */
export function commonEnvironment(args: LangfuseArgs): EnvironmentVariable[] {
  const { buckets, clickhouse, smtp } = args;
  // The chart's keys for the two media settings emit names that the application does not read.
  return [
    { name: "LANGFUSE_S3_MEDIA_MAX_CONTENT_LENGTH", value: String(buckets.mediaMaxBytes ?? 1_000_000_000) },
    { name: "LANGFUSE_S3_MEDIA_DOWNLOAD_URL_EXPIRY_SECONDS", value: String(buckets.mediaLinkSeconds ?? 3600) },
    {
      name: "BATCH_EXPORT_DOWNLOAD_LINK_EXPIRATION_HOURS",
      value: String(buckets.exportLinkHours ?? MAX_LINK_SECONDS / 3600),
    },
    ...encryption("EVENT_UPLOAD", buckets.events),
    ...encryption("MEDIA_UPLOAD", buckets.media),
    ...encryption("BATCH_EXPORT", buckets.exports),
    ...given(clickhouse.maxBytesBeforeExternalGroupBy, (bytes) => ({
      name: "CLICKHOUSE_MAX_BYTES_BEFORE_EXTERNAL_GROUP_BY",
      value: String(bytes),
    })),
    ...authorityEnvironment(clickhouse),
    // The chart knows the connection URL as a plain value only.
    ...given(smtp, ({ connectionUrl }) => fromSecret("SMTP_CONNECTION_URL", connectionUrl)),
    ...given(smtp, ({ fromAddress }) => ({ name: "EMAIL_FROM_ADDRESS", value: fromAddress })),
    ...userEnvironment(args),
  ];
}

/** The first organisation, project and user, which the web application makes at its start. */
export function initializationEnvironment(args: LangfuseArgs): EnvironmentVariable[] {
  const initialization = args.initialization;
  if (!initialization) return [];
  const { organization, project, user } = initialization;
  return [
    // Without the organisation's id every other variable here is ignored.
    { name: "LANGFUSE_INIT_ORG_ID", value: organization.id },
    { name: "LANGFUSE_INIT_ORG_NAME", value: organization.name },
    { name: "LANGFUSE_INIT_PROJECT_ID", value: project.id },
    { name: "LANGFUSE_INIT_PROJECT_NAME", value: project.name },
    ...given(project.retentionDays, (days) => ({ name: "LANGFUSE_INIT_PROJECT_RETENTION", value: String(days) })),
    fromSecret("LANGFUSE_INIT_PROJECT_PUBLIC_KEY", project.publicKey),
    fromSecret("LANGFUSE_INIT_PROJECT_SECRET_KEY", project.secretKey),
    ...given(user, ({ email }) => ({ name: "LANGFUSE_INIT_USER_EMAIL", value: email })),
    ...given(user, ({ name }) => ({ name: "LANGFUSE_INIT_USER_NAME", value: name })),
    ...given(user, ({ password }) => fromSecret("LANGFUSE_INIT_USER_PASSWORD", password)),
  ];
}

/** Node's heap limit: three quarters of the container's memory, so that buffers and the stack fit beside it. */
export function heapEnvironment(memoryLimit: string): EnvironmentVariable {
  return { name: "NODE_OPTIONS", value: `--max-old-space-size=${Math.floor(mebibytes(memoryLimit) * 0.75)}` };
}

/** Makes Node trust ClickHouse's authority, when it has one of its own. */
export function authorityEnvironment({ tls }: LangfuseClickHouseArgs): EnvironmentVariable[] {
  return given(tls?.authority, ({ key }) => ({ name: "NODE_EXTRA_CA_CERTS", value: `${AUTHORITY_MOUNT}/${key}` }));
}

function userEnvironment(args: LangfuseArgs): EnvironmentVariable[] {
  return [
    ...Object.entries(args.environment ?? {}).map(([name, value]) => ({ name, value })),
    ...Object.entries(args.secretEnvironment ?? {}).map(([name, secret]) => fromSecret(name, secret)),
  ];
}

function encryption(purpose: string, bucket: LangfuseBucketArgs): EnvironmentVariable[] {
  return given(bucket.kmsKeyArn, (arn) => arn).flatMap((arn) => [
    { name: `LANGFUSE_S3_${purpose}_SSE`, value: "aws:kms" },
    { name: `LANGFUSE_S3_${purpose}_SSE_KMS_KEY_ID`, value: arn },
  ]);
}

/** A list of what `make` makes of `value`, or an empty one when there is none. */
function given<T, R>(value: T | undefined, make: (value: T) => R): R[] {
  return value === undefined ? [] : [make(value)];
}
