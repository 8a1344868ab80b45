import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { PrometheusOperatorCrds } from "../../../components/operations/prometheus-operator-crds";
import { graphOf, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const RELEASE = "kubernetes:helm.sh/v3:Release";

describe("PrometheusOperatorCrds", () => {
  it("makes one pinned release whose kinds outlive it, and waits for nothing but the provider", async () => {
    const graph = await graphOf(
      () => new PrometheusOperatorCrds("crds", { namespace: "monitoring" }, explicitProviders()),
    );
    const release = graph.one(RELEASE);
    assert.equal(release.inputs.name, "prometheus-operator-crds");
    assert.equal(release.inputs.namespace, "monitoring");
    assert.match(String(release.inputs.version), /^\d+\.\d+\.\d+$/);
    assert.deepEqual(release.inputs.values, { crds: { annotations: { "helm.sh/resource-policy": "keep" } } });
    assert.deepEqual(release.dependencies, []);
    assert.match(release.provider, /::kubernetes::/);
    assert.deepEqual(graph.component("PrometheusOperatorCrds").outputs, { ready: "ready" });
  });

  it("takes the chart from the mirror", async () => {
    const graph = await graphOf(
      () =>
        new PrometheusOperatorCrds(
          "crds",
          { namespace: "monitoring", mirrors: { charts: "https://charts.example.com/" } },
          explicitProviders(),
        ),
    );
    assert.match(
      String(graph.one(RELEASE).inputs.chart),
      /^https:\/\/charts\.example\.com\/prometheus-operator-crds-.*\.tgz$/,
    );
  });

  it("makes whoever has monitors wait, with nothing known and twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        const first = new PrometheusOperatorCrds("one", { namespace: "one" }, options);
        new PrometheusOperatorCrds("two", { namespace: "two" }, options);
        new random.RandomId("monitor", { byteLength: 2, keepers: { crds: first.ready } });
      },
      { outputs: "unknown" },
    );
    const monitor = graph.one("random:index/randomId:RandomId", "monitor");
    assert.ok(graph.waitsFor(monitor, graph.one(RELEASE, "one-release")));
    assert.ok(!graph.waitsFor(monitor, graph.one(RELEASE, "two-release")));
    assert.deepEqual(unknownPaths(graph.one(RELEASE, "one-release")), []);
  });
});
