import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { WebRollout, type WebRolloutArgs } from "../../../components/delivery/web-rollout";
import { webErrorRate } from "../../../components/delivery/web-rollout-spec";
import { ready } from "../../../components/internal/gates";
import { chartPodLabels } from "../../../components/langfuse/langfuse-names";
import { langfuseValues } from "../../../components/langfuse/langfuse-values";
import { failureOf, graphOf, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { minimalArgs } from "../langfuse/langfuse-fixtures";
import { PROMETHEUS } from "./delivery-fixtures";

const ROLLOUT = "kubernetes:argoproj.io/v1alpha1:Rollout";
const TEMPLATE = "kubernetes:argoproj.io/v1alpha1:AnalysisTemplate";
const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const BASE: WebRolloutArgs = {
  namespace: "langfuse",
  autoscaling: { minReplicas: 3, maxReplicas: 20, cpuPercent: 70 },
  errorRateQuery: webErrorRate("langfuse", "langfuse", 300),
  prometheusUrl: PROMETHEUS,
  controllerReady: "ready",
  releaseReady: "ready",
};
const rollout = (args: Partial<WebRolloutArgs> = {}) =>
  graphOf(() => new WebRollout("rollout", { ...BASE, ...args }, explicitProviders()));

interface Spec {
  readonly replicas: number;
  readonly selector: { matchLabels: Record<string, string> };
  readonly workloadRef: Record<string, string>;
  readonly strategy: { canary: { maxUnavailable: number; steps: Record<string, unknown>[] } };
}

describe("WebRollout", () => {
  it("brings one pod, watches it for five minutes, judges, then brings all (seed 000)", async () => {
    const graph = await rollout();
    const spec = graph.one(ROLLOUT).inputs.spec as Spec;
    assert.deepEqual(spec.strategy.canary.steps, [
      { setWeight: 1 },
      { pause: { duration: "300s" } },
      { analysis: { templates: [{ templateName: "langfuse-web-error-rate" }] } },
    ]);
    assert.equal(spec.strategy.canary.maxUnavailable, 0);
  });

  it("takes the chart's Deployment as its template, and empties it only as its own pods come (first-up 57)", async () => {
    const graph = await rollout();
    const made = graph.one(ROLLOUT);
    const spec = made.inputs.spec as Spec;
    assert.deepEqual(spec.workloadRef, {
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: "langfuse-web",
      scaleDown: "progressively",
    });
    // Never from one pod: with no number here it would begin with 1, and the Deployment would be emptied down to that.
    assert.equal(spec.replicas, 3);
    assert.deepEqual(made.options.ignoreChanges, ["spec.replicas"]);
    assert.equal(((await rollout({ startReplicas: 11 })).one(ROLLOUT).inputs.spec as Spec).replicas, 11);
  });

  it("has the only autoscaler, and pods that Service and budget of the chart select", async () => {
    const graph = await rollout();
    const { scaleTargetRef, minReplicas, maxReplicas } = graph.one(AUTOSCALER).inputs.spec as Record<string, unknown>;
    assert.deepEqual(scaleTargetRef, { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "langfuse-web" });
    assert.deepEqual([minReplicas, maxReplicas], [3, 20]);
    assert.deepEqual((graph.one(ROLLOUT).inputs.spec as Spec).selector.matchLabels, chartPodLabels("langfuse", "web"));
    const args = minimalArgs();
    const autoscaling = { minReplicas: 3, maxReplicas: 20, cpuPercent: 70 };
    const values = (on: boolean) =>
      langfuseValues({ ...args, web: { resources: args.web.resources, autoscaling, rollout: on } }).langfuse.web as {
        hpa?: object;
        deployment: { annotations: Record<string, string> };
        pod: { topologySpreadConstraints: { matchLabelKeys: string[] }[] };
      };
    // The chart's own autoscaler would hold the Deployment against the Rollout.
    assert.ok(values(false).hpa !== undefined && values(true).hpa === undefined);
    assert.equal(values(true).deployment.annotations["llm-platform/replicas"], "drop");
    assert.equal(values(false).deployment.annotations["llm-platform/replicas"], undefined);
    for (const { matchLabelKeys } of values(true).pod.topologySpreadConstraints) {
      assert.ok(matchLabelKeys.includes("rollouts-pod-template-hash"));
    }
  });

  it("judges by the share of errors, and takes silence for none", async () => {
    const { metrics } = (await rollout({ maxErrorRate: 0.02 })).one(TEMPLATE).inputs.spec as {
      metrics: {
        successCondition: string;
        count: number;
        provider: { prometheus: { query: string; address: string } };
      }[];
    };
    assert.equal(metrics.length, 1);
    assert.equal(metrics[0]?.successCondition, "len(result) == 0 || isNaN(result[0]) || result[0] <= 0.02");
    assert.equal(metrics[0]?.provider.prometheus.address, PROMETHEUS);
    assert.equal(
      metrics[0]?.provider.prometheus.query,
      'sum(rate(traefik_service_requests_total{service="langfuse-langfuse-web-3000@kubernetes",code=~"5.."}[300s])) / sum(rate(traefik_service_requests_total{service="langfuse-langfuse-web-3000@kubernetes"}[300s]))',
    );
  });

  it("refuses what cannot work, all at once", async () => {
    assert.equal(
      await failureOf(
        () =>
          new WebRollout("rollout", {
            ...BASE,
            autoscaling: { minReplicas: 4, maxReplicas: 3, cpuPercent: 5 },
            startReplicas: 1,
            pauseSeconds: 1,
            maxErrorRate: 1,
          }),
      ),
      [
        'WebRollout "rollout" cannot be built from these arguments:',
        "  autoscaling.minReplicas: must be a whole number from 1 to maxReplicas (got 4). Use 3.",
        "  autoscaling.cpuPercent: must be 10 to 100 (got 5). Use 70.",
        "  startReplicas: must be a whole number from 4 to 3 (got 1). Give the number of pods that run now, or leave it out.",
        "  pauseSeconds: must be a whole number from 30 to 86400 (got 1). Leave it out, or use 300.",
        "  maxErrorRate: must be above 0 and below 1 (got 1). Leave it out, or use 0.01.",
      ].join("\n"),
    );
  });

  it("comes after the controller, the release and its judgement; its autoscaler after it", async () => {
    const graph = await graphOf(() => {
      const gate = (name: string) => ready([new random.RandomId(name, { byteLength: 2 })]);
      new WebRollout(
        "rollout",
        { ...BASE, controllerReady: gate("controller"), releaseReady: gate("release") },
        explicitProviders(),
      );
    });
    const id = (name: string) => graph.one("random:index/randomId:RandomId", name);
    for (const earlier of [id("controller"), id("release"), graph.one(TEMPLATE)]) {
      assert.ok(graph.waitsFor(graph.one(ROLLOUT), earlier), earlier.name);
    }
    assert.ok(graph.waitsFor(graph.one(AUTOSCALER), graph.one(ROLLOUT)));
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new WebRollout("one", BASE, options);
        new WebRollout("two", { ...BASE, releaseName: "other" }, options);
      },
      { outputs: "unknown" },
    );
    for (const type of [ROLLOUT, TEMPLATE, AUTOSCALER]) {
      for (const resource of graph.ofType(type)) assert.deepEqual(unknownPaths(resource), []);
    }
  });
});
