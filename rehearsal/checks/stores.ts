import type { KubernetesObject } from "../api/objects";
import { ZONE } from "./node-affinity";
import { isFinished, named } from "./pods";
import type { Snapshot } from "./snapshot";

/** Labels by which the operator marks the pods of an installation, and those that are copies of the same data. */
const STORES = [
  {
    kind: "ClickHouseInstallation",
    label: "clickhouse.altinity.com/chi",
    shard: ["clickhouse.altinity.com/cluster", "clickhouse.altinity.com/shard"],
  },
  {
    kind: "ClickHouseKeeperInstallation",
    label: "clickhouse-keeper.altinity.com/chk",
    shard: ["clickhouse-keeper.altinity.com/cluster"],
  },
];

/** An installation of a store, or one shard of it: pods that hold the same data. */
export interface Store {
  readonly installation: KubernetesObject;
  readonly pods: KubernetesObject[];
}

/** Every group of pods that hold the same data. */
export function stores(snapshot: Snapshot): Store[] {
  return STORES.flatMap(({ kind, label, shard }) =>
    snapshot.all(kind).flatMap((installation) => {
      const { name, namespace } = installation.metadata;
      const shards = new Map<string, KubernetesObject[]>();
      for (const pod of snapshot.selected("Pod", { matchLabels: { [label]: name } }, namespace)) {
        if (isFinished(pod) || !pod.spec?.nodeName) continue;
        const key = shard.map((part) => pod.metadata.labels?.[part]).join();
        shards.set(key, [...(shards.get(key) ?? []), pod]);
      }
      return [...shards.values()].map((pods) => ({ installation, pods }));
    }),
  );
}

/** Copies in one zone are lost together. */
export function storeFindings(snapshot: Snapshot): string[] {
  const zones = new Set(snapshot.all("Node").flatMap(zoneOf));
  return stores(snapshot).flatMap(({ installation, pods }) => {
    const used = new Set(pods.flatMap(({ spec }) => zoneOf(snapshot.find("Node", spec.nodeName))));
    const wanted = Math.min(pods.length, zones.size);
    if (used.size >= wanted) return [];
    return [
      `${named(installation)}: ${pods.length} copies stand in ${used.size} of ${zones.size} zones. Set a required distribution over ${ZONE}.`,
    ];
  });
}

function zoneOf(node: KubernetesObject | undefined): string[] {
  const zone = node?.metadata.labels?.[ZONE];
  return zone === undefined ? [] : [zone];
}
