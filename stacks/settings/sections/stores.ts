import * as z from "zod";
import {
  choice,
  containerResources,
  createOrExisting,
  flag,
  kubernetesName,
  memoryQuantity,
  says,
  secretEntry,
  storeCidrs,
  storeHost,
  text,
  whole,
} from "../fields";

const secretName = () =>
  kubernetesName(
    "Name of a Kubernetes Secret in namespace langfuse that holds the credentials; somebody else makes it.",
  );

const port = (description: string, usual: number) => whole(description, 1, 65535).default(usual);

/** `postgres`: Langfuse's transactional database. */
export const postgresSection = createOrExisting(
  "PostgreSQL.",
  z
    .strictObject({
      engineVersion: choice(
        'Major version, in quotes; AWS applies minor ones. Raising it is a short outage. Default "16".',
        ["16", "17"],
      ).default("16"),
      instanceClass: text(
        "RDS instance class, e.g. db.m7g.large.",
        /^db\.[a-z0-9]+\.[a-z0-9]+$/,
        "must be an RDS instance class",
        "Write it as RDS does, such as db.m7g.large.",
      ),
      allocatedStorageGiB: whole("Storage at the start in GiB (gp3). Can only grow.", 20, 65536),
      maxAllocatedStorageGiB: whole("Up to where RDS grows the storage by itself, in GiB.", 22, 65536),
      multiAz: flag("A standby in another zone, to which RDS fails over. Default true.", true),
      backupRetentionDays: whole(
        "Days to which the database can be taken back; 0 is no backups. Default 30.",
        0,
        35,
      ).default(30),
    })
    .describe("Make an RDS instance."),
  z
    .strictObject({
      host: storeHost("Host name of the server."),
      port: port("Port of the server. Default 5432.", 5432),
      database: text(
        "Name of the database; it must exist. Default langfuse.",
        /^[A-Za-z_][A-Za-z0-9_]{0,62}$/,
        "must be the name of a database: letters, digits and underscores",
        "Rename the database.",
      ).default("langfuse"),
      username: text(
        "Role that owns the database. Default langfuse.",
        /^[A-Za-z_][A-Za-z0-9_]{0,62}$/,
        "must be the name of a role: letters, digits and underscores",
        "Rename the role.",
      ).default("langfuse"),
      tls: flag("Whether the connection is encrypted. Default true.", true),
      secretName: secretName(),
      passwordKey: secretEntry("Entry of the Secret that holds the password. Default password.").default("password"),
      maxConnections: whole(
        "How many connections the server takes; the connection budget is checked against it. Default: not checked.",
        10,
        100000,
      ).optional(),
      cidrs: storeCidrs(),
    })
    .describe("Use a PostgreSQL server that exists (version 16 or later)."),
);

/** `redis`: queues and cache. */
export const redisSection = createOrExisting(
  "Redis or Valkey.",
  z
    .strictObject({
      engine: choice("valkey (cheaper) or redis. A change replaces the store. Default valkey.", [
        "valkey",
        "redis",
      ]).default("valkey"),
      engineVersion: text(
        'Version in quotes: "7.2" or later of valkey, "7.0" or "7.1" of redis. Lowering it replaces the store.',
        /^\d+\.\d+$/,
        "must be a version of two numbers",
        'Write it in quotes, such as "8.0".',
      ),
      nodeType: text(
        "ElastiCache node type, e.g. cache.m7g.large.",
        /^cache\.[a-z0-9]+\.[a-z0-9]+$/,
        "must be an ElastiCache node type",
        "Write it as ElastiCache does, such as cache.m7g.large.",
      ),
      replicas: whole("Replicas beside the primary, to which ElastiCache fails over. Default 1.", 0, 5).default(1),
    })
    .describe("Make an ElastiCache replication group."),
  z
    .strictObject({
      host: storeHost("Host name of the primary; cluster mode is not used."),
      port: port("Port of the server. Default 6379.", 6379),
      tls: flag("Whether the connection is encrypted. Default true.", true),
      username: text(
        "User name. Default: default.",
        /^[A-Za-z0-9_-]+$/,
        "must be letters, digits, dashes and underscores",
        "Rename the user.",
      ).default("default"),
      secretName: secretName(),
      passwordKey: secretEntry("Entry of the Secret that holds the password. Default password.").default("password"),
      cidrs: storeCidrs(),
    })
    .describe("Use a Redis (7 or later) or Valkey server that exists. Its eviction policy must be noeviction."),
);

