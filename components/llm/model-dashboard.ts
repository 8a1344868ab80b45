import { METRICS, type Metric, series } from "./model-metrics";
import { allServers } from "./model-metrics-queries";

/** One line of a panel: a query and what it is called. */
interface Line {
  readonly expr: string;
  readonly legend: string;
}

/** A graph over time. */
interface Panel {
  readonly title: string;
  /** Unit as Grafana names it. */
  readonly unit: string;
  readonly lines: readonly Line[];
  /** Most that the axis shows, of shares. */
  readonly max?: number;
}

/** The server that is chosen at the top of the dashboard; several at once are. */
const CHOSEN = "=~$model_server";
const WINDOW = "$__rate_interval";
const OF_SERVER = "{{model_server}}";
const HEIGHT = 8;
const WIDTH = 12;

/** The dashboard of model servers, as Grafana reads it. Everything it shows is in the catalogue of metrics, or recorded from it. */
export function modelDashboard(namespace: string) {
  return {
    uid: "llm-model-servers",
    title: "Model servers",
    tags: ["llm-platform"],
    schemaVersion: 41,
    editable: false,
    refresh: "30s",
    time: { from: "now-3h", to: "now" },
    templating: { list: [datasource(), servers(namespace)] },
    panels: panels(namespace).map(graph),
  };
}

function datasource() {
  return { name: "datasource", label: "Data source", type: "datasource", query: "prometheus" };
}

function servers(namespace: string) {
  return {
    name: "model_server",
    label: "Server",
    type: "query",
    datasource: { type: "prometheus", uid: "$datasource" },
    query: `label_values(${series(METRICS.targetUp, allServers(namespace))}, model_server)`,
    refresh: 2,
    multi: true,
    includeAll: true,
    allValue: ".+",
  };
}

function panels(namespace: string): Panel[] {
  return [...loadPanels(namespace), ...latencyPanels(namespace), ...machinePanels(namespace)];
}

/** A query over replicas, one line a server. */
function perServer(aggregate: "sum" | "max" | "count", inner: string): Line {
  return { expr: `${aggregate} by (model_server) (${inner})`, legend: OF_SERVER };
}

function chosen(namespace: string, metric: Metric, ending = ""): string {
  return series(metric, allServers(namespace, { model_server: CHOSEN }), ending);
}

/** Series that our own rules record bear no job. */
function recorded(name: string, namespace: string): string {
  return `${name}{namespace="${namespace}",model_server=~"$model_server"}`;
}

function loadPanels(namespace: string): Panel[] {
  const rate = (metric: Metric) => perServer("sum", `rate(${chosen(namespace, metric)}[${WINDOW}])`);
  const requests = recorded("llm_requests_total", namespace);
  return [
    {
      title: "Requests",
      unit: "reqps",
      lines: [
        { expr: `sum by (model_server, status) (rate(${requests}[${WINDOW}]))`, legend: `${OF_SERVER} {{status}}` },
      ],
    },
    {
      title: "Replicas that answer",
      unit: "short",
      lines: [perServer("sum", chosen(namespace, METRICS.targetUp))],
    },
    { title: "Waiting requests", unit: "short", lines: [perServer("sum", chosen(namespace, METRICS.waitingRequests))] },
    { title: "Running requests", unit: "short", lines: [perServer("sum", chosen(namespace, METRICS.runningRequests))] },
    {
      title: "KV cache of the fullest replica",
      unit: "percentunit",
      max: 1,
      lines: [perServer("max", chosen(namespace, METRICS.keyValueCacheUsage))],
    },
    { title: "Requests put off for lack of KV cache", unit: "ops", lines: [rate(METRICS.preemptions)] },
    { title: "Tokens read", unit: "ops", lines: [rate(METRICS.promptTokens)] },
    { title: "Tokens written", unit: "ops", lines: [rate(METRICS.generationTokens)] },
    {
      title: "Prompts found in the prefix cache",
      unit: "percentunit",
      max: 1,
      lines: [
        {
          expr: `${rate(METRICS.prefixCacheHits).expr} / ${rate(METRICS.prefixCacheQueries).expr}`,
          legend: OF_SERVER,
        },
      ],
    },
  ];
}

function latencyPanels(namespace: string): Panel[] {
  const quantiles = (title: string, metric: Metric): Panel => ({
    title,
    unit: "s",
    lines: [0.5, 0.95, 0.99].map((quantile) => ({
      expr: `histogram_quantile(${quantile}, sum by (model_server, le) (rate(${chosen(namespace, metric, "_bucket")}[${WINDOW}])))`,
      legend: `${OF_SERVER} ${quantile * 100} %`,
    })),
  });
  return [
    quantiles("Time to the first token", METRICS.timeToFirstToken),
    quantiles("Time between tokens", METRICS.interTokenLatency),
    quantiles("Time in the queue", METRICS.queueTime),
    quantiles("Time of whole requests", METRICS.requestDuration),
  ];
}

function machinePanels(namespace: string): Panel[] {
  const gpu = "{{pod}} GPU {{gpu}}";
  const line = (name: string, legend: string): Line => ({ expr: recorded(name, namespace), legend });
  return [
    { title: "Work of GPUs", unit: "percent", max: 100, lines: [line("gpu_utilization_percent", gpu)] },
    { title: "Memory of GPUs", unit: "bytes", lines: [line("gpu_memory_used_bytes", gpu)] },
    {
      title: "From a node to the first answer",
      unit: "s",
      lines: [line("llm_model_load_duration_seconds", "{{pod}}")],
    },
  ];
}

function graph({ title, unit, max, lines }: Panel, index: number) {
  return {
    id: index + 1,
    title,
    type: "timeseries",
    datasource: { type: "prometheus", uid: "$datasource" },
    gridPos: { h: HEIGHT, w: WIDTH, x: (index % 2) * WIDTH, y: Math.floor(index / 2) * HEIGHT },
    fieldConfig: { defaults: { unit, min: 0, ...(max === undefined ? {} : { max }) }, overrides: [] },
    targets: lines.map(({ expr, legend }, position) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + position),
      expr,
      legendFormat: legend,
    })),
  };
}
