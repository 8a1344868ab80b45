import { traefikServicePattern } from "./model-gateway-names";
import { type Matchers, METRICS, type Metric, MODEL_MONITOR, monitorJob, series } from "./model-metrics";

/** Whose series a query reads. Plain text, so that a canary's controller may fill in names of its own. */
export interface MetricScope {
  readonly namespace: string;
  /** Name of the server. */
  readonly modelServer: string;
  /** Label `app` of the pods: with a canary the server's primary is `<server>-primary`. Default all pods of the server. */
  readonly app?: string;
}

/** Matchers of one server's series. The job keeps out what a router exports under the engine's names. */
export function scoped({ namespace, modelServer, app }: MetricScope, further: Matchers = {}): Matchers {
  return { namespace, model_server: modelServer, app, job: monitorJob(namespace, MODEL_MONITOR), ...further };
}

/** Matchers of all servers' series. */
export function allServers(namespace: string, further: Matchers = {}): Matchers {
  return { namespace, job: monitorJob(namespace, MODEL_MONITOR), ...further };
}

function total(metric: Metric, scope: MetricScope): string {
  return `sum(${series(metric, scoped(scope))})`;
}

/** Requests that wait for room, over all replicas: one element. */
export function waitingRequests(scope: MetricScope): string {
  return total(METRICS.waitingRequests, scope);
}

/** Requests that are being answered, over all replicas: one element. */
export function runningRequests(scope: MetricScope): string {
  return total(METRICS.runningRequests, scope);
}

/** Share of the KV cache in use on the fullest replica, 0 to 1: one element. */
export function keyValueCacheUsage(scope: MetricScope): string {
  return `max(${series(METRICS.keyValueCacheUsage, scoped(scope))})`;
}

/** Requests that end in a second, over all replicas: one element. */
export function requestsPerSecond(scope: MetricScope, window = "1m"): string {
  return `sum(rate(${series(METRICS.finishedRequests, scoped(scope))}[${window}]))`;
}

/** Seconds until the first token that a share of all requests stays below, e.g. 0.95: one element, NaN without requests. */
export function timeToFirstToken(scope: MetricScope, quantile: number, window: string): string {
  const buckets = series(METRICS.timeToFirstToken, scoped(scope), "_bucket");
  return `histogram_quantile(${quantile}, sum by (le) (rate(${buckets}[${window}])))`;
}

/** Endings of a request that are the server's fault. */
export const FAILED = "=~error|repetition";

/** Share of requests that fail by the server's fault, 0 to 1: one element, NaN without requests. */
export function failedRequestRatio(scope: MetricScope, window: string): string {
  const rate = (further: Matchers) =>
    `sum(rate(${series(METRICS.finishedRequests, scoped(scope, further))}[${window}]))`;
  return `${rate({ finished_reason: FAILED })} / ${rate({})}`;
}

/** How far back a request counts that wakes a server or keeps it awake. */
const WAKE_WINDOW = "2m";

/** Whether a server was asked for at Traefik, whoever answered: one element, 0 or 1. */
export function askedAtGateway(namespace: string, server: string): string {
  // Traefik names a router as it names the service behind it. Refused requests (401, 429 and the like) count for nothing.
  return asked(
    series(METRICS.gatewayRequests, { router: `=~${traefikServicePattern(namespace, server)}`, code: "!~4.." }),
  );
}

/** Whether a model was asked for at vLLM's router, under any of its names: one element, 0 or 1. */
export function askedAtRouter(job: string, servedNames: readonly string[]): string {
  const names = servedNames.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return asked(series(METRICS.routedRequests, { job, model: `=~${names.join("|")}` }));
}

/**
 * `increase` sees nothing in a counter's first sample, and the first request of all is just that: a counter that was not
 * there before counts as asked for. Without any counter the answer is 0, not nothing.
 */
function asked(counter: string): string {
  const grown = `(sum(increase(${counter}[${WAKE_WINDOW}])) or vector(0))`;
  const fresh = `(count(${counter} unless ${counter} offset ${WAKE_WINDOW}) or vector(0))`;
  return `${grown} + ${fresh} > bool 0`;
}
