/** How a series counts. */
export const MetricKind = {
  /** Only ever grows, but for restarts of the program. */
  Counter: "counter",
  Gauge: "gauge",
  /** Series with the endings `_bucket`, `_sum` and `_count`. */
  Histogram: "histogram",
} as const;
export type MetricKind = (typeof MetricKind)[keyof typeof MetricKind];

/** A metric that the platform reads. */
export interface Metric {
  /** As Prometheus knows it; a histogram without its ending. */
  readonly name: string;
  readonly kind: MetricKind;
  /** Labels that the program itself gives it, beside those of the scrape. */
  readonly labels: readonly string[];
}

/** PodMonitor of every model server; it gives their series `model_server` and `app`. */
export const MODEL_MONITOR = "model-servers";

/** Labels of the scrape by which series of model servers are told apart. */
export const MODEL_SERIES_LABELS = ["namespace", "pod", "job", "model_server", "app"] as const;

/** Value of `job` of what a PodMonitor scrapes. */
export function monitorJob(namespace: string, monitor: string): string {
  return `${namespace}/${monitor}`;
}

/** The engine's own: vLLM 0.32, `vllm/v1/metrics/loggers.py`. */
function engine(name: string, kind: MetricKind, ...labels: string[]): Metric {
  return { name: `vllm:${name}`, kind, labels: ["model_name", "engine", ...labels] };
}

/** DCGM exporter 4.8.2 as its `default-counters.csv` has it. Its `Hostname` becomes `hostname` in a later release: nothing reads it. */
function gpu(name: string): Metric {
  return { name: `DCGM_FI_DEV_${name}`, kind: MetricKind.Gauge, labels: ["UUID", "gpu", "modelName", "GPU_I_ID"] };
}

/** kube-state-metrics 2.20, whose series bear namespace and pod of what they describe. */
function pod(name: string, ...labels: string[]): Metric {
  return { name: `kube_pod_${name}`, kind: MetricKind.Gauge, labels: ["uid", ...labels] };
}

/**
 * Every metric that queries, rules, alerts and the dashboard read. Names that vLLM took back (`vllm:gpu_cache_usage_perc`,
 * `vllm:gpu_prefix_cache_*`, `vllm:time_per_output_token_seconds`) are not among them.
 */
export const METRICS = {
  waitingRequests: engine("num_requests_waiting", MetricKind.Gauge),
  runningRequests: engine("num_requests_running", MetricKind.Gauge),
  /** Share of the KV cache's blocks in use, 0 to 1. */
  keyValueCacheUsage: engine("kv_cache_usage_perc", MetricKind.Gauge),
  promptTokens: engine("prompt_tokens_total", MetricKind.Counter),
  generationTokens: engine("generation_tokens_total", MetricKind.Counter),
  /** Requests that ended, however they did: `stop`, `length`, `abort`, `error` or `repetition`. */
  finishedRequests: engine("request_success_total", MetricKind.Counter, "finished_reason"),
  preemptions: engine("num_preemptions_total", MetricKind.Counter),
  prefixCacheQueries: engine("prefix_cache_queries_total", MetricKind.Counter),
  prefixCacheHits: engine("prefix_cache_hits_total", MetricKind.Counter),
  timeToFirstToken: engine("time_to_first_token_seconds", MetricKind.Histogram),
  interTokenLatency: engine("inter_token_latency_seconds", MetricKind.Histogram),
  requestDuration: engine("e2e_request_latency_seconds", MetricKind.Histogram),
  queueTime: engine("request_queue_time_seconds", MetricKind.Histogram),

  /** In percent. */
  gpuUtilization: gpu("GPU_UTIL"),
  /** In MiB. */
  gpuMemoryUsed: gpu("FB_USED"),
  /** Number of the last error that the driver reported; absent until there is one. */
  gpuErrors: gpu("XID_ERRORS"),

  /** Of vLLM's router: requests for a model, those included that no server could take. */
  routedRequests: { name: "vllm:num_incoming_requests_total", kind: MetricKind.Counter, labels: ["model"] },
  /**
   * Of Traefik, once it labels by router: requests of a route with the status that callers got. A route without a server
   * answers 503, which counts here; Traefik's metrics by service know only servers that exist.
   */
  gatewayRequests: {
    name: "traefik_router_requests_total",
    kind: MetricKind.Counter,
    labels: ["router", "service", "code", "method", "protocol"],
  },
  /** Of Traefik; there as soon as it runs. */
  gatewayReloads: { name: "traefik_config_reloads_total", kind: MetricKind.Counter, labels: [] },

  podReadyTime: pod("status_ready_time"),
  podScheduledTime: pod("status_scheduled_time"),
  podReady: pod("status_ready", "condition"),
  podUnschedulable: pod("status_unschedulable"),
  /** Prometheus' own: whether a target answered. */
  targetUp: { name: "up", kind: MetricKind.Gauge, labels: [] },
} as const satisfies Record<string, Metric>;

/** Labels and what they must be; a value that begins with `=~`, `!=` or `!~` brings its own comparison. */
export type Matchers = Readonly<Record<string, string | undefined>>;

/** A selector of series: `name{label="value"}`. The ending is that of a histogram's series. */
export function series(metric: Metric, matchers: Matchers, ending = ""): string {
  const list = Object.entries(matchers).flatMap(([label, value]) => {
    if (value === undefined) return [];
    const [, comparison = "=", text = ""] = /^(=~|!=|!~)?(.*)$/s.exec(value) ?? [];
    return [`${label}${comparison}${JSON.stringify(text)}`];
  });
  return `${metric.name}${ending}${list.length === 0 ? "" : `{${list.join(",")}}`}`;
}
