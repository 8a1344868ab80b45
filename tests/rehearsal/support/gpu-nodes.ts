import assert from "node:assert/strict";
import { Actors } from "../../../rehearsal/actors/actors";
import { eventually } from "../../../rehearsal/actors/loop";
import type { KubernetesApi } from "../../../rehearsal/api/api";
import type { NodeGroup } from "../../../rehearsal/aws/observer";
import { onPlane } from "./planes";

/** Namespace and labels of the pods that are placed. */
export const PODS = { namespace: "models", labels: { app: "llm" } };

/** Of both GPU nodes together. */
export const GPUS = 8;

const GPU_TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };
const ZONES = ["us-east-1a", "us-east-1b"];
const GROUP: Omit<NodeGroup, "name" | "pool" | "instanceType"> = {
  zones: ZONES,
  minSize: 2,
  maxSize: 2,
  size: 2,
  spot: false,
  labels: {},
  taints: [],
  version: "1.35",
};

/** A node with four GPUs in each of two zones, and two nodes for everything else. */
const GROUPS: readonly NodeGroup[] = [
  { ...GROUP, name: "system", pool: "pool-system", instanceType: "m7i.large" },
  { ...GROUP, name: "gpu", pool: "pool-gpu", instanceType: "g6e.12xlarge", taints: [GPU_TAINT] },
];

/** Pods of a model server that takes so many GPUs and, where there is room, spreads over zones. */
export function podTemplate(gpus: number, schedulerName?: string) {
  const resources = { cpu: "8", memory: "32Gi", "nvidia.com/gpu": String(gpus) };
  return {
    metadata: { labels: PODS.labels },
    spec: {
      ...(schedulerName === undefined ? {} : { schedulerName }),
      tolerations: [{ key: GPU_TAINT.key, operator: "Exists", effect: GPU_TAINT.effect }],
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "ScheduleAnyway",
          labelSelector: { matchLabels: PODS.labels },
        },
      ],
      containers: [
        { name: "vllm", image: "example.com/vllm:1", resources: { requests: resources, limits: resources } },
      ],
    },
  };
}

/** A control plane with those nodes and an empty namespace, for `action`. */
export function onGpuNodes(action: (api: KubernetesApi) => Promise<void>): Promise<void> {
  return onPlane("staging", async ({ plane }) => {
    const { api } = plane;
    const actors = new Actors({ api, startScheduler: (text) => plane.startScheduler(text) });
    actors.start();
    try {
      for (const group of GROUPS) await actors.nodeGroupChanged(group);
      await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: PODS.namespace } });
      const account = { apiVersion: "v1", kind: "ServiceAccount", name: "default", namespace: PODS.namespace };
      assert.ok(await eventually(30, async () => (await api.read(account)) !== undefined), "no ServiceAccount");
      await action(api);
    } finally {
      await actors.stop();
    }
  });
}

/** Names of the pods that have a node. */
export async function placedPods(api: KubernetesApi): Promise<string[]> {
  const pods = await api.list("v1", "Pod", { namespace: PODS.namespace });
  return pods.filter(({ spec }) => spec.nodeName !== undefined).map(({ metadata }) => metadata.name);
}

/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
