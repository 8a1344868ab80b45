import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { ready } from "../../../components/internal/gates";
import { Keda, type KedaArgs } from "../../../components/operations/keda";
import { kedaValues } from "../../../components/operations/keda-values";
import { failureOf, graphOf, secretPaths, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const keda = (args: Partial<KedaArgs> = {}) =>
  graphOf(() => new Keda("keda", { namespace: "keda", ...args }, explicitProviders()));

describe("Keda", () => {
  it("makes one pinned release", async () => {
    const graph = await keda();
    const { inputs } = graph.one(RELEASE);
    assert.equal(inputs.name, "keda");
    assert.equal(inputs.namespace, "keda");
    assert.equal(inputs.chart, "keda");
    assert.match(String(inputs.version), /^\d+\.\d+\.\d+$/);
    assert.equal(inputs.waitForJobs, true);
    assert.deepEqual(graph.component("Keda").outputs, { ready: "ready" });
    assert.deepEqual(secretPaths(graph.one(RELEASE)), []);
  });

  it("keeps its kinds, runs in pairs that a drain cannot empty, and makes no monitors by default", () => {
    const values = kedaValues({});
    assert.deepEqual(values.crds.additionalAnnotations, { "helm.sh/resource-policy": "keep" });
    for (const part of [values.operator, values.metricsServer, values.webhooks]) assert.equal(part.replicaCount, 2);
    for (const budget of Object.values(values.podDisruptionBudget)) assert.deepEqual(budget, { minAvailable: 1 });
    for (const [app, constraints] of [
      ["keda-operator", values.topologySpreadConstraints.operator],
      ["keda-operator-metrics-apiserver", values.topologySpreadConstraints.metricsServer],
      ["keda-admission-webhooks", values.topologySpreadConstraints.webhooks],
    ] as const) {
      assert.deepEqual(
        constraints.map(({ topologyKey }) => topologyKey),
        ["topology.kubernetes.io/zone", "kubernetes.io/hostname"],
      );
      for (const constraint of constraints) assert.deepEqual(constraint.labelSelector.matchLabels, { app });
    }
    for (const { serviceMonitor } of Object.values(values.prometheus)) assert.equal(serviceMonitor.enabled, false);
    for (const resources of Object.values(values.resources))
      assert.ok(resources.requests.cpu && resources.limits.memory);
  });

  it("has no budget and no spread for single pods", () => {
    const values = kedaValues({ replicas: 1 });
    assert.deepEqual(values.podDisruptionBudget, { operator: {}, metricServer: {}, webhooks: {} });
    assert.deepEqual(values.topologySpreadConstraints, { operator: [], metricsServer: [], webhooks: [] });
  });

  it("takes everything that can be set", async () => {
    const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } };
    const toleration = { key: "pool", operator: "Exists" };
    const values = kedaValues({
      replicas: 3,
      resources,
      serviceMonitors: true,
      placement: { nodeSelector: { pool: "system" }, tolerations: [toleration] },
      priorityClassName: "platform-serving",
      mirrors: { images: "mirror.example.com/pull" },
    });
    assert.equal(values.webhooks.replicaCount, 3);
    assert.deepEqual(values.resources.metricServer, resources);
    assert.equal(values.prometheus.webhooks.serviceMonitor.enabled, true);
    assert.deepEqual(values.nodeSelector, { pool: "system" });
    assert.deepEqual(values.tolerations, [toleration]);
    assert.equal(values.priorityClassName, "platform-serving");
    for (const image of [values.image.keda, values.image.metricsApiServer, values.image.webhooks]) {
      assert.equal(image.registry, "mirror.example.com");
      assert.match(image.repository, /^pull\/ghcr\.io\/kedacore\//);
    }
    const release = (await keda({ mirrors: { charts: "./charts" } })).one(RELEASE);
    assert.match(String(release.inputs.chart), /^\.\/charts\/keda-.*\.tgz$/);
    assert.equal(values.image.keda.tag, release.inputs.version);
  });

  it("refuses a number of pods that is none", async () => {
    assert.equal(
      await failureOf(() => new Keda("keda", { namespace: "keda", replicas: 0 })),
      'Keda "keda" cannot be built from these arguments:\n  replicas: must be a whole number of at least 1 (got 0). Use 2.',
    );
  });

  it("waits for its gates, on explicit providers, and who scales waits for it", async () => {
    const graph = await graphOf(() => {
      const gate = (name: string) => ready([new random.RandomId(name, { byteLength: 2 })]);
      const made = new Keda(
        "keda",
        { namespace: "keda", monitorsReady: gate("monitors"), policiesReady: gate("policies") },
        explicitProviders(),
      );
      new random.RandomId("scaler", { byteLength: 2, keepers: { keda: made.ready } });
    });
    const release = graph.one(RELEASE);
    const id = (name: string) => graph.one("random:index/randomId:RandomId", name);
    assert.ok(graph.waitsFor(release, id("monitors")));
    assert.ok(graph.waitsFor(release, id("policies")));
    assert.ok(graph.waitsFor(id("scaler"), release));
    assert.match(release.provider, /::kubernetes::/);
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new Keda("one", { namespace: "one" }, options);
        new Keda("two", { namespace: "two" }, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(RELEASE).length, 2);
    for (const release of graph.ofType(RELEASE)) assert.deepEqual(unknownPaths(release), []);
  });
});
