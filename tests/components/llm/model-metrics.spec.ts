import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { alertRules } from "../../../components/llm/model-alerts";
import { modelScalerQueries, wakeUpTriggers } from "../../../components/llm/model-autoscaling-triggers";
import { modelDashboard } from "../../../components/llm/model-dashboard";
import { METRICS, type Metric, MetricKind, MODEL_SERIES_LABELS, series } from "../../../components/llm/model-metrics";
import { failedRequestRatio, timeToFirstToken } from "../../../components/llm/model-metrics-queries";
import { recordingRules } from "../../../components/llm/model-rules";
import { ModelWakeUp } from "../../../components/llm/model-server-kinds";
import { ROOT } from "../../support/sources";

/** What vLLM took back (0.9, 0.11) or renamed, and other stacks' dashboards still ask for. */
const WITHDRAWN =
  /vllm:(gpu_cache_usage_perc|cpu_cache_usage_perc|gpu_prefix_cache_\w+|num_requests_swapped|time_per_output_token_seconds\w*)/;

/** Labels that Prometheus or the operator adds, or that an exporter's own become by it. */
const SCRAPE_LABELS = [...MODEL_SERIES_LABELS, "exported_namespace", "exported_pod"];

const SCOPE = { namespace: "models", modelServer: "llama", app: "llama" };
const RECORDED = recordingRules("models").map(({ record }) => record);

/** Every query of the platform about models, with a word about where it is. */
function allQueries(): [string, string][] {
  const wake = { minReplicas: 0, maxReplicas: 1, wakeUp: ModelWakeUp.Router, prometheusUrl: "http://prometheus" };
  return [
    ...Object.entries(modelScalerQueries(SCOPE)),
    ...wakeUpTriggers("models", wake, "llama", ["llama"]).map(({ name, metadata }): [string, string] => [
      name,
      String(metadata.query),
    ]),
    ["first token", timeToFirstToken(SCOPE, 0.95, "1m")],
    ["failures", failedRequestRatio(SCOPE, "1m")],
    ...recordingRules("models").map(({ record, expr }): [string, string] => [record, expr]),
    ...alertRules("models", { timeToFirstTokenSecondsOf: { llama: 5 } }, true).map(
      ({ alert, expr }): [string, string] => [alert, expr],
    ),
    ...modelDashboard("models").panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }): [string, string] => [title, expr]),
    ),
  ];
}

interface Selector {
  readonly name: string;
  readonly labels: readonly string[];
}

/** Selectors in a query: names of series with the labels that they are narrowed by. */
function selectorsIn(query: string): Selector[] {
  const plain = query.replace(/"(?:[^"\\]|\\.)*"/g, '""').replace(/\b(by|on|group_left|without) \([^)]*\)/g, "");
  const names = /([a-zA-Z_:][\w:]*)(?:\{([^}]*)\})?(?!\w|\s*\()/g;
  return [...plain.matchAll(names)]
    .filter(([, name = ""]) => /[_:]|^up$/.test(name) && !name.startsWith("__"))
    .filter(([, name = ""]) => !/^(label_replace|histogram_quantile|avg_over_time|group_left)$/.test(name))
    .map(([, name = "", labels = ""]) => ({
      name,
      labels: [...labels.matchAll(/([a-zA-Z_]\w*)\s*[=!]/g)].map(([, label = ""]) => label),
    }));
}

/** The metric of a series' name; a histogram has three. */
function metricOf(name: string): Metric | undefined {
  return Object.values<Metric>(METRICS).find((metric) =>
    metric.kind === MetricKind.Histogram
      ? ["_bucket", "_sum", "_count"].some((ending) => metric.name + ending === name)
      : metric.name === name,
  );
}

describe("the catalogue of metrics", () => {
  it("L32, L45: has every series that a query reads, and every label that narrows it", () => {
    const unknown = allQueries().flatMap(([where, query]) =>
      selectorsIn(query).flatMap(({ name, labels }) => {
        if (RECORDED.includes(name)) return [];
        const metric = metricOf(name);
        if (metric === undefined) return [`${where}: ${name}`];
        const known = [...metric.labels, ...SCRAPE_LABELS, "le"];
        return labels.filter((label) => !known.includes(label)).map((label) => `${where}: ${name}{${label}}`);
      }),
    );
    assert.deepEqual(unknown, []);
  });

  it("has nothing that no query reads", () => {
    const read = new Set(
      allQueries().flatMap(([, query]) => selectorsIn(query).flatMap(({ name }) => metricOf(name)?.name ?? [])),
    );
    assert.deepEqual(
      Object.values<Metric>(METRICS)
        .map(({ name }) => name)
        .filter((name) => !read.has(name)),
      [],
    );
  });

  it("has nothing that the engine took back", () => {
    for (const [where, query] of allQueries()) assert.doesNotMatch(query, WITHDRAWN, where);
  });

  it("is narrowed to the servers' own job wherever the router has the same name", () => {
    for (const [where, query] of allQueries()) {
      for (const { name, labels } of selectorsIn(query)) {
        if (/^vllm:num_requests_(waiting|running)$/.test(name)) assert.ok(labels.includes("job"), where);
      }
    }
  });
});

