import { strict as assert } from "node:assert";
import { modelScaledObject, SCALING_BEHAVIOR } from "../../components/llm/model-autoscaling";
import { addonObjects } from "../../rehearsal/actors/addons";
import { certificatesOf } from "../../rehearsal/actors/cert-manager";
import { autoscalerOf } from "../../rehearsal/actors/keda";
import { finalizerOf } from "../../rehearsal/actors/load-balancers";
import { nextZone, nodeObject } from "../../rehearsal/actors/node-object";
import { growth, isLeaving, nodeOfClaim, volumeFor } from "../../rehearsal/actors/volume-objects";
import type { KubernetesObject } from "../../rehearsal/api/objects";
import type { NodeGroup } from "../../rehearsal/aws/observer";
import type { Properties } from "../../rehearsal/providers/provider";

const GROUP: NodeGroup = {
  name: "gpu-1",
  pool: "pool-gpu",
  instanceType: "g6e.12xlarge",
  zones: ["us-east-1a", "us-east-1b"],
  minSize: 0,
  maxSize: 2,
  size: 1,
  spot: true,
  labels: { "workload-type": "gpu" },
  taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
  version: "1.35",
};

function object(apiVersion: string, kind: string, name: string, body: Properties = {}): KubernetesObject {
  const { metadata, ...rest } = body;
  return { apiVersion, kind, metadata: { name, namespace: "app", uid: `uid-${name}`, ...metadata }, ...rest };
}

describe("actors: nodes", () => {
  it("carry what their group and instance type say", () => {
    const node = nodeObject(GROUP, "node-1", "us-east-1b");
    const { labels = {} } = node.metadata;
    assert.deepEqual(
      [labels["eks.amazonaws.com/nodegroup"], labels["eks.amazonaws.com/capacityType"], labels["workload-type"]],
      ["gpu-1", "SPOT", "gpu"],
    );
    assert.deepEqual(
      [labels["topology.kubernetes.io/zone"], labels["topology.kubernetes.io/region"]],
      ["us-east-1b", "us-east-1"],
    );
    assert.equal(node.status.allocatable["nvidia.com/gpu"], "4");
    assert.deepEqual(node.spec.taints, GROUP.taints);
  });

  it("offer what their device plugins are configured for, and the interfaces that they were given", () => {
    const labels = { "nvidia.com/device-plugin.config": "time-slicing-4", "vpc.amazonaws.com/efa.present": "true" };
    const { allocatable } = nodeObject({ ...GROUP, labels }, "node-1", "us-east-1b").status;
    assert.equal(allocatable["nvidia.com/gpu"], "16");
    assert.equal(allocatable["vpc.amazonaws.com/efa"], "1");
    assert.equal(allocatable["hugepages-2Mi"], "10Gi");
  });

  it("of an unknown type cannot be made, and the message says where types are", () => {
    assert.throws(() => nodeObject({ ...GROUP, instanceType: "x9.huge" }, "node-1", "us-east-1a"), /instance-shapes/);
  });

  it("start where the group has the fewest", () => {
    assert.equal(nextZone(["a", "b", "c"], ["a", "b"]), "c");
    assert.equal(nextZone(["a", "b", "c"], []), "a");
  });
});

