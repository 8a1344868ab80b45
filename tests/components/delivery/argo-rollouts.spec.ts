import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { ArgoRollouts, type ArgoRolloutsArgs } from "../../../components/delivery/argo-rollouts";
import { argoRolloutsValues } from "../../../components/delivery/argo-rollouts-values";
import { ready } from "../../../components/internal/gates";
import { failureOf, graphOf, secretPaths, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const rollouts = (args: Partial<ArgoRolloutsArgs> = {}) =>
  graphOf(() => new ArgoRollouts("rollouts", { namespace: "argo-rollouts", ...args }, explicitProviders()));

describe("ArgoRollouts", () => {
  it("makes one pinned release that keeps its kinds", async () => {
    const { inputs } = (await rollouts()).one(RELEASE);
    assert.deepEqual([inputs.name, inputs.chart, inputs.version], ["argo-rollouts", "argo-rollouts", "2.41.0"]);
    assert.deepEqual(secretPaths((await rollouts()).one(RELEASE)), []);
    const values = argoRolloutsValues({});
    assert.equal(values.keepCRDs, true);
    assert.equal(values.dashboard.enabled, false);
    assert.equal(values.providerRBAC.enabled, false);
    assert.equal(values.controller.replicas, 2);
    assert.deepEqual(values.controller.pdb, { enabled: true, minAvailable: 1 });
    assert.equal(values.controller.metrics.enabled, false);
    assert.deepEqual(argoRolloutsValues({ replicas: 1 }).controller.pdb, { enabled: false });
  });

  it("takes everything that can be set", async () => {
    const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } };
    const { controller } = argoRolloutsValues({
      replicas: 3,
      resources,
      serviceMonitors: true,
      placement: { nodeSelector: { pool: "system" }, tolerations: [{ key: "pool", operator: "Exists" }] },
      priorityClassName: "platform-serving",
      mirrors: { images: "mirror.example.com/pull" },
    });
    assert.equal(controller.replicas, 3);
    assert.deepEqual(controller.resources, resources);
    assert.equal(controller.metrics.serviceMonitor.enabled, true);
    assert.deepEqual(controller.nodeSelector, { pool: "system" });
    assert.equal(controller.priorityClassName, "platform-serving");
    assert.equal(controller.image.registry, "mirror.example.com");
    const release = (await rollouts({ mirrors: { charts: "./charts" } })).one(RELEASE);
    assert.equal(release.inputs.chart, "./charts/argo-rollouts-2.41.0.tgz");
  });

  it("refuses a number of pods that is none", async () => {
    assert.equal(
      await failureOf(() => new ArgoRollouts("rollouts", { namespace: "argo-rollouts", replicas: 0 })),
      'ArgoRollouts "rollouts" cannot be built from these arguments:\n  replicas: must be a whole number of at least 1 (got 0). Use 2.',
    );
  });

  it("waits for its gates, and plans with nothing known", async () => {
    const graph = await graphOf(
      () => {
        const gate = (name: string) => ready([new random.RandomId(name, { byteLength: 2 })]);
        const args = { namespace: "argo-rollouts", monitorsReady: gate("monitors"), policiesReady: gate("policies") };
        new ArgoRollouts("rollouts", args, explicitProviders());
      },
      { outputs: "unknown" },
    );
    const release = graph.one(RELEASE);
    for (const gate of ["monitors", "policies"]) {
      assert.ok(graph.waitsFor(release, graph.one("random:index/randomId:RandomId", gate)), gate);
    }
    assert.deepEqual(unknownPaths(release), []);
  });
});
