import * as pulumi from "@pulumi/pulumi";
import type { ContainerResources } from "../internal/pods";
import { mebibytes } from "../internal/quantities";
import { type ClickHouseArgs, ClickHouseProfile, type ClickHouseSecretKey } from "./clickhouse";
import { CLICKHOUSE_PORTS } from "./clickhouse-names";
import { TLS_FOLDER } from "./clickhouse-tls";

/** Days that the server keeps its own diagnostics for. */
const SYSTEM_LOG_DAYS = 7;

/** Tables that fill a disk and that nothing here reads. */
const DROPPED_LOGS = [
  "asynchronous_metric_log",
  "latency_log",
  "metric_log",
  "opentelemetry_span_log",
  "processors_profile_log",
  "text_log",
  "trace_log",
];

/**
 * Tables worth keeping for a while. query_log and part_log are not among them: the operator gives them an engine with 30
 * days of its own, and the server refuses a TTL beside an engine.
 */
const TRIMMED_LOGS = ["asynchronous_insert_log", "backup_log", "error_log", "query_metric_log", "query_views_log"];

/**
 * How much one query may hold before aggregation and sorting spill to disk: half the memory limit, in bytes. Also the right
 * value for clients that set `max_bytes_before_external_group_by` themselves.
 */
export function spillBytes(resources: ContainerResources): number {
  return Math.floor((mebibytes(resources.limits.memory ?? "0") * 1024 * 1024) / 2);
}

/** Profiles, in the operator's `name/setting` form. Nothing here is constrained: applications set their own per query. */
export function serverProfiles(resources: ContainerResources): Record<string, string> {
  const profile = ClickHouseProfile.Application;
  return {
    [`${profile}/max_bytes_before_external_group_by`]: `${spillBytes(resources)}`,
    [`${profile}/max_bytes_before_external_sort`]: `${spillBytes(resources)}`,
  };
}

/**
 * Users, in the operator's `name/field` form. It adds localhost and the installation's own pods to everybody's networks, and
 * the password `default` to a user without one, so `default` gets a password too.
 */
export function serverUsers(settings: Pick<ClickHouseArgs, "users" | "defaultPassword">): Record<string, unknown> {
  const users: Record<string, unknown> = { "default/password": passwordFrom(settings.defaultPassword) };
  for (const user of settings.users ?? []) {
    users[`${user.name}/password`] = passwordFrom(user.password);
    users[`${user.name}/networks/ip`] = pulumi.output(user.networks);
    users[`${user.name}/profile`] = user.profile ?? ClickHouseProfile.Application;
    if (user.grants !== undefined) users[`${user.name}/grants/query`] = user.grants;
  }
  return users;
}

function passwordFrom(secret: ClickHouseSecretKey) {
  return { valueFrom: { secretKeyRef: { name: secret.secretName, key: secret.secretKey } } };
}

/** Server settings, in the operator's `path/to/setting` form. */
export function serverSettings(tls: boolean): Record<string, string> {
  return {
    timezone: "UTC",
    // The operator's default is `debug`, ten files of 1000 MB.
    "logger/level": "information",
    "logger/size": "100M",
    "logger/count": "3",
    max_server_memory_usage_to_ram_ratio: "0.85",
    "prometheus/endpoint": "/metrics",
    "prometheus/port": `${CLICKHOUSE_PORTS.metrics}`,
    "prometheus/metrics": "1",
    "prometheus/events": "1",
    "prometheus/asynchronous_metrics": "1",
    ...(tls ? tlsSettings() : {}),
  };
}

function tlsSettings(): Record<string, string> {
  return {
    https_port: `${CLICKHOUSE_PORTS.https}`,
    tcp_port_secure: `${CLICKHOUSE_PORTS.nativeTls}`,
    // The server reads renewed files by itself.
    "openSSL/server/certificateFile": `${TLS_FOLDER}/tls.crt`,
    "openSSL/server/privateKeyFile": `${TLS_FOLDER}/tls.key`,
    "openSSL/server/verificationMode": "none",
    "openSSL/server/disableProtocols": "sslv2,sslv3,tlsv1,tlsv1_1",
  };
}

/** Configuration files. The number sorts behind the operator's own log tables (01-) so that they can be removed. */
export function serverFiles(): Record<string, string> {
  const dropped = DROPPED_LOGS.map((table) => `  <${table} remove="1"/>`);
  const trimmed = TRIMMED_LOGS.map(
    (table) => `  <${table}><ttl>event_date + INTERVAL ${SYSTEM_LOG_DAYS} DAY DELETE</ttl></${table}>`,
  );
  return { "config.d/20-system-logs.xml": ["<clickhouse>", ...dropped, ...trimmed, "</clickhouse>", ""].join("\n") };
}
