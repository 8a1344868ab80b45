import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { ready } from "../../../components/internal/gates";
import {
  VerticalPodAutoscalerRecommender,
  type VerticalPodAutoscalerRecommenderArgs,
} from "../../../components/operations/vertical-pod-autoscaler-recommender";
import { verticalPodAutoscalerRecommenderValues } from "../../../components/operations/vertical-pod-autoscaler-recommender-values";
import { standInObjects } from "../../../rehearsal/charts/stand-in-charts";
import { restrictedViolations } from "../../../rehearsal/checks/pod-security";
import { graphOf, revealed, secretPaths, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const recommender = (args: Partial<VerticalPodAutoscalerRecommenderArgs> = {}) =>
  graphOf(
    () => new VerticalPodAutoscalerRecommender("advice", { namespace: "kube-system", ...args }, explicitProviders()),
  );

/** What the chart would make of the values. */
function workloads(values: object) {
  const request = { name: "vertical-pod-autoscaler", namespace: "kube-system", chart: "vertical-pod-autoscaler" };
  return standInObjects({ ...request, version: "0.11.0", values: revealed(values) as Record<string, never> }).objects;
}

describe("VerticalPodAutoscalerRecommender", () => {
  it("makes one pinned release, whose image is the chart's own release", async () => {
    const graph = await recommender();
    const { inputs } = graph.one(RELEASE);
    assert.equal(inputs.chart, "vertical-pod-autoscaler");
    assert.equal(inputs.version, "0.11.0");
    assert.equal(inputs.namespace, "kube-system");
    assert.equal(inputs.waitForJobs, true);
    assert.deepEqual(graph.component("VerticalPodAutoscalerRecommender").outputs, { ready: "ready" });
    assert.deepEqual(secretPaths(graph.one(RELEASE)), []);
  });

  it("L34: advises, and has neither what evicts pods nor what changes new ones", () => {
    const objects = workloads(verticalPodAutoscalerRecommenderValues({}));
    assert.deepEqual(
      objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
      ["ServiceAccount vertical-pod-autoscaler-recommender", "Deployment vertical-pod-autoscaler-recommender"],
    );
    const pod = objects[1]?.spec.template.spec;
    assert.deepEqual(restrictedViolations(pod), []);
    assert.equal(pod.containers[0].image, "registry.k8s.io/autoscaling/vpa-recommender:1.7.1");
    assert.deepEqual(pod.containers[0].args, ["--v=1", "--memory-saver=true"]);
    assert.ok(pod.containers[0].resources.limits.memory);
  });

  it("would have three parts by the chart's own defaults", () => {
    assert.equal(workloads({}).filter(({ kind }) => kind === "Deployment").length, 3);
  });

  it("takes everything that can be set", async () => {
    const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } };
    const { recommender: values } = verticalPodAutoscalerRecommenderValues({
      resources,
      placement: { nodeSelector: { pool: "system" }, tolerations: [{ key: "pool", operator: "Exists" }] },
      priorityClassName: "platform-batch",
      mirrors: { images: "mirror.example.com/pull" },
    });
    assert.deepEqual(values.resources, resources);
    assert.deepEqual(values.nodeSelector, { pool: "system" });
    assert.deepEqual(values.tolerations, [{ key: "pool", operator: "Exists" }]);
    assert.equal(values.priorityClassName, "platform-batch");
    assert.equal(values.image.repository, "mirror.example.com/pull/registry.k8s.io/autoscaling/vpa-recommender");
    const release = (await recommender({ mirrors: { charts: "./charts" } })).one(RELEASE);
    assert.equal(release.inputs.chart, "./charts/vertical-pod-autoscaler-0.11.0.tgz");
  });

  it("waits for its gates, on explicit providers, and who wants advice waits for it", async () => {
    const graph = await graphOf(() => {
      const gate = (name: string) => ready([new random.RandomId(name, { byteLength: 2 })]);
      const made = new VerticalPodAutoscalerRecommender(
        "advice",
        { namespace: "kube-system", metricsReady: gate("metrics"), policiesReady: gate("policies") },
        explicitProviders(),
      );
      new random.RandomId("model", { byteLength: 2, keepers: { advice: made.ready } });
    });
    const release = graph.one(RELEASE);
    const id = (name: string) => graph.one("random:index/randomId:RandomId", name);
    assert.ok(graph.waitsFor(release, id("metrics")));
    assert.ok(graph.waitsFor(release, id("policies")));
    assert.ok(graph.waitsFor(id("model"), release));
    assert.match(release.provider, /::kubernetes::/);
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new VerticalPodAutoscalerRecommender("one", { namespace: "one" }, options);
        new VerticalPodAutoscalerRecommender("two", { namespace: "two" }, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(RELEASE).length, 2);
    for (const release of graph.ofType(RELEASE)) assert.deepEqual(unknownPaths(release), []);
  });
});
