import { connectionBudget } from "../../../components/data/postgres-connections";
import { mebibytes } from "../../../components/internal/quantities";
import { rule, when } from "./rule";

const storage = rule(["postgres"], ({ postgres }) => {
  const create = postgres.create;
  return when(create !== undefined && create.maxAllocatedStorageGiB < create.allocatedStorageGiB * 1.1, {
    path: "postgres.create.maxAllocatedStorageGiB",
    rule: `must be at least a tenth above allocatedStorageGiB (${create?.allocatedStorageGiB})`,
    got: create?.maxAllocatedStorageGiB,
    fix: "Raise it.",
  });
});

const connections = rule(["postgres", "langfuse"], ({ postgres, langfuse }) => {
  const limit = langfuse.databaseConnectionLimit;
  const webMax = langfuse.web.autoscaling.maxReplicas;
  const workerMax = langfuse.worker.autoscaling.maxReplicas;
  const existing = postgres.existing?.maxConnections;
  const instanceClass = postgres.create?.instanceClass ?? "";
  const budget =
    existing === undefined
      ? connectionBudget({ instanceClass, connectionLimit: limit, webMax, workerMax })
      : { needed: (webMax + workerMax + 2) * limit, allowed: Math.floor(existing * 0.8) };
  if (budget === undefined || budget.needed <= budget.allowed) return [];
  const fitting = Math.floor(budget.allowed / (webMax + workerMax + 2));
  return [
    {
      path: "langfuse.databaseConnectionLimit",
      rule:
        `must fit the database: (${webMax} web + ${workerMax} worker + 2) pods × ${limit} are ${budget.needed} connections, ` +
        `and ${existing === undefined ? instanceClass : "the server"} has ${budget.allowed} for them (80 % of its limit)`,
      got: limit,
      fix:
        fitting >= 1
          ? `Lower it to ${fitting}, lower maxReplicas, or take a larger database.`
          : "Lower maxReplicas, or take a larger database.",
    },
  ];
});

const redisVersion = rule(["redis"], ({ redis }) => {
  const create = redis.create;
  if (create === undefined) return [];
  const known = create.engine === "valkey" ? /^(7\.2|[89]\.\d)$/ : /^7\.[01]$/;
  return when(!known.test(create.engineVersion), {
    path: "redis.create.engineVersion",
    rule: `must be a version of ${create.engine}: ${create.engine === "valkey" ? "7.2 or later" : "7.0 or 7.1"}`,
    got: create.engineVersion,
    fix: create.engine === "valkey" ? 'Choose "8.0".' : 'Choose "7.1", or engine valkey.',
  });
});

const clickhouseZones = rule(["network", "clickhouse"], ({ network, clickhouse }) => {
  const zones = (network?.create ?? network?.existing)?.zones.length;
  const replicas = clickhouse.create?.replicas;
  return when(zones !== undefined && replicas !== undefined && zones < replicas, {
    path: "clickhouse.create.replicas",
    rule: `must not be more than the zones (${zones}): each replica of a shard has a zone of its own`,
    got: replicas,
    fix: "Lower it, or add zones to network.",
  });
});

const clickhouseMemory = rule(["clickhouse"], ({ clickhouse }) => {
  const resources = clickhouse.create?.resources;
  return when(resources !== undefined && mebibytes(resources.requests.memory) !== mebibytes(resources.limits.memory), {
    path: "clickhouse.create.resources.requests.memory",
    rule: `must equal limits.memory (${resources?.limits.memory}): the server takes what its limit allows`,
    got: resources?.requests.memory,
    fix: "Write the same amount in both.",
  });
});

const keepers = rule(["clickhouse"], ({ clickhouse }) =>
  when((clickhouse.create?.replicas ?? 0) > 1 && clickhouse.create?.keepers === 1, {
    path: "clickhouse.create.keepers",
    rule: "must be 3 or 5 when there are several replicas: with one keeper lost, all of them stop writing",
    got: clickhouse.create?.keepers,
    fix: "Choose 3.",
  }),
);

const volume = rule(["clickhouse"], ({ clickhouse }) => {
  const size = clickhouse.create?.storage.size;
  return when(size !== undefined && mebibytes(size) < 10 * 1024, {
    path: "clickhouse.create.storage.size",
    rule: "must be at least 10Gi",
    got: size,
    fix: "Raise it.",
  });
});

const BUCKETS = ["events", "media", "exports", "backups"] as const;

const replication = rule(["aws", "buckets"], ({ aws, buckets }) =>
  BUCKETS.flatMap((bucket) =>
    when(buckets[bucket].create?.replicationRegion === aws.region, {
      path: `buckets.${bucket}.create.replicationRegion`,
      rule: "must be another region than the stack's (aws.region)",
      got: aws.region,
      fix: "Choose a second region, or leave it out.",
    }),
  ),
);

const pathStyle = rule(["buckets"], ({ buckets }) => {
  const styles = (["events", "media", "exports"] as const).map((use) => buckets[use].existing?.forcePathStyle ?? false);
  return when(new Set(styles).size > 1, {
    path: "buckets",
    rule: "must agree on forcePathStyle for events, media and exports: Langfuse has one switch for all",
    got: styles,
    fix: "Keep the three buckets in one service.",
  });
});

const credentials = rule(["cluster", "buckets"], ({ cluster, buckets }) =>
  BUCKETS.flatMap((bucket) =>
    when(
      cluster.existing !== undefined &&
        buckets[bucket].existing !== undefined &&
        buckets[bucket].existing?.credentials === undefined,
      {
        path: `buckets.${bucket}.existing.credentials`,
        rule: "is required with an existing cluster, whose pods have no AWS identity",
        fix: "Name the Secret with the bucket's keys.",
      },
    ),
  ),
);

export const STORE_RULES = [
  storage,
  connections,
  redisVersion,
  clickhouseZones,
  clickhouseMemory,
  keepers,
  volume,
  replication,
  pathStyle,
  credentials,
];