describe("a selector", () => {
  it("has the comparisons that it is told, and escapes what it is given", () => {
    assert.equal(series(METRICS.targetUp, {}), "up");
    assert.equal(
      series(METRICS.targetUp, { a: "1", b: "=~x|y", c: "!=z", d: "!~w", e: undefined }),
      'up{a="1",b=~"x|y",c!="z",d!~"w"}',
    );
    assert.equal(series(METRICS.targetUp, { a: 'x"y' }), 'up{a="x\\"y"}');
    assert.equal(series(METRICS.timeToFirstToken, {}, "_bucket"), "vllm:time_to_first_token_seconds_bucket");
  });
});

describe("L45: recorded series", () => {
  it("have the seed's names", () => {
    assert.deepEqual(RECORDED, [
      "llm_requests_total",
      "llm_request_duration_seconds_bucket",
      "llm_request_duration_seconds_sum",
      "llm_request_duration_seconds_count",
      "llm_tokens_generated_total",
      "llm_model_load_duration_seconds",
      "gpu_utilization_percent",
      "gpu_memory_used_bytes",
    ]);
  });
});

describe("L60: alerts", () => {
  const rules = alertRules("models", {}, true);

  it("say what to do in a chapter of the handbook", () => {
    const handbook = readFileSync(join(ROOT, "docs/models-scaling.md"), "utf8");
    for (const { alert, annotations } of rules) {
      assert.match(handbook, new RegExp(`^### ${alert}$`, "m"), alert);
      assert.equal(annotations.runbook, `docs/models-scaling.md#${alert.toLowerCase()}`);
    }
  });

  it("wake somebody only for what callers feel, or what does not mend itself", () => {
    const critical = rules.filter(({ labels }) => labels.severity === "critical").map(({ alert }) => alert);
    assert.deepEqual(critical.sort(), [
      "ModelGpuBroken",
      "ModelNoCapacity",
      "ModelRequestsFail",
      "ModelServerSilent",
      "ModelWakeUpBlind",
    ]);
  });

  it("follow the objectives", () => {
    const expr = (name: string, objectives = {}) =>
      alertRules("models", objectives).find(({ alert }) => alert === name)?.expr ?? assert.fail(name);
    assert.match(expr("ModelFirstTokenSlow"), /> 2$/);
    assert.match(expr("ModelFirstTokenSlow", { timeToFirstTokenSeconds: 0.5 }), /> 0\.5$/);
    assert.match(expr("ModelQueueGrows", { waitingRequests: 3 }), /> 3$/);
    assert.match(expr("ModelKeyValueCacheFull", { keyValueCacheUsage: 0.8 }), /> 0\.8$/);
    assert.match(expr("ModelRequestsFail", { failedRequestsPercent: 1 }), /> 1$/);
    const duration = (name: string, objectives: object) =>
      alertRules("models", objectives).find(({ alert }) => alert === name)?.for;
    assert.equal(duration("ModelServerSilent", { startupMinutes: 130 }), "130m");
    assert.equal(duration("ModelGpuIdle", { idleGpuHours: 1 }), "1h");
    assert.ok(!alertRules("models").some(({ alert }) => alert === "ModelWakeUpBlind"));
  });
});

describe("L46: the dashboard", () => {
  const { panels, templating, ...dashboard } = modelDashboard("models");

  it("is one that Grafana keeps apart, cannot be edited, and names no data source of one installation", () => {
    assert.equal(dashboard.uid, "llm-model-servers");
    assert.equal(dashboard.editable, false);
    for (const { datasource } of panels) assert.deepEqual(datasource, { type: "prometheus", uid: "$datasource" });
    assert.deepEqual(
      templating.list.map(({ name }) => name),
      ["datasource", "model_server"],
    );
  });

  it("has panels that do not lie upon each other, each with a title, a unit and lines that can be told apart", () => {
    const places = panels.map(({ gridPos }) => `${gridPos.x},${gridPos.y}`);
    assert.equal(new Set(places).size, panels.length);
    assert.equal(new Set(panels.map(({ title }) => title)).size, panels.length);
    for (const { targets, fieldConfig } of panels) {
      assert.ok(fieldConfig.defaults.unit);
      assert.equal(new Set(targets.map(({ refId }) => refId)).size, targets.length);
      for (const { legendFormat } of targets) assert.match(legendFormat, /\{\{\w+\}\}/);
    }
  });
});
