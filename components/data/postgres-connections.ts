/** Memory of the `large` size by family, in GiB; bigger sizes are multiples of it. */
const LARGE_GIB: Readonly<Record<string, number>> = { m: 8, r: 16, t: 8, x2g: 32 };

const MULTIPLES: Readonly<Record<string, number>> = {
  micro: 1 / 8,
  small: 1 / 4,
  medium: 1 / 2,
  large: 1,
  xlarge: 2,
  "2xlarge": 4,
  "4xlarge": 8,
  "8xlarge": 16,
  "12xlarge": 24,
  "16xlarge": 32,
  "24xlarge": 48,
  "32xlarge": 64,
  "48xlarge": 96,
};

const GIB = 1024 ** 3;
/** RDS: LEAST(DBInstanceClassMemory / 9531392, 5000). */
const BYTES_PER_CONNECTION = 9531392;
const MOST_CONNECTIONS = 5000;
/**
 * DBInstanceClassMemory is what RDS leaves of the machine's memory after its own processes, and is not published per class.
 * We assume that it keeps 7 % and 256 MiB, which stays below what instances report.
 */
const LEFT_BY_RDS = 0.93;
const KEPT_BY_RDS_GIB = 0.25;

/**
 * How many connections an RDS PostgreSQL instance accepts by default, estimated from its class on the low side;
 * undefined for a class that we do not know.
 */
export function maxConnections(instanceClass: string): number | undefined {
  const [prefix, family = "", size = ""] = instanceClass.split(".");
  const large = LARGE_GIB[family.startsWith("x2g") ? "x2g" : family.charAt(0)];
  const multiple = MULTIPLES[size];
  if (prefix !== "db" || !/^([mrt]\d|x2g)/.test(family) || large === undefined || multiple === undefined)
    return undefined;
  const memory = (large * multiple * LEFT_BY_RDS - KEPT_BY_RDS_GIB) * GIB;
  return Math.min(Math.floor(memory / BYTES_PER_CONNECTION), MOST_CONNECTIONS);
}

/** What a platform wants of its database at full size. */
export interface ConnectionDemand {
  /** RDS instance class, e.g. `db.m7g.large`. */
  readonly instanceClass: string;
  /** Connections that one pod may open. */
  readonly connectionLimit: number;
  /** Most web pods that the autoscaler may start. */
  readonly webMax: number;
  /** Most worker pods that the autoscaler may start. */
  readonly workerMax: number;
}

/** What a database can give, against what is wanted of it. */
export interface ConnectionBudget {
  /** Connections wanted at full size, two pods of a rollout included. */
  readonly needed: number;
  /** Connections that the application may use: 80 % of what the instance accepts. */
  readonly allowed: number;
  readonly fits: boolean;
}

const SURGE_PODS = 2;
/** The rest is for people, monitoring, the migration Job and the superuser's reserve. */
const SHARE_OF_APPLICATION = 0.8;

/** Whether the pods at full size fit into the database's connections; undefined for an instance class that we do not know. */
export function connectionBudget(demand: ConnectionDemand): ConnectionBudget | undefined {
  const accepted = maxConnections(demand.instanceClass);
  if (accepted === undefined) return undefined;
  const needed = (demand.webMax + demand.workerMax + SURGE_PODS) * demand.connectionLimit;
  const allowed = Math.floor(accepted * SHARE_OF_APPLICATION);
  return { needed, allowed, fits: needed <= allowed };
}
