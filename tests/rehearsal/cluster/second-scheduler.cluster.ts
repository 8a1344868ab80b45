import assert from "node:assert/strict";
import { Actors } from "../../../rehearsal/actors/actors";
import { eventually } from "../../../rehearsal/actors/loop";
import type { KubernetesApi } from "../../../rehearsal/api/api";
import type { NodeGroup } from "../../../rehearsal/aws/observer";
import { onPlane } from "../support/planes";

const NAMESPACE = "packing";
const CONFIGURATION = `
apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
  - schedulerName: packing
    pluginConfig:
      - name: NodeResourcesFit
        args:
          scoringStrategy: { type: MostAllocated, resources: [{ name: nvidia.com/gpu, weight: 100 }] }
`;

const GPU_NODES: NodeGroup = {
  name: "gpu",
  pool: "pool-gpu",
  instanceType: "g6e.12xlarge",
  zones: ["us-east-1a", "us-east-1b"],
  minSize: 2,
  maxSize: 2,
  size: 2,
  spot: false,
  labels: {},
  taints: [],
  version: "1.35",
};

async function createPod(api: KubernetesApi, name: string, spec: object, resources: object = {}): Promise<void> {
  const containers = [{ name: "main", image: "example.com/main:1", resources }];
  const metadata = { name, namespace: NAMESPACE };
  await api.create({ apiVersion: "v1", kind: "Pod", metadata, spec: { containers, ...spec } });
}

describe("a scheduler that the stack brings", () => {
  it("is a real one, and places by the stack's own ConfigMap", () =>
    onPlane("staging", async ({ plane }) => {
      const { api } = plane;
      const actors = new Actors({ api, startScheduler: (text) => plane.startScheduler(text) });
      actors.start();
      try {
        await actors.nodeGroupChanged(GPU_NODES);
        await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
        const account = { apiVersion: "v1", kind: "ServiceAccount", name: "default", namespace: NAMESPACE };
        assert.ok(await eventually(30, async () => (await api.read(account)) !== undefined), "no ServiceAccount");
        const data = { "config.yaml": CONFIGURATION };
        await api.create({
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "own", namespace: NAMESPACE },
          data,
        });
        await createPod(api, "scheduler", { volumes: [{ name: "config", configMap: { name: "own" } }] });
        const resources = { limits: { "nvidia.com/gpu": "2" } };
        for (const name of ["one", "two"]) await createPod(api, name, { schedulerName: "packing" }, resources);
        const nodes = async () => {
          const pods = await api.list("v1", "Pod", { namespace: NAMESPACE });
          const placed = pods.filter(({ spec }) => spec.schedulerName === "packing" && spec.nodeName !== undefined);
          return placed.map(({ spec }) => spec.nodeName);
        };
        assert.ok(await eventually(30, async () => (await nodes()).length === 2), "the pods were not placed");
        const [first, second] = await nodes();
        assert.equal(first, second, "two pods of two GPUs each went to two nodes of four");
      } finally {
        await actors.stop();
      }
    }));
});