describe("actors: add-ons", () => {
  const podOf = (objects: readonly KubernetesObject[], kind: string) =>
    objects.find((one) => one.kind === kind)?.spec.template.spec;

  it("take their configuration from the block that is theirs", () => {
    const nodeSelector = { "workload-type": "system" };
    const driver = addonObjects("aws-ebs-csi-driver", { controller: { nodeSelector } });
    assert.deepEqual(podOf(driver, "Deployment").nodeSelector, nodeSelector);
    assert.equal(podOf(driver, "DaemonSet").nodeSelector, undefined);
    const [dns] = addonObjects("coredns", { replicaCount: 3, tolerations: [] }).filter(
      ({ kind }) => kind === "Deployment",
    );
    assert.equal(dns?.spec.replicas, 3);
    assert.deepEqual(dns?.spec.template.spec.tolerations, []);
  });

  it("ask GPUs how they are only where taints let them", () => {
    const tolerations = [{ operator: "Exists" }];
    const dcgm = (configuration: Properties) =>
      addonObjects("eks-node-monitoring-agent", configuration).find(({ metadata }) => metadata.name === "dcgm-server")
        ?.spec.template.spec.tolerations;
    assert.deepEqual(dcgm({}), []);
    assert.deepEqual(dcgm({ dcgmAgent: { tolerations } }), tolerations);
  });

  it("mount S3 with one controller, and with an agent wherever pods may run", () => {
    const nodeSelector = { "workload-type": "system" };
    const driver = addonObjects("aws-mountpoint-s3-csi-driver", { controller: { nodeSelector } });
    assert.deepEqual(podOf(driver, "Deployment").nodeSelector, nodeSelector);
    assert.equal(driver.find(({ kind }) => kind === "Deployment")?.spec.replicas, 1);
    assert.deepEqual(podOf(driver, "DaemonSet").tolerations, [{ operator: "Exists" }]);
    assert.equal(driver.find(({ kind }) => kind === "CSIDriver")?.metadata.namespace, undefined);
    assert.ok(addonObjects("aws-fsx-csi-driver", {}).some(({ metadata }) => metadata.name === "fsx.csi.aws.com"));
  });

  it("that nobody knows are refused", () => {
    assert.throws(() => addonObjects("mystery", {}), /does not know what EKS installs for the add-on mystery/);
  });
});

describe("actors: volumes", () => {
  const nodes = ["a", "b"].map((zone) =>
    object("v1", "Node", `node-${zone}`, { metadata: { labels: { "topology.kubernetes.io/zone": zone } } }),
  );
  const storageClass = object("storage.k8s.io/v1", "StorageClass", "fast", {
    provisioner: "ebs.csi.aws.com",
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
    reclaimPolicy: "Retain",
  });
  const claim = object("v1", "PersistentVolumeClaim", "data", {
    metadata: { annotations: { "volume.kubernetes.io/selected-node": "node-b" } },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "20Gi" } } },
    status: { capacity: { storage: "10Gi" } },
  });

  it("wait for the scheduler's choice, where their class says so", () => {
    const unscheduled = { ...claim, metadata: { ...claim.metadata, annotations: {} } };
    assert.equal(nodeOfClaim(claim, storageClass, nodes)?.metadata.name, "node-b");
    assert.equal(nodeOfClaim(unscheduled, storageClass, nodes), undefined);
    const immediate = { ...storageClass, volumeBindingMode: "Immediate" };
    assert.equal(nodeOfClaim(unscheduled, immediate, nodes)?.metadata.name, "node-a");
  });

  it("stay in the zone of their node, for their claim, under the policy of their class", () => {
    const [, node] = nodes;
    const { spec } = volumeFor(claim, storageClass, node ?? assert.fail());
    assert.deepEqual(spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].values, ["b"]);
    assert.deepEqual([spec.claimRef.uid, spec.persistentVolumeReclaimPolicy], ["uid-data", "Retain"]);
  });

  it("grow, and never shrink", () => {
    assert.equal(growth(claim, storageClass), "20Gi");
    assert.equal(growth({ ...claim, status: { capacity: { storage: "30Gi" } } }, storageClass), undefined);
    assert.equal(growth(claim, { ...storageClass, allowVolumeExpansion: false }), undefined);
  });

  it("go with their claim, unless they are to be retained", () => {
    const released = (persistentVolumeReclaimPolicy: string) =>
      object("v1", "PersistentVolume", "one", {
        spec: { persistentVolumeReclaimPolicy },
        status: { phase: "Released" },
      });
    assert.ok(isLeaving(released("Delete")));
    assert.ok(!isLeaving(released("Retain")));
  });
});

