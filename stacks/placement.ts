import { GPU_TAINT, hasGpus, type Placement, type Toleration } from "../components";

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
} as const satisfies Record<string, PoolPurpose>;
export type PoolName = keyof typeof POOL_PURPOSES;

/**
 * What a pool of any key is for. Pools that the platform does not use itself carry their key as `workload-type`; with GPUs in
 * their machines they are GPU pools, whatever the key.
 */
export function poolPurpose(pool: string, instanceTypes: readonly string[]): PoolPurpose {
  const known: Record<string, PoolPurpose> = POOL_PURPOSES;
  const gpu = instanceTypes.some(hasGpus);
  return (
    known[pool] ?? {
      labels: { "node-type": gpu ? "gpu" : pool, "workload-type": pool },
      taints: gpu ? [GPU_TAINT] : [],
      gpu,
    }
  );
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
  /** Prometheus and Alertmanager: their volumes lie in one zone each. Without a pool `data`, `system`. */
  monitoringStores: "data",
  clickhouseOperator: "system",
  clickhouseKeeper: "data",
  clickhouse: "data",
  langfuseWeb: "cpu",
  langfuseWorker: "cpu",
  /** Unless `cpu` is bought on the spot market: a migration that is cut short needs a hand to mend. */
  langfuseJobs: "cpu",
} as const satisfies Record<string, PoolName>;
export type Workload = keyof typeof WORKLOAD_POOLS;

/** The pools of a stack by name, as far as placement depends on them. */
export type Pools = Readonly<Record<string, { readonly capacityType: string }>>;

/** The pool that a workload runs on, among those that the stack has. */
export function poolOf(workload: Workload, pools: Pools): PoolName {
  const wanted = WORKLOAD_POOLS[workload];
  if (workload === "langfuseJobs" && pools[wanted]?.capacityType === "spot") return "system";
  if (workload === "monitoringStores" && pools[wanted] === undefined) return "system";
  return wanted;
}

/**
 * Node selector and tolerations of a workload. On a cluster that somebody else manages there are no pools of ours, so
 * workloads run anywhere.
 */
export function placementOf(workload: Workload, pools: Pools | undefined): Placement {
  if (pools === undefined) return {};
  const { labels, taints } = POOL_PURPOSES[poolOf(workload, pools)];
  const tolerations: Toleration[] = taints.map(({ key, value, effect }) => ({ key, operator: "Equal", value, effect }));
  return { nodeSelector: { "workload-type": labels["workload-type"] }, tolerations };
}
