import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";

/** What differs between the operator's two kinds of installation. */
export interface Family {
  readonly apiVersion: string;
  readonly kind: string;
  /** Prefix of names, and the label's word for the installation. */
  readonly prefix: "chi" | "chk";
  readonly domain: string;
  readonly finalizer: string;
  /** Container whose name the operator knows. */
  readonly container: string;
  readonly ports: Readonly<Record<string, number>>;
  /** Name of the Service in front of all pods, unless a template says otherwise. */
  readonly service: string;
  readonly dataFolder: string;
  readonly configurationFolder: string;
}

/** ClickHouse servers. */
export const SERVERS: Family = {
  apiVersion: "clickhouse.altinity.com/v1",
  kind: "ClickHouseInstallation",
  prefix: "chi",
  domain: "clickhouse.altinity.com",
  finalizer: "finalizer.clickhouseinstallation.altinity.com",
  container: "clickhouse",
  ports: { http: 8123, tcp: 9000, interserver: 9009 },
  service: "clickhouse-{chi}",
  dataFolder: "/var/lib/clickhouse",
  configurationFolder: "/etc/clickhouse-server",
};

/** ClickHouse Keeper. */
export const KEEPERS: Family = {
  apiVersion: "clickhouse-keeper.altinity.com/v1",
  kind: "ClickHouseKeeperInstallation",
  prefix: "chk",
  domain: "clickhouse-keeper.altinity.com",
  finalizer: "finalizer.clickhousekeeperinstallation.altinity.com",
  container: "clickhouse-keeper",
  ports: { zk: 2181, raft: 9444 },
  service: "keeper-{chk}",
  dataFolder: "/var/lib/clickhouse-keeper",
  configurationFolder: "/etc/clickhouse-keeper",
};

/** One server of an installation. */
export interface Host {
  /** Of its StatefulSet and its Service, e.g. `chi-langfuse-default-0-1`. */
  readonly name: string;
  /** e.g. `default-0-1`. */
  readonly address: string;
  readonly cluster: string;
  readonly shard: number;
  readonly replica: number;
}

/** Every host that the layouts ask for, in the order in which they are made. */
export function hostsOf({ prefix }: Family, installation: KubernetesObject): Host[] {
  return clustersOf(installation).flatMap(({ name: cluster, layout = {} }) => {
    if (layout.shards !== undefined || layout.replicas !== undefined) {
      throw new Error(
        `Cluster ${cluster} lists its shards or replicas one by one, which the rehearsal does not model. Give shardsCount and replicasCount.`,
      );
    }
    const shards = layout.shardsCount ?? 1;
    const replicas = layout.replicasCount ?? 1;
    return Array.from({ length: shards * replicas }, (_, index) => {
      const [shard, replica] = [Math.floor(index / replicas), index % replicas];
      const address = `${cluster}-${shard}-${replica}`;
      return { name: `${prefix}-${installation.metadata.name}-${address}`, address, cluster, shard, replica };
    });
  });
}

/** Clusters of the installation. */
export function clustersOf({ spec }: KubernetesObject): Properties[] {
  return spec?.configuration?.clusters ?? [];
}

/** How far a label selector of the operator reaches. */
export type Scope = "ClickHouseInstallation" | "Cluster" | "Shard" | "Replica" | "Host";

/** Labels of everything that belongs to the installation, or to a part of it. */
export function scopeLabels(
  { domain, prefix }: Family,
  { metadata }: KubernetesObject,
  scope: Scope = "ClickHouseInstallation",
  host?: Host,
): Record<string, string> {
  const label = (name: string, value: unknown) => ({ [`${domain}/${name}`]: String(value) });
  const has = (...scopes: Scope[]) => host !== undefined && scopes.includes(scope);
  return {
    ...label("app", "chop"),
    ...label("namespace", metadata.namespace),
    ...label(prefix, metadata.name),
    ...(has("Cluster", "Shard", "Replica", "Host") ? label("cluster", host?.cluster) : {}),
    ...(has("Shard", "Host") ? label("shard", host?.shard) : {}),
    ...(has("Replica", "Host") ? label("replica", host?.replica) : {}),
  };
}

/** Fills `{chi}`, `{cluster}`, `{shard}` and the like in a name. */
export function named(
  { prefix }: Family,
  { metadata }: KubernetesObject,
  pattern: string,
  host?: Partial<Host>,
): string {
  const words: Record<string, unknown> = { [prefix]: metadata.name, ...host };
  return pattern.replace(/\{(\w+)\}/g, (whole, word: string) => String(words[word] ?? whole));
}