describe("actors: controllers", () => {
  it("KEDA makes an autoscaler with the ScaledObject's bounds and one metric a trigger", () => {
    const scaled = object("keda.sh/v1alpha1", "ScaledObject", "queues", {
      spec: {
        scaleTargetRef: { name: "worker" },
        minReplicaCount: 0,
        maxReplicaCount: 5,
        triggers: [
          { type: "redis", metadata: { listLength: "100" } },
          { type: "cpu", metricType: "Utilization", metadata: { value: "60" } },
        ],
      },
    });
    const { metadata, spec } = autoscalerOf(scaled);
    assert.equal(metadata.name, "keda-hpa-queues");
    assert.deepEqual([spec.minReplicas, spec.maxReplicas], [1, 5]);
    assert.deepEqual(spec.scaleTargetRef, { apiVersion: "apps/v1", kind: "Deployment", name: "worker" });
    assert.deepEqual(
      spec.metrics.map(({ type }: { type: string }) => type),
      ["External", "Resource"],
    );
  });

  it("KEDA compares a model server's triggers as they say, and scales what runs it", () => {
    const { spec: scaling, ...rest } = modelScaledObject(
      "llama",
      { minReplicas: 3, maxReplicas: 12, cpuPercent: 70, prometheusUrl: "http://prometheus:9090" },
      { namespace: "models", concurrency: 36, workloadKind: "multiNode" },
    );
    const { spec } = autoscalerOf({ ...rest, metadata: { name: "llama", namespace: "models" }, spec: scaling });
    assert.deepEqual(spec.scaleTargetRef, {
      apiVersion: "leaderworkerset.x-k8s.io/v1",
      kind: "LeaderWorkerSet",
      name: "llama",
    });
    assert.deepEqual(spec.behavior, SCALING_BEHAVIOR);
    assert.deepEqual(
      spec.metrics.map(({ external, resource }: Record<string, { target: object }>) => (external ?? resource)?.target),
      [
        { type: "AverageValue", averageValue: "5" },
        { type: "AverageValue", averageValue: "27" },
        { type: "Value", value: "850m" },
        { type: "Utilization", averageUtilization: 70 },
      ],
    );
  });

  it("KEDA refuses triggers that it does not know, or that name no threshold", () => {
    const withTrigger = (trigger: object) =>
      object("keda.sh/v1alpha1", "ScaledObject", "queues", {
        spec: { scaleTargetRef: { name: "worker" }, triggers: [trigger] },
      });
    assert.throws(() => autoscalerOf(withTrigger({ type: "kafka", metadata: {} })), /does not know .* kafka/);
    assert.throws(
      () => autoscalerOf(withTrigger({ type: "prometheus", metadata: { threshold: "many" } })),
      /needs a number as threshold/,
    );
  });

  it("cert-manager makes a certificate for each TLS entry of an annotated Ingress, and none for others", () => {
    const spec = { tls: [{ secretName: "web-tls", hosts: ["web.example.com"] }] };
    const annotations = { "cert-manager.io/cluster-issuer": "authority" };
    const [certificate] = certificatesOf(
      object("networking.k8s.io/v1", "Ingress", "web", { metadata: { annotations }, spec }),
    );
    assert.equal(certificate?.metadata.name, "web-tls");
    assert.deepEqual(
      [certificate?.spec.issuerRef.kind, certificate?.spec.issuerRef.name],
      ["ClusterIssuer", "authority"],
    );
    assert.deepEqual(certificatesOf(object("networking.k8s.io/v1", "Ingress", "web", { spec })), []);
  });

  it("the load balancer controller holds what it serves, and nothing else", () => {
    const ingress = (ingressClassName: string, annotations = {}) =>
      object("networking.k8s.io/v1", "Ingress", "web", { metadata: { annotations }, spec: { ingressClassName } });
    assert.equal(finalizerOf(ingress("alb")), "ingress.k8s.aws/resources");
    assert.equal(
      finalizerOf(ingress("alb", { "alb.ingress.kubernetes.io/group.name": "shared" })),
      "group.ingress.k8s.aws/shared",
    );
    assert.equal(finalizerOf(ingress("nginx")), undefined);
    assert.equal(finalizerOf(object("v1", "Service", "web", { spec: { type: "ClusterIP" } })), undefined);
  });
});
