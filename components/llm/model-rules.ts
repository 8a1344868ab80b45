import { type Matchers, METRICS, type Metric, series } from "./model-metrics";
import { allServers } from "./model-metrics-queries";

/** A series that Prometheus computes and keeps. */
export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
}

/** Labels that recorded counters keep: with the pod among them, `rate` still sees which one began anew. */
const KEPT = "namespace, model_server, model_name, pod";

/** Where the exporter of GPU metrics says whose a GPU is; its own pod has the plain names. */
export const GPU_OWNER = { namespace: "exported_namespace", pod: "exported_pod" } as const;

/** Series under names that do not change with the engine, for dashboards and callers that knew them before. */
export function recordingRules(namespace: string): RecordingRule[] {
  const all = (metric: Metric, ending = "", further: Matchers = {}) =>
    series(metric, allServers(namespace, further), ending);
  const summed = (selector: string, ...labels: string[]) => `sum by (${[KEPT, ...labels].join(", ")}) (${selector})`;
  const duration = (ending: string, ...labels: string[]) => ({
    record: `llm_request_duration_seconds${ending}`,
    expr: summed(all(METRICS.requestDuration, ending), ...labels),
  });
  return [
    { record: "llm_requests_total", expr: summed(withStatus(all(METRICS.finishedRequests)), "status") },
    duration("_bucket", "le"),
    duration("_sum"),
    duration("_count"),
    { record: "llm_tokens_generated_total", expr: summed(all(METRICS.generationTokens)) },
    { record: "llm_model_load_duration_seconds", expr: loadDuration(namespace) },
    { record: "gpu_utilization_percent", expr: byServer(namespace, METRICS.gpuUtilization) },
    { record: "gpu_memory_used_bytes", expr: `${byServer(namespace, METRICS.gpuMemoryUsed, " * 1048576")}` },
  ];
}

/** How requests ended, in three words. */
const STATUSES = { success: "stop|length", aborted: "abort", error: "error|repetition" };

function withStatus(selector: string): string {
  return Object.entries(STATUSES).reduce(
    (inner, [status, reasons]) => `label_replace(${inner}, "status", "${status}", "finished_reason", "${reasons}")`,
    selector,
  );
}

/** 1 for each pod of a server, with the server's name; a pod's target is there before the pod is ready. */
function serverOfPod(namespace: string): string {
  return `(max by (namespace, pod, model_server) (${series(METRICS.targetUp, allServers(namespace))}) * 0 + 1)`;
}

/** From the node that a pod got to its answer: image, weights and warm-up. A pod that was unready meanwhile counts to its return. */
function loadDuration(namespace: string): string {
  const at = (metric: Metric) => `max by (namespace, pod) (${series(metric, { namespace })})`;
  const seconds = `(${at(METRICS.podReadyTime)} - ${at(METRICS.podScheduledTime)})`;
  return `${seconds} * on (namespace, pod) group_left (model_server) ${serverOfPod(namespace)}`;
}

/** A figure of each GPU, with pod and server where one has it. */
function byServer(namespace: string, metric: Metric, factor = ""): string {
  const owned = Object.entries(GPU_OWNER).reduce(
    (inner, [label, from]) => `label_replace(${inner}, "${label}", "$1", "${from}", "(.*)")`,
    series(metric, {}),
  );
  // The exporter's own pod would be left in `pod` otherwise: an empty replacement takes the label away.
  const gpus = `(max by (UUID, GPU_I_ID, gpu, modelName, namespace, pod) (${owned})${factor})`;
  const named = `${gpus} * on (namespace, pod) group_left (model_server) ${serverOfPod(namespace)}`;
  return `${named} or on (UUID, GPU_I_ID) ${gpus}`;
}
