import { METRICS, type Metric, series } from "./model-metrics";
import { allServers, FAILED } from "./model-metrics-queries";
import { GPU_OWNER } from "./model-rules";

/** What is promised to callers, and when somebody is told that it is not kept. Plain values. */
export interface ModelObjectivesArgs {
  /** Seconds until the first token that 95 of 100 requests stay below. Default 2. */
  readonly timeToFirstTokenSeconds?: number;
  /** The same for single servers, by name: a large model takes longer. Default none. */
  readonly timeToFirstTokenSecondsOf?: Record<string, number>;
  /** Percent of requests that may fail by the server's fault, above 0 and below 100. Default 5. */
  readonly failedRequestsPercent?: number;
  /** Waiting requests a replica that are borne for ten minutes. Default 10, twice what scaling aims at. */
  readonly waitingRequests?: number;
  /** Share of the KV cache in use that is borne for ten minutes, 0 to 1. Default 0.9. */
  readonly keyValueCacheUsage?: number;
  /** Minutes that a server may take until its first pod answers: its start-up budget and a machine's. Default 45. */
  readonly startupMinutes?: number;
  /** Hours without work after which a GPU is reported for its cost. Default 6. */
  readonly idleGpuHours?: number;
}

/** Objectives with everything that is not said filled in. */
export const OBJECTIVE_DEFAULTS = {
  timeToFirstTokenSeconds: 2,
  timeToFirstTokenSecondsOf: {} as Record<string, number>,
  failedRequestsPercent: 5,
  waitingRequests: 10,
  keyValueCacheUsage: 0.9,
  startupMinutes: 45,
  idleGpuHours: 6,
} as const satisfies Required<ModelObjectivesArgs>;

/** Errors after which a GPU, or its machine, has to go (NVIDIA's XIDs): memory, NVLink, lost from the bus, its own processor. */
export const FATAL_GPU_ERRORS = [48, 63, 64, 74, 79, 94, 95, 119, 120];

/** When an alert wakes somebody (`critical`), waits for the morning (`warning`) or for the bill (`info`). */
type Severity = "critical" | "warning" | "info";

/** An alert as a PrometheusRule has it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: Severity };
  readonly annotations: { readonly summary: string; readonly description: string; readonly runbook: string };
}

/**
 * Every alert about models; `wokenByGateway` adds the one about sleeping servers. What to do about each is in
 * docs/models-scaling.md, under its name.
 */
export function alertRules(namespace: string, given: ModelObjectivesArgs = {}, wokenByGateway = false): AlertRule[] {
  const objectives = { ...OBJECTIVE_DEFAULTS, ...given };
  return [
    ...(wokenByGateway ? [nobodyWakes()] : []),
    ...queueAlerts(namespace, objectives),
    ...answerAlerts(namespace, objectives),
    ...capacityAlerts(namespace, objectives),
    ...gpuAlerts(objectives),
  ];
}

type Objectives = Required<ModelObjectivesArgs>;

function alert(
  name: string,
  severity: Severity,
  duration: string,
  expr: string,
  summary: string,
  description: string,
): AlertRule {
  const runbook = `docs/models-scaling.md#${name.toLowerCase()}`;
  return { alert: name, expr, for: duration, labels: { severity }, annotations: { summary, description, runbook } };
}

const SERVER = "namespace, model_server";
const OF_SERVER = "{{ $labels.model_server }}";

function queueAlerts(namespace: string, { waitingRequests, keyValueCacheUsage }: Objectives): AlertRule[] {
  const all = (metric: Metric) => series(metric, allServers(namespace));
  return [
    alert(
      "ModelQueueGrows",
      "warning",
      "10m",
      `sum by (${SERVER}) (${all(METRICS.waitingRequests)}) / count by (${SERVER}) (${all(METRICS.targetUp)} == 1) > ${waitingRequests}`,
      `Requests queue up before ${OF_SERVER}`,
      '{{ $value | printf "%.0f" }} requests wait for each replica, for ten minutes by now.',
    ),
    alert(
      "ModelKeyValueCacheFull",
      "warning",
      "10m",
      `max by (${SERVER}) (${all(METRICS.keyValueCacheUsage)}) > ${keyValueCacheUsage}`,
      `The KV cache of ${OF_SERVER} is nearly full`,
      "A replica uses {{ $value | humanizePercentage }} of its KV cache: requests are put off, and computed anew.",
    ),
  ];
}