/** `clickhouse`: traces and observations. */
export const clickhouseSection = createOrExisting(
  "ClickHouse.",
  z
    .strictObject({
      version: text(
        "Full version of server and Keeper, in quotes, 25.12 or later. Default: the one this release is tested with. Never lower it.",
        /^\d+\.\d+\.\d+\.\d+$/,
        "must be an exact version of four numbers",
        'Name the release in quotes, such as "25.12.10.5"; a tag like latest changes under a running database.',
      )
        .refine(
          (version) =>
            !/^\d+\.\d+\./.test(version) || Number(version.split(".")[0]) * 100 + Number(version.split(".")[1]) >= 2512,
          says("must be 25.12 or later, which Langfuse 4 needs", 'Choose "25.12.10.5".'),
        )
        .optional(),
      shards: whole("Shards. Langfuse uses the first one only. Default 1.", 1, 16).default(1),
      replicas: whole("Replicas of each shard, each in a zone of its own. Default 3.", 1, 5).default(3),
      keepers: z
        .int()
        .refine(
          (count) => count === 1 || count === 3 || count === 5,
          says("must be 1, 3 or 5: keepers decide by majority", "Choose 3."),
        )
        .default(3)
        .describe("Keepers, which hold the replicas together: 1, 3 or 5. Default 3."),
      resources: containerResources("CPU and memory of each server. Memory request and limit must be equal."),
      storage: z
        .strictObject({
          size: memoryQuantity("Volume of each server, e.g. 500Gi. Can only grow."),
          storageClass: choice("Storage class: fast-ssd or gp3. Default fast-ssd.", ["fast-ssd", "gp3"]).default(
            "fast-ssd",
          ),
        })
        .describe("Where each server keeps its data."),
      tls: flag("Encrypt connections to and among the servers; certificates by cert-manager. Default false.", false),
    })
    .describe("Run ClickHouse in the cluster, by the Altinity operator."),
  z
    .strictObject({
      host: storeHost("Host name of the server."),
      httpPort: whole("Port of the HTTP interface. Default 8443, without tls 8123.", 1, 65535).optional(),
      nativePort: whole(
        "Port of the native protocol, for migrations. Default 9440, without tls 9000.",
        1,
        65535,
      ).optional(),
      tls: flag("Whether connections are encrypted. Default true.", true),
      database: text(
        "Name of the database. Default default.",
        /^[A-Za-z_][A-Za-z0-9_]*$/,
        "must be the name of a database: letters, digits and underscores",
        "Rename the database.",
      ).default("default"),
      username: text(
        "User name. Default langfuse.",
        /^[A-Za-z_][A-Za-z0-9_-]*$/,
        "must be letters, digits, dashes and underscores",
        "Rename the user.",
      ).default("langfuse"),
      clustered: flag(
        "Whether the server is a cluster named default whose tables are replicated. Never change it later. Default false.",
        false,
      ),
      secretName: secretName(),
      passwordKey: secretEntry("Entry of the Secret that holds the password. Default password.").default("password"),
      cidrs: storeCidrs(),
    })
    .transform((server) => ({
      ...server,
      httpPort: server.httpPort ?? (server.tls ? 8443 : 8123),
      nativePort: server.nativePort ?? (server.tls ? 9440 : 9000),
    }))
    .describe("Use a ClickHouse server or service that exists."),
);
