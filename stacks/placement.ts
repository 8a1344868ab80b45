import type { Placement, Toleration } from "../components";

/** What a node pool is for: the labels and taints of its nodes, and so where workloads go. */
export interface PoolPurpose {
  /** Labels of the nodes. */
  readonly labels: Record<string, string>;
  /** Taints that keep other pods away. */
  readonly taints: PoolTaint[];
  /** Whether the nodes carry GPUs. */
  readonly gpu: boolean;
}

/** A taint in Kubernetes' own words. */
export interface PoolTaint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** The node pools that the platform itself uses, by their key in the settings. */
export const POOL_PURPOSES = {
  system: { labels: { "node-type": "system", "workload-type": "system" }, taints: [], gpu: false },
  cpu: { labels: { "node-type": "cpu", "workload-type": "general" }, taints: [], gpu: false },
  data: {
    labels: { "node-type": "data", "workload-type": "data" },
    taints: [{ key: "workload-type", value: "data", effect: "NoSchedule" }],
    gpu: false,
  },
  gpu: {
    labels: { "node-type": "gpu", "workload-type": "gpu" },
    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
    gpu: true,
  },
} as const satisfies Record<string, PoolPurpose>;
export type PoolName = keyof typeof POOL_PURPOSES;

/** What a pool of any key is for; pools that the platform does not know carry their key as `workload-type` and no taint. */
export function poolPurpose(pool: string): PoolPurpose {
  const known: Record<string, PoolPurpose> = POOL_PURPOSES;
  return known[pool] ?? { labels: { "node-type": pool, "workload-type": pool }, taints: [], gpu: false };
}

/** Which pool every workload of the platform runs on. The one place to look when a pod is pending. */
export const WORKLOAD_POOLS = {
  clusterAddons: "system",
  clusterAutoscaler: "system",
  loadBalancerController: "system",
  ingressController: "system",
  certManager: "system",
  externalDns: "system",
  externalSecrets: "system",
  keda: "system",
  monitoring: "system",
  clickhouseOperator: "system",
  clickhouseKeeper: "data",
  clickhouse: "data",
  langfuseWeb: "cpu",
  langfuseWorker: "cpu",
  langfuseJobs: "cpu",
} as const satisfies Record<string, PoolName>;
export type Workload = keyof typeof WORKLOAD_POOLS;

/**
 * Node selector and tolerations of a workload. On a cluster that somebody else manages there are no pools of ours, so
 * workloads run anywhere.
 */
export function placementOf(workload: Workload, ownPools: boolean): Placement {
  if (!ownPools) return {};
  const { labels, taints } = POOL_PURPOSES[WORKLOAD_POOLS[workload]];
  const tolerations: Toleration[] = taints.map(({ key, value, effect }) => ({ key, operator: "Equal", value, effect }));
  return { nodeSelector: { "workload-type": labels["workload-type"] }, tolerations };
}
