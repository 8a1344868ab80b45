import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { ready } from "../../../components/internal/gates";
import { ModelMonitoring, type ModelMonitoringArgs } from "../../../components/llm/model-monitoring";
import { modelPodLabels } from "../../../components/llm/model-names";
import { ROUTER_LABELS } from "../../../components/llm/model-router-manifests";
import { selects } from "../../../rehearsal/checks/selectors";
import { failureOf, graphOf, secretPaths, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const MONITOR = "kubernetes:monitoring.coreos.com/v1:PodMonitor";
const RULES = "kubernetes:monitoring.coreos.com/v1:PrometheusRule";
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";

const ARGS: ModelMonitoringArgs = { namespace: "models", monitorsReady: "ready" };
const made = (args: Partial<ModelMonitoringArgs> = {}) =>
  graphOf(() => new ModelMonitoring("model-monitoring", { ...ARGS, ...args }, explicitProviders()));

interface Rule {
  readonly alert?: string;
  readonly expr: string;
}

function rulesIn(spec: unknown): Rule[] {
  return (spec as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);
}

describe("ModelMonitoring", () => {
  it("L43: scrapes every model server every ten seconds by the one port that has metrics, and names it", async () => {
    const { inputs } = (await made()).one(MONITOR);
    assert.deepEqual(inputs.metadata, { name: "model-servers", namespace: "models" });
    const spec = inputs.spec as { selector: object; podMetricsEndpoints: object[] };
    assert.deepEqual(spec.podMetricsEndpoints, [
      {
        port: "http",
        path: "/metrics",
        interval: "10s",
        scrapeTimeout: "5s",
        relabelings: [
          {
            sourceLabels: ["__meta_kubernetes_pod_label_llm_platform_model_server"],
            targetLabel: "model_server",
            action: "replace",
          },
          { sourceLabels: ["__meta_kubernetes_pod_label_app"], targetLabel: "app", action: "replace" },
        ],
      },
    ]);
    assert.ok(selects(spec.selector, modelPodLabels("llama")));
    assert.ok(!selects(spec.selector, { app: "llama" }));
  });

  it("scrapes the router on request, under a job of its own", async () => {
    const graph = await made({ router: true });
    const { metadata, spec } = graph.one(MONITOR, "model-monitoring-monitor-model-router").inputs;
    assert.deepEqual(metadata, { name: "model-router", namespace: "models" });
    const { selector } = spec as { selector: object };
    assert.ok(selects(selector, ROUTER_LABELS));
    assert.ok(!selects(selector, modelPodLabels("llama")));
    const servers = graph.one(MONITOR, "model-monitoring-monitor-model-servers").inputs.spec as { selector: object };
    assert.ok(!selects(servers.selector, ROUTER_LABELS));
  });

  it("records and alerts", async () => {
    const { inputs } = (await made()).one(RULES);
    assert.deepEqual(inputs.metadata, { name: "model-servers", namespace: "models" });
    const alerts = rulesIn(inputs.spec).flatMap(({ alert }) => alert ?? []);
    assert.equal(alerts.length, 10);
    assert.equal(rulesIn(inputs.spec).length, 18);
  });

  it("takes objectives, and watches over what wakes", async () => {
    const graph = await made({ objectives: { waitingRequests: 77 }, wokenByGateway: true });
    const rules = rulesIn(graph.one(RULES).inputs.spec);
    assert.match(rules.find(({ alert }) => alert === "ModelQueueGrows")?.expr ?? "", /> 77$/);
    assert.ok(rules.some(({ alert }) => alert === "ModelWakeUpBlind"));
  });

  it("L46: gives Grafana a dashboard that its side container finds, or none", async () => {
    const { inputs } = (await made()).one(CONFIG_MAP);
    const { metadata, data } = inputs as { metadata: Record<string, object>; data: Record<string, string> };
    assert.deepEqual(metadata.labels, { grafana_dashboard: "1" });
    assert.deepEqual(metadata.annotations, { grafana_folder: "Models" });
    assert.equal(JSON.parse(data["model-servers.json"] ?? "").title, "Model servers");
    assert.equal((await made({ dashboard: false })).ofType(CONFIG_MAP).length, 0);
  });

  it("refuses objectives that nobody can meet or that Prometheus cannot wait for", async () => {
    assert.equal(
      await failureOf(
        () =>
          new ModelMonitoring("model-monitoring", {
            ...ARGS,
            objectives: {
              timeToFirstTokenSeconds: 0,
              timeToFirstTokenSecondsOf: { llama: -1 },
              keyValueCacheUsage: 90,
              startupMinutes: 2.5,
            },
          }),
      ),
      [
        'ModelMonitoring "model-monitoring" cannot be built from these arguments:',
        "  objectives.timeToFirstTokenSeconds: must be above 0 and at most 640 (got 0). Leave it out, or use 2.",
        "  objectives.keyValueCacheUsage: must be above 0 and at most 0.99 (got 90). Leave it out, or use 0.9.",
        "  objectives.startupMinutes: must be a whole number above 0 and at most 240 (got 2.5). Leave it out, or use 45.",
        "  objectives.timeToFirstTokenSecondsOf.llama: must be above 0 and at most 640 (got -1). Leave it out, or use 2.",
      ].join("\n"),
    );
  });

  it("waits for the kinds, on explicit providers, and holds no secret", async () => {
    const graph = await graphOf(() => {
      const gate = ready([new random.RandomId("kinds", { byteLength: 2 })]);
      const monitoring = new ModelMonitoring("model-monitoring", { ...ARGS, monitorsReady: gate }, explicitProviders());
      new random.RandomId("scaler", { byteLength: 2, keepers: { metrics: monitoring.ready } });
    });
    const id = (name: string) => graph.one("random:index/randomId:RandomId", name);
    const parts = [graph.one(MONITOR), graph.one(RULES)];
    for (const part of parts) {
      assert.ok(graph.waitsFor(part, id("kinds")));
      assert.match(part.provider, /::kubernetes::/);
      assert.deepEqual(secretPaths(part), []);
    }
    assert.ok(graph.waitsFor(id("scaler"), graph.one(MONITOR)));
    assert.ok(!graph.waitsFor(graph.one(CONFIG_MAP), id("kinds")));
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new ModelMonitoring("one", { ...ARGS, namespace: "one" }, options);
        new ModelMonitoring("two", { ...ARGS, namespace: "two" }, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(RULES).length, 2);
    for (const part of [...graph.ofType(MONITOR), ...graph.ofType(RULES), ...graph.ofType(CONFIG_MAP)]) {
      assert.deepEqual(unknownPaths(part), []);
    }
  });
});
