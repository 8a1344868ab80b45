/** Names of the objects that the Altinity operator makes; all of them follow from three short names. */

/** What the operator accepts as the name of an installation or cluster, narrowed to DNS labels: it becomes part of host names. */
export const CLICKHOUSE_NAME = /^[a-z]([-a-z0-9]{0,13}[a-z0-9])?$/;

/** The one cluster inside a Keeper installation. */
export const KEEPER_CLUSTER = "keeper";

/** Ports of the server, plain and with TLS, and of its metrics. */
export const CLICKHOUSE_PORTS = {
  http: 8123,
  native: 9000,
  https: 8443,
  nativeTls: 9440,
  interserver: 9009,
  metrics: 9363,
} as const;

/** Ports of Keeper: clients, Raft peers, readiness, metrics. */
export const KEEPER_PORTS = { client: 2181, raft: 9444, readiness: 9182, metrics: 7000 } as const;

/** The Service in front of every ready host of an installation. */
export function installationService(installation: string): string {
  return `clickhouse-${installation}`;
}

/** The Service in front of the ready replicas of one shard. */
export function shardService(installation: string, cluster: string, shard: number): string {
  return `shard-${installation}-${cluster}-${shard}`;
}

/** The Service (and StatefulSet) of one Keeper host. */
export function keeperHostService(installation: string, host: number): string {
  return `chk-${installation}-${KEEPER_CLUSTER}-0-${host}`;
}

/** The full name of a Service inside the cluster. */
export function serviceHost(service: string, namespace: string): string {
  return `${service}.${namespace}.svc.cluster.local`;
}

/**
 * The Service that a client unaware of shards may use: all hosts when there is one shard, else those of shard 0. Behind the
 * Service of several shards such a client would write to one of them at random and read back a part of its rows.
 */
export function entryService(installation: string, cluster: string, shards: number): string {
  return shards === 1 ? installationService(installation) : shardService(installation, cluster, 0);
}
