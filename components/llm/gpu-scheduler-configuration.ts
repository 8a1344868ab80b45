import { GPU_PACKING_WEIGHTS } from "../internal/gpu-packing";
import { stableJson } from "../internal/stable-json";

/** Namespace of the scheduler; where its lease and Kubernetes' own authentication settings are. */
export const SCHEDULER_NAMESPACE = "kube-system";

/** By this name pods ask for it (`schedulerName`), and its lease and objects are called. */
export const GPU_SCHEDULER_NAME = "gpu-scheduler";

/**
 * Weight of how full a node is, against 2 for spreading over zones and keeping replicas apart where a pod prefers that. The
 * difference between a node whose GPUs a pod completes and an empty one outweighs both together.
 */
const FIT_WEIGHT = 10;

/** The scheduler's configuration, as text of a file: YAML, each value of its top level on one line. */
export function gpuSchedulerConfiguration(): string {
  const configuration = {
    apiVersion: "kubescheduler.config.k8s.io/v1",
    kind: "KubeSchedulerConfiguration",
    leaderElection: {
      leaderElect: true,
      resourceLock: "leases",
      resourceNamespace: SCHEDULER_NAMESPACE,
      resourceName: GPU_SCHEDULER_NAME,
    },
    profiles: [profile()],
  };
  const lines = Object.entries(configuration).map(([key, value]) => `${key}: ${stableJson(value)}`);
  return `${lines.join("\n")}\n`;
}

/** All of Kubernetes' own filters and scores, but one: balanced use of a node's resources speaks against filling its GPUs. */
function profile() {
  const resources = Object.entries(GPU_PACKING_WEIGHTS).map(([name, weight]) => ({ name, weight }));
  return {
    schedulerName: GPU_SCHEDULER_NAME,
    plugins: {
      score: {
        enabled: [
          { name: "NodeResourcesFit", weight: FIT_WEIGHT },
          { name: "PodTopologySpread", weight: 2 },
        ],
        disabled: [{ name: "NodeResourcesBalancedAllocation" }],
      },
    },
    pluginConfig: [{ name: "NodeResourcesFit", args: { scoringStrategy: { type: "MostAllocated", resources } } }],
  };
}
