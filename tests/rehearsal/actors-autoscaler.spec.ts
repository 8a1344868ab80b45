import { strict as assert } from "node:assert";
import { nodeObject } from "../../rehearsal/actors/node-object";
import { plannedSizes } from "../../rehearsal/actors/scaling-plan";
import type { KubernetesObject } from "../../rehearsal/api/objects";
import type { NodeGroup } from "../../rehearsal/aws/observer";
import type { Properties } from "../../rehearsal/providers/provider";

/** Two vCPUs and 8 GiB. */
function group(name: string, zone: string, other: Partial<NodeGroup> = {}): NodeGroup {
  return {
    ...{ name, pool: "pool-cpu", instanceType: "m7i.large", zones: [zone], minSize: 1, maxSize: 3, size: 1 },
    ...{ spot: false, labels: {}, taints: [], version: "1.35" },
    ...other,
  };
}

function pod(name: string, cpu: string, spec: Properties = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "app", labels: { app: "web" } },
    spec: { containers: [{ name: "web", resources: { requests: { cpu } } }], ...spec },
  };
}

function sizes(groups: readonly NodeGroup[], pods: readonly KubernetesObject[], volumes: KubernetesObject[] = []) {
  const nodes = groups.flatMap((one) =>
    Array.from({ length: one.size }, (_, index) => nodeObject(one, `${one.name}-${index}`, one.zones[0] ?? "")),
  );
  const placed = nodes.map((node) => ({
    pod: pod("old", "1500m", { nodeName: node.metadata.name }),
    node: node.metadata.labels ?? {},
  }));
  const pending = pods.map((one) => ({ pod: one, volumes }));
  return Object.fromEntries(plannedSizes({ nodes, placed, pending, daemonSets: [], groups }));
}

const APART = {
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { topologyKey: "topology.kubernetes.io/zone", labelSelector: { matchLabels: { app: "web" } } },
      ],
    },
  },
};

describe("actors: the cluster autoscaler", () => {
  it("adds nothing for a pod that has room where there are nodes", () => {
    assert.deepEqual(sizes([group("a", "us-east-1a")], [pod("small", "100m")]), {});
  });

  it("adds as many nodes as the pods fill", () => {
    assert.deepEqual(sizes([group("a", "us-east-1a")], [pod("one", "1"), pod("two", "500m"), pod("three", "1")]), {
      a: 3,
    });
  });

  it("keeps to the upper bound, and to what a node can hold", () => {
    assert.deepEqual(sizes([group("a", "us-east-1a", { maxSize: 1 })], [pod("one", "1")]), {});
    assert.deepEqual(sizes([group("a", "us-east-1a")], [pod("huge", "16")]), {});
  });

  it("minds selectors and taints", () => {
    const taints = [{ key: "only", value: "data", effect: "NoSchedule" }];
    const groups = [group("a", "us-east-1a", { taints }), group("b", "us-east-1b")];
    assert.deepEqual(sizes(groups, [pod("one", "1")]), { b: 2 });
    const nodeSelector = { "topology.kubernetes.io/zone": "us-east-1a" };
    assert.deepEqual(sizes(groups, [pod("one", "1", { nodeSelector })]), {});
    const tolerations = [{ key: "only", operator: "Exists" }];
    assert.deepEqual(sizes(groups, [pod("one", "1", { nodeSelector, tolerations })]), { a: 2 });
  });

  it("starts the node in the zone of the pod's volume", () => {
    const term = {
      matchExpressions: [{ key: "topology.kubernetes.io/zone", operator: "In", values: ["us-east-1b"] }],
    };
    const volume: KubernetesObject = {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "volume" },
      spec: { nodeAffinity: { required: { nodeSelectorTerms: [term] } } },
    };
    assert.deepEqual(sizes([group("a", "us-east-1a"), group("b", "us-east-1b")], [pod("one", "1")], [volume]), {
      b: 2,
    });
  });

  it("adds none where the pod may not run beside its like", () => {
    assert.deepEqual(sizes([group("a", "us-east-1a")], [pod("one", "1", APART)]), {});
    const empty = group("b", "us-east-1b", { size: 0 });
    assert.deepEqual(sizes([group("a", "us-east-1a"), empty], [pod("one", "1", APART)]), { b: 1 });
  });

  it("keeps hard spread constraints", () => {
    const constraint = {
      topologyKey: "topology.kubernetes.io/zone",
      maxSkew: 1,
      whenUnsatisfiable: "DoNotSchedule",
      labelSelector: { matchLabels: { app: "web" } },
    };
    const pods = [1, 2].map((name) => pod(String(name), "1", { topologySpreadConstraints: [constraint] }));
    assert.deepEqual(sizes([group("a", "us-east-1a"), group("b", "us-east-1b")], pods), { a: 2, b: 2 });
  });
});
