import type { Problems } from "../internal/problems";
import type { LangfuseArgs } from "./langfuse-args";
import { MAX_LINK_SECONDS } from "./langfuse-env";
import type { LangfuseBucketsArgs } from "./langfuse-store-args";

/** Lower-case names hold nothing that separates them in a list, and PostgreSQL keeps them as they are. */
const ROLE_NAME = /^[a-z_][a-z0-9_]{0,62}$/;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Variables that the charts or the platform set, and those that would change what other parts of the platform count on. */
const RESERVED = [
  /^DATABASE_(HOST|PORT|USERNAME|PASSWORD|NAME|ARGS|URL)$/,
  /^(DIRECT|SHADOW_DATABASE)_URL$/,
  /^REDIS_(HOST|PORT|CONNECTION_STRING|PASSWORD|AUTH|USERNAME|KEY_PREFIX|TLS_ENABLED|CLUSTER_.*|SENTINEL_.*)$/,
  /^CLICKHOUSE_(URL|DB|USER|PASSWORD|CLUSTER_NAME|CLUSTER_ENABLED|MIGRATION_URL|MIGRATION_SSL)$/,
  /^CLICKHOUSE_MAX_BYTES_BEFORE_EXTERNAL_GROUP_BY$/,
  /^LANGFUSE_S3_(EVENT_UPLOAD|MEDIA|MEDIA_UPLOAD|BATCH_EXPORT)_/,
  /^LANGFUSE_S3_CONCURRENT_(READS|WRITES)$/,
  /^LANGFUSE_(INIT_.*|AUTO_.*_MIGRATION_DISABLED|LOG_LEVEL|LOG_FORMAT|EE_LICENSE_KEY)$/,
  /^(SALT|ENCRYPTION_KEY|NEXTAUTH_URL|NEXTAUTH_SECRET|NODE_ENV|NODE_OPTIONS|NODE_EXTRA_CA_CERTS|PORT|HOSTNAME)$/,
  /^(TELEMETRY_ENABLED|ENABLE_EXPERIMENTAL_FEATURES|AUTH_DISABLE_SIGNUP|AUTH_DISABLE_USERNAME_PASSWORD)$/,
  /^(SMTP_CONNECTION_URL|EMAIL_FROM_ADDRESS|BATCH_EXPORT_DOWNLOAD_LINK_EXPIRATION_HOURS)$/,
];

/** Whether `variable` is one that the charts or the platform set. */
export function isReservedVariable(variable: string): boolean {
  return RESERVED.some((pattern) => pattern.test(variable));
}

/** The login roles: names that SQL and lists can carry, and the one in use among them. */
export function checkRoles(problems: Problems, { postgres }: LangfuseArgs): void {
  const roles = postgres.roles;
  if (!roles) return;
  const logins = Object.keys(roles.logins);
  for (const role of [...logins, roles.ownerRole ?? "langfuse_owner"]) {
    problems.check(ROLE_NAME.test(role), {
      path: "postgres.roles",
      rule: "names of roles must be lower-case identifiers",
      got: role,
      fix: "Use a-z, 0-9 and underscores, starting with a letter.",
    });
  }
  problems.check(!logins.includes(roles.ownerRole ?? "langfuse_owner"), {
    path: "postgres.roles.ownerRole",
    rule: "must not be one of the logins",
    got: roles.ownerRole,
    fix: "The owner is a group that nobody logs in as.",
  });
  const users = {
    "postgres.username": postgres.username,
    "postgres.migrationLogin": postgres.migrationLogin?.username,
  };
  for (const [path, username] of Object.entries(users)) {
    problems.check(typeof username !== "string" || logins.includes(username), {
      path,
      rule: `must be one of the logins, ${logins.join(", ")}`,
      got: username,
      fix: "The pods log in as one of the roles that the Job makes.",
    });
  }
}

/** Links that outlive the session that signs them are dead links. */
export function checkBuckets(problems: Problems, buckets: LangfuseBucketsArgs): void {
  const hours = buckets.exportLinkHours ?? 1;
  problems.check(hours > 0 && hours * 3600 <= MAX_LINK_SECONDS, {
    path: "buckets.exportLinkHours",
    rule: `must be more than 0 and at most ${MAX_LINK_SECONDS / 3600}`,
    got: hours,
    fix: "A link dies with the session of the pod that signed it.",
  });
  const seconds = buckets.mediaLinkSeconds ?? 1;
  problems.check(seconds > 0 && seconds <= MAX_LINK_SECONDS, {
    path: "buckets.mediaLinkSeconds",
    rule: `must be more than 0 and at most ${MAX_LINK_SECONDS}`,
    got: seconds,
    fix: "A link dies with the session of the pod that signed it.",
  });
  for (const [purpose, bucket] of Object.entries({
    events: buckets.events,
    media: buckets.media,
    exports: buckets.exports,
  })) {
    problems.check(bucket.prefix === undefined || bucket.prefix.endsWith("/"), {
      path: `buckets.${purpose}.prefix`,
      rule: "must end with a slash",
      got: bucket.prefix,
      fix: `Write ${bucket.prefix}/.`,
    });
    problems.check((bucket.accessKeyId === undefined) === (bucket.secretAccessKey === undefined), {
      path: `buckets.${purpose}`,
      rule: "accessKeyId and secretAccessKey must be given together or not at all",
      fix: "Give both, or none to use the pod's identity.",
    });
  }
}

/** Names of the user's own variables: none twice, none that somebody else sets (an entry given twice breaks the next apply). */
export function checkEnvironment(problems: Problems, args: LangfuseArgs): void {
  const plain = Object.keys(args.environment ?? {}).map((variable) => ({ variable, path: `environment.${variable}` }));
  const secret = Object.keys(args.secretEnvironment ?? {}).map((variable) => ({
    variable,
    path: `secretEnvironment.${variable}`,
  }));
  for (const { variable, path } of [...plain, ...secret]) {
    problems.check(VARIABLE_NAME.test(variable), {
      path,
      rule: "must be the name of an environment variable",
      got: variable,
      fix: "Use letters, digits and underscores.",
    });
    problems.check(!isReservedVariable(variable), {
      path,
      rule: "is set by the platform",
      got: variable,
      fix: "Use the argument that it belongs to, or leave it out.",
    });
  }
  for (const { variable, path } of secret) {
    problems.check(!(variable in (args.environment ?? {})), {
      path,
      rule: "is also in environment",
      got: variable,
      fix: "Keep one of the two.",
    });
  }
}
