import assert from "node:assert/strict";
import { GPU_SCHEDULER_NAME, GpuScheduler } from "../../../components";
import { deploymentSpec } from "../../../components/llm/model-server-workload";
import { eventually } from "../../../rehearsal/actors/loop";
import type { KubernetesApi } from "../../../rehearsal/api/api";
import type { KubernetesObject } from "../../../rehearsal/api/objects";
import { serverArgs } from "../../components/llm/model-server-fixtures";
import { graphOf, revealed } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { GPUS, onGpuNodes, PODS, pause, placedPods, podTemplate } from "../support/gpu-nodes";

/** Every object of the component, as the program registers it. */
async function schedulerObjects(): Promise<KubernetesObject[]> {
  const graph = await graphOf(
    () => new GpuScheduler("gpu-scheduler", { kubernetesVersion: "1.35", replicas: 1 }, explicitProviders()),
  );
  return graph.resources
    .filter(({ type }) => type.startsWith("kubernetes:") && !type.startsWith("kubernetes:providers"))
    .map(({ inputs }) => revealed(inputs) as KubernetesObject);
}

async function createPods(
  api: KubernetesApi,
  names: readonly string[],
  gpus: number,
  scheduler: string,
): Promise<void> {
  const { metadata, spec } = podTemplate(gpus, scheduler);
  for (const name of names) {
    await api.create({ apiVersion: "v1", kind: "Pod", metadata: { ...metadata, ...PODS, name }, spec });
    // One after the other, as replicas come when load rises.
    assert.ok(await eventually(30, async () => (await placedPods(api)).includes(name)), `${name} was not placed`);
  }
}

/** Nodes of the pods, in the order of their names. */
async function nodesOf(api: KubernetesApi): Promise<string[]> {
  const pods = await api.list("v1", "Pod", { namespace: PODS.namespace });
  return pods
    .sort((one, other) => one.metadata.name.localeCompare(other.metadata.name))
    .map(({ spec }) => spec.nodeName as string);
}

describe("the scheduler for GPUs, from the stack's own objects", () => {
  it("fills one node of four GPUs with two pods of two before it uses the next, though they prefer other zones (L09)", () =>
    onGpuNodes(async (api) => {
      for (const object of await schedulerObjects()) await api.create(object);
      await createPods(api, ["a", "b", "c", "d"], 2, GPU_SCHEDULER_NAME);
      const [first, second, third, fourth] = await nodesOf(api);
      assert.equal(first, second, "two pods of two GPUs each went to two nodes of four");
      assert.equal(third, fourth);
      assert.notEqual(first, third);
    }));

  it("is what does that: Kubernetes' own uses the nodes evenly", () =>
    onGpuNodes(async (api) => {
      await createPods(api, ["a", "b"], 2, "default-scheduler");
      const [first, second] = await nodesOf(api);
      assert.notEqual(first, second);
    }));

  it("may do what it must, by the roles that it is bound to", () =>
    onGpuNodes(async (api) => {
      for (const object of await schedulerObjects()) await api.create(object);
      const may = (verb: string, group: string, resource: string, name?: string, subresource?: string) =>
        isAllowed(api, { verb, group, resource, name, subresource, namespace: "kube-system" });
      for (const [verb, group, resource, name, subresource] of [
        ["create", "", "pods", undefined, "binding"],
        ["patch", "", "pods", undefined, "status"],
        ["watch", "", "nodes"],
        ["watch", "storage.k8s.io", "storageclasses"],
        ["update", "", "persistentvolumeclaims"],
        ["watch", "resource.k8s.io", "resourceclaims"],
        ["create", "coordination.k8s.io", "leases"],
        ["get", "coordination.k8s.io", "leases", GPU_SCHEDULER_NAME],
        ["update", "coordination.k8s.io", "leases", GPU_SCHEDULER_NAME],
        ["get", "", "configmaps", "extension-apiserver-authentication"],
      ] as const) {
        assert.ok(await may(verb, group, resource, name, subresource), [verb, resource, name, subresource].join(" "));
      }
      assert.ok(!(await may("get", "", "secrets", "any")), "it reads Secrets");
    }));
});

/** Whether RBAC lets the scheduler's ServiceAccount do it. */
async function isAllowed(api: KubernetesApi, resourceAttributes: object): Promise<boolean> {
  const answer = await api.create({
    apiVersion: "authorization.k8s.io/v1",
    kind: "SubjectAccessReview",
    metadata: { name: "" },
    spec: {
      user: `system:serviceaccount:kube-system:${GPU_SCHEDULER_NAME}`,
      groups: ["system:serviceaccounts", "system:authenticated"],
      resourceAttributes,
    },
  });
  return answer.status?.allowed === true;
}

describe("a rollout of model servers while every GPU is taken", () => {
  const { strategy: ofModelServers } = deploymentSpec(serverArgs({ replicas: 4 }));
  const deployment = (strategy: object): KubernetesObject => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { ...PODS, name: "llm" },
    spec: {
      replicas: 4,
      selector: { matchLabels: podTemplate(2).metadata.labels },
      strategy,
      template: podTemplate(2),
    },
  });
  const reference = { apiVersion: "apps/v1", kind: "Deployment", name: "llm", namespace: PODS.namespace };

  /** Takes every GPU, then asks for another image; the figures of each look at the pods until `seconds` are over or it is done. */
  async function roll(api: KubernetesApi, strategy: object, seconds: number) {
    await api.create(deployment(strategy));
    const status = async () => (await api.read(reference))?.status ?? {};
    assert.ok(await eventually(30, async () => (await status()).readyReplicas === 4), "the first pods are not ready");
    assert.equal((await placedPods(api)).length * 2, GPUS, "not every GPU is taken");
    const template = podTemplate(2);
    const containers = template.spec.containers.map((each) => ({ ...each, image: "example.com/vllm:2" }));
    const changed = await api.patch(reference, { spec: { template: { spec: { containers } } } });
    const ready: number[] = [];
    const isDone = await eventually(seconds, async () => {
      const { observedGeneration, updatedReplicas, readyReplicas = 0, replicas } = await status();
      ready.push(readyReplicas);
      const isSeen = observedGeneration === changed.metadata.generation;
      return isSeen && updatedReplicas === 4 && readyReplicas === 4 && replicas === 4;
    });
    return { isDone, fewest: Math.min(...ready) };
  }

  it("completes without a spare GPU, one replica at a time (3.2)", () =>
    onGpuNodes(async (api) => {
      const { isDone, fewest } = await roll(api, ofModelServers as object, 60);
      assert.ok(isDone, "the rollout did not complete");
      assert.ok(fewest >= 3, `${fewest} of 4 replicas were ready at the worst`);
    }));

  it("would wait for ever for a GPU that never gets free by Kubernetes' usual strategy", () =>
    onGpuNodes(async (api) => {
      const { isDone } = await roll(
        api,
        { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        10,
      );
      assert.ok(!isDone);
      await pause(1000);
      const pods = await api.list("v1", "Pod", { namespace: PODS.namespace });
      const conditions = pods.flatMap(({ status }) => (status?.conditions ?? []) as { message?: string }[]);
      assert.ok(conditions.some(({ message = "" }) => message.includes("Insufficient nvidia.com/gpu")));
    }));
});
