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

/** The node pools that the platform itself uses, by their key in the settings. No other pool may be called like one of their labels. */
export const POOL_PURPOSES = {
  system: { labels: { "node-type": "system", "workload-type": "system" }, taints: [], gpu: false },
  cpu: { labels: { "node-type": "cpu", "workload-type": "general" }, taints: [], gpu: false },
  data: {
    labels: { "node-type": "data", "workload-type": "data" },
    taints: [{ key: "workload-type", value: "data", effect: "NoSchedule" }],
    gpu: false,
  },
  /** Where model servers run unless their settings name another pool. */
  gpu: { labels: { "node-type": "gpu", "workload-type": "llm-inference" }, taints: [GPU_TAINT], gpu: true },
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

/**
 * Which pool every workload of the platform runs on. The one place to look when a pod is pending. Model servers are not in it:
 * `placementOfPool` places them on the pool that they name. Nor are device plugins and GPU metrics, which run on every GPU node.
 */
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
  gpuScheduler: "system",
  leaderWorkerSets: "system",
  verticalPodAutoscaler: "system",
  argoCd: "system",
  argoRollouts: "system",
  flagger: "system",
  modelRouter: "cpu",
  /** Jobs that fetch weights, for hours perhaps. Like Langfuse's Jobs they keep off machines that may go at any time. */
  modelImport: "cpu",
} as const satisfies Record<string, PoolName>;
export type Workload = keyof typeof WORKLOAD_POOLS;

/** The pools of a stack by name, as far as placement depends on them. */
export type Pools = Readonly<Record<string, PlacementPool>>;

interface PlacementPool {
  readonly capacityType: string;
  readonly instanceTypes: readonly string[];
  readonly taints: readonly PoolTaint[];
}

/** Workloads that do not survive the loss of their machine. */
const NEVER_SPOT: readonly Workload[] = ["langfuseJobs", "modelImport"];

/** The pool that a workload runs on, among those that the stack has. */
export function poolOf(workload: Workload, pools: Pools): PoolName {
  const wanted = WORKLOAD_POOLS[workload];
  if (NEVER_SPOT.includes(workload) && pools[wanted]?.capacityType === "spot") return "system";
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
  return { nodeSelector: { "workload-type": labels["workload-type"] }, tolerations: tolerationsOf(taints) };
}

/**
 * Node selector and tolerations of pods that run on one pool, such as a model server: both labels of the pool, and every taint of
 * its nodes, the settings' own included. For a pool that the stack does not have, anywhere.
 */
export function placementOfPool(pool: string, pools: Pools | undefined): Placement {
  const settings = pools?.[pool];
  if (settings === undefined) return {};
  const { labels, taints } = poolPurpose(pool, settings.instanceTypes);
  return { nodeSelector: { ...labels }, tolerations: tolerationsOf([...taints, ...settings.taints]) };
}

function tolerationsOf(taints: readonly PoolTaint[]): Toleration[] {
  return taints.map(({ key, value, effect }) => ({ key, operator: "Equal", value, effect }));
}
