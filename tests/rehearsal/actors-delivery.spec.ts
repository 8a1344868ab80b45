import assert from "node:assert/strict";
import { ARGO_CD } from "../../rehearsal/actors/argo-cd";
import { ARGO_ROLLOUTS } from "../../rehearsal/actors/argo-rollouts";
import { FLAGGER } from "../../rehearsal/actors/flagger";
import { type Operator, OperatorRunner } from "../../rehearsal/actors/operator";
import { MemoryApi } from "../../rehearsal/api/memory-api";
import { type KubernetesObject, referenceTo } from "../../rehearsal/api/objects";

const NAMESPACE = "models";

/** A pod of the operator that is ready. */
function controller(labels: string): KubernetesObject {
  const [key = "", value = ""] = labels.split("=");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "controller", namespace: NAMESPACE, labels: { [key]: value } },
    spec: { containers: [] },
  };
}

async function acting(operator: Operator, ...objects: readonly KubernetesObject[]) {
  const api = new MemoryApi();
  await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
  for (const object of [controller(operator.pods), ...objects]) await api.create(object);
  const runner = new OperatorRunner(api, operator);
  const read = (apiVersion: string, kind: string, name: string) =>
    api.read({ apiVersion, kind, name, namespace: NAMESPACE });
  return { api, read, round: () => runner.round() };
}

const DEPLOYMENT: KubernetesObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "llama", namespace: NAMESPACE },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "llama" } },
    template: { metadata: { labels: { app: "llama", server: "llama" } }, spec: { containers: [] } },
  },
};
const SCALER: KubernetesObject = {
  apiVersion: "keda.sh/v1alpha1",
  kind: "ScaledObject",
  metadata: { name: "llama", namespace: NAMESPACE },
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "llama" },
    minReplicaCount: 2,
    maxReplicaCount: 6,
    triggers: [{ type: "prometheus", name: "waiting", metadata: { query: "canary", threshold: "5" } }],
  },
};
const CANARY: KubernetesObject = {
  apiVersion: "flagger.app/v1beta1",
  kind: "Canary",
  metadata: { name: "llama", namespace: NAMESPACE },
  spec: {
    targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "llama" },
    autoscalerRef: {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      name: "llama",
      primaryScalerQueries: { waiting: "primary" },
      primaryScalerReplicas: { minReplicas: 3, maxReplicas: 12 },
    },
    service: { name: "llama", port: 8000, targetPort: 8000, portName: "http" },
  },
};
const ROLLOUT: KubernetesObject = {
  apiVersion: "argoproj.io/v1alpha1",
  kind: "Rollout",
  metadata: { name: "llama", namespace: NAMESPACE },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: "llama" } },
    workloadRef: { apiVersion: "apps/v1", kind: "Deployment", name: "llama", scaleDown: "progressively" },
  },
};

function promoted(canary: KubernetesObject | undefined): string | undefined {
  return canary?.status?.conditions?.find(({ type }: { type: string }) => type === "Promoted")?.status;
}

describe("actors: delivery", () => {
  it("Flagger keeps the proven version and its Services, and empties the target once that serves", async () => {
    const { read, round } = await acting(FLAGGER, DEPLOYMENT, SCALER, CANARY);
    await round();
    const primary = await read("apps/v1", "Deployment", "llama-primary");
    assert.deepEqual(primary?.spec.selector.matchLabels, { app: "llama-primary" });
    const services = ["llama", "llama-primary", "llama-canary"].map((name) => read("v1", "Service", name));
    assert.deepEqual(
      (await Promise.all(services)).map((service) => service?.spec.selector),
      [{ app: "llama-primary" }, { app: "llama-primary" }, { app: "llama" }],
    );
    const scaler = await read("keda.sh/v1alpha1", "ScaledObject", "llama-primary");
    assert.deepEqual(
      [scaler?.spec.minReplicaCount, scaler?.spec.maxReplicaCount, scaler?.spec.triggers[0].metadata.query],
      [3, 12, "primary"],
    );
    // Pods in memory are ready at once.
    assert.equal(promoted(await read("flagger.app/v1beta1", "Canary", "llama")), "True");
    assert.equal((await read("apps/v1", "Deployment", "llama"))?.spec.replicas, 0);
  });

  it("Flagger shares requests out for Traefik, all of them to the proven version, by the controller's option or the canary's", async () => {
    for (const provider of [undefined, "traefik", "kubernetes"]) {
      const canary = { ...CANARY, spec: { ...CANARY.spec, provider } };
      const { api, read, round } = await acting(FLAGGER, DEPLOYMENT, SCALER, canary);
      const pod = { apiVersion: "v1", kind: "Pod", name: "controller", namespace: NAMESPACE };
      const containers = [{ name: "flagger", command: ["./flagger", "-mesh-provider=traefik"] }];
      await api.patch(pod, { spec: { containers } });
      await round();
      const division = await read("traefik.io/v1alpha1", "TraefikService", "llama");
      const shares = division?.spec.weighted.services.map(({ name, weight }: Record<string, unknown>) => [
        name,
        weight,
      ]);
      const wanted = [
        ["llama-primary", 100],
        ["llama-canary", 0],
      ];
      assert.deepEqual(shares, provider === "kubernetes" ? undefined : wanted);
    }
  });

  it("Flagger tells of a canary whose target is not there", async () => {
    const { read, round } = await acting(FLAGGER, CANARY);
    await round();
    const [condition] = (await read("flagger.app/v1beta1", "Canary", "llama"))?.status.conditions ?? [];
    assert.match(condition.message, /deployment llama\.models get query error/);
  });

  it("Argo Rollouts empties the Deployment only as its own pods come", async () => {
    const { api, read, round } = await acting(ARGO_ROLLOUTS, DEPLOYMENT, ROLLOUT);
    const replicas = async () => (await read("apps/v1", "Deployment", "llama"))?.spec.replicas;
    const healthy = async () => (await read("argoproj.io/v1alpha1", "Rollout", "llama"))?.status?.phase;
    await round();
    const [set] = await api.list("apps/v1", "ReplicaSet", { namespace: NAMESPACE });
    assert.equal(set?.spec.replicas, 3);
    assert.deepEqual([await replicas(), await healthy()], [1, "Progressing"]);
    await api.patchStatus(referenceTo(set ?? assert.fail()), { readyReplicas: 3 });
    await round();
    assert.deepEqual([await replicas(), await healthy()], [0, "Healthy"]);
  });

  it("Argo CD lets go of Applications", async () => {
    const application: KubernetesObject = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "llm", namespace: NAMESPACE, finalizers: ["resources-finalizer.argocd.argoproj.io"] },
      spec: {},
    };
    const { api, read, round } = await acting(ARGO_CD, application);
    await api.delete(referenceTo(application));
    assert.notEqual(await read("argoproj.io/v1alpha1", "Application", "llm"), undefined);
    await round();
    assert.equal(await read("argoproj.io/v1alpha1", "Application", "llm"), undefined);
  });
});