function answerAlerts(namespace: string, objectives: Objectives): AlertRule[] {
  const { failedRequestsPercent } = objectives;
  const rate = (further = {}) =>
    `sum by (${SERVER}) (rate(${series(METRICS.finishedRequests, allServers(namespace, further))}[10m]))`;
  return [
    alert(
      "ModelFirstTokenSlow",
      "warning",
      "10m",
      slowFirstTokens(namespace, objectives),
      `${OF_SERVER} answers slowly`,
      "Of 100 requests, 5 wait {{ $value | humanizeDuration }} or more for their first token: longer than promised.",
    ),
    alert(
      "ModelRequestsFail",
      "critical",
      "10m",
      `${rate({ finished_reason: FAILED })} / ${rate()} * 100 > ${failedRequestsPercent}`,
      `Requests of ${OF_SERVER} fail`,
      '{{ $value | printf "%.1f" }} % of requests fail by the server\'s fault.',
    ),
  ];
}

/** One rule for all servers, whatever each promises. */
function slowFirstTokens(
  namespace: string,
  { timeToFirstTokenSeconds, timeToFirstTokenSecondsOf }: Objectives,
): string {
  const slow = (model_server: string | undefined, seconds: number) => {
    const buckets = series(METRICS.timeToFirstToken, allServers(namespace, { model_server }), "_bucket");
    return `histogram_quantile(0.95, sum by (${SERVER}, le) (rate(${buckets}[5m]))) > ${seconds}`;
  };
  const single = Object.entries(timeToFirstTokenSecondsOf);
  const others = single.length === 0 ? undefined : `!~${single.map(([server]) => server).join("|")}`;
  return [slow(others, timeToFirstTokenSeconds), ...single.map(([server, seconds]) => slow(server, seconds))].join(
    " or ",
  );
}

function capacityAlerts(namespace: string, { startupMinutes }: Objectives): AlertRule[] {
  const targets = series(METRICS.targetUp, allServers(namespace));
  const readyPods = series(METRICS.podReady, { namespace, condition: "true" });
  return [
    alert(
      "ModelNoCapacity",
      "critical",
      "15m",
      `max by (namespace, pod) (${series(METRICS.podUnschedulable, { namespace })}) == 1`,
      "There is no machine for {{ $labels.pod }}",
      "The pod has found no node for fifteen minutes: the pool is at its limit, or AWS has none of its types to give.",
    ),
    alert(
      "ModelServerSilent",
      "critical",
      `${startupMinutes}m`,
      `sum by (${SERVER}) (${targets}) == 0`,
      `No replica of ${OF_SERVER} answers`,
      `Pods run, and none of them has answered for ${startupMinutes} minutes.`,
    ),
    alert(
      "ModelScrapeDown",
      "warning",
      "5m",
      // While a pod loads nothing listens yet; that is no fault of the scrape.
      `${targets} == 0 and on (namespace, pod) ${readyPods} == 1`,
      "{{ $labels.pod }} answers requests but not Prometheus",
      `Scaling of ${OF_SERVER} does not see this replica.`,
    ),
  ];
}

function nobodyWakes(): AlertRule {
  return alert(
    "ModelWakeUpBlind",
    "critical",
    "10m",
    `absent(${series(METRICS.gatewayReloads, {})})`,
    "A sleeping model would not be woken",
    "Prometheus has no metrics of Traefik, whose count of requests wakes servers without a replica.",
  );
}

function gpuAlerts({ idleGpuHours }: Objectives): AlertRule[] {
  const errors = series(METRICS.gpuErrors, {});
  const owner = `${GPU_OWNER.namespace}, ${GPU_OWNER.pod}`;
  const gpu = "GPU {{ $labels.gpu }} ({{ $labels.modelName }}, {{ $labels.UUID }})";
  return [
    alert(
      "ModelGpuBroken",
      "critical",
      "1m",
      FATAL_GPU_ERRORS.map((error) => `${errors} == ${error}`).join(" or "),
      `${gpu} is broken`,
      `It reported XID {{ $value }}, while {{ $labels.${GPU_OWNER.pod} }} had it.`,
    ),
    alert(
      "ModelGpuError",
      "warning",
      "0m",
      // The number stays until the next one: only a new one is news.
      `${errors} > 0 unless ${errors} == ${errors} offset 15m`,
      `${gpu} reported an error`,
      `XID {{ $value }}, while {{ $labels.${GPU_OWNER.pod} }} had it.`,
    ),
    alert(
      "ModelGpuIdle",
      "info",
      `${idleGpuHours}h`,
      `max by (UUID, GPU_I_ID, gpu, modelName, ${owner}) (avg_over_time(${series(METRICS.gpuUtilization, {})}[10m])) < 1`,
      `${gpu} costs money and does nothing`,
      `It has had no work for ${idleGpuHours} hours.`,
    ),
  ];
}
