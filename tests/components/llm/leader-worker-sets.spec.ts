import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { ready } from "../../../components/internal/gates";
import { LeaderWorkerSets, type LeaderWorkerSetsArgs } from "../../../components/llm/leader-worker-sets";
import { leaderWorkerSetsValues } from "../../../components/llm/leader-worker-sets-values";
import { standInObjects } from "../../../rehearsal/charts/stand-in-charts";
import { restrictedViolations } from "../../../rehearsal/checks/pod-security";
import { failureOf, graphOf, secretPaths, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

// biome-ignore lint/suspicious/noExplicitAny: tests read manifests as the API server does.
type Loose = any;
const RELEASE = "kubernetes:helm.sh/v3:Release";
const groups = (args: Partial<LeaderWorkerSetsArgs> = {}) =>
  graphOf(() => new LeaderWorkerSets("groups", { namespace: "lws-system", ...args }, explicitProviders()));
const podOf = (values: Loose): Loose => {
  const request = { name: "lws", namespace: "lws-system", chart: "lws", version: "0.10.0", values };
  return standInObjects(request).objects.find(({ kind }) => kind === "Deployment");
};

describe("LeaderWorkerSets", () => {
  it("makes one pinned release of the chart in its registry", async () => {
    const graph = await groups();
    const { inputs } = graph.one(RELEASE);
    assert.deepEqual([inputs.name, inputs.namespace], ["lws", "lws-system"]);
    assert.equal(inputs.chart, "oci://registry.k8s.io/lws/charts/lws");
    assert.equal(inputs.version, "0.10.0");
    assert.deepEqual(graph.component("LeaderWorkerSets").outputs, { ready: "ready" });
    assert.deepEqual(secretPaths(graph.one(RELEASE)), []);
  });

  it("runs a pair at an exact tag that passes Pod Security restricted, and needs nothing else", () => {
    const values = leaderWorkerSetsValues({});
    assert.deepEqual(values.image.manager, {
      repository: "registry.k8s.io/lws/lws",
      tag: "v0.10.0",
      pullPolicy: "IfNotPresent",
    });
    assert.equal(values.replicaCount, 2);
    assert.deepEqual(
      [values.enableCertManager, values.enablePrometheus, values.enableDisaggregatedSet],
      [false, false, false],
    );
    assert.deepEqual(restrictedViolations(podOf(values).spec.template.spec), []);
  });

  it("keeps its pair apart by labels that its pods have", () => {
    const { metadata, spec } = podOf(leaderWorkerSetsValues({})).spec.template;
    const [{ podAffinityTerm }] = spec.affinity.podAntiAffinity.preferredDuringSchedulingIgnoredDuringExecution;
    for (const [key, value] of Object.entries(podAffinityTerm.labelSelector.matchLabels)) {
      assert.equal(metadata.labels[key], value);
    }
  });

  it("takes everything that can be set", () => {
    const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } };
    const toleration = { key: "pool", operator: "Exists" };
    const values = leaderWorkerSetsValues({
      replicas: 3,
      resources,
      placement: { nodeSelector: { pool: "system" }, tolerations: [toleration] },
      priorityClassName: "platform-serving",
      mirrors: { images: "mirror.example.com/pull" },
    });
    assert.deepEqual([values.replicaCount, values.resources], [3, resources]);
    assert.deepEqual([values.nodeSelector, values.tolerations], [{ pool: "system" }, [toleration]]);
    assert.equal(values.priorityClassName, "platform-serving");
    assert.equal(values.image.manager.repository, "mirror.example.com/pull/registry.k8s.io/lws/lws");
  });

  it("refuses a number of pods that is none", async () => {
    assert.equal(
      await failureOf(() => new LeaderWorkerSets("groups", { namespace: "lws-system", replicas: 0 })),
      'LeaderWorkerSets "groups" cannot be built from these arguments:\n  replicas: must be a whole number of at least 1 (got 0). Use 2.',
    );
  });

  it("waits for policies, and plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        const policiesReady = ready([new random.RandomId("policies", { byteLength: 2 })]);
        new LeaderWorkerSets("one", { namespace: "one", policiesReady }, options);
        new LeaderWorkerSets("two", { namespace: "two" }, options);
      },
      { outputs: "unknown" },
    );
    const policies = graph.one("random:index/randomId:RandomId");
    assert.ok(graph.waitsFor(graph.one(RELEASE, "one-release"), policies));
    for (const release of graph.ofType(RELEASE)) assert.deepEqual(unknownPaths(release), []);
  });
});
