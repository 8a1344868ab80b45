import assert from "node:assert/strict";
import { modelScalerQueries } from "../../../components/llm/model-autoscaling-triggers";
import {
  askedAtGateway,
  askedAtRouter,
  failedRequestRatio,
  timeToFirstToken,
} from "../../../components/llm/model-metrics-queries";
import { assertAnswers, type SeriesTable } from "../support/promtool";

const SCOPE = { namespace: "models", modelServer: "llama", app: "llama" };
const QUERIES = modelScalerQueries(SCOPE);

/** Labels of a series of one pod, as the PodMonitor makes them. */
function labels(pod: string, further: Record<string, string> = {}): string {
  const all = {
    namespace: "models",
    job: "models/model-servers",
    model_server: "llama",
    app: "llama",
    pod,
    model_name: "llama-70b",
    engine: "0",
    ...further,
  };
  return `{${Object.entries(all)
    .map(([label, value]) => `${label}="${value}"`)
    .join(",")}}`;
}

/** What a pod tells when two requests wait and nine run. */
function busy(pod: string, further: Record<string, string> = {}): SeriesTable {
  const of = labels(pod, further);
  return {
    [`vllm:num_requests_waiting${of}`]: "2x60",
    [`vllm:num_requests_running${of}`]: "9x60",
    [`vllm:kv_cache_usage_perc${of}`]: `0.${pod.replace(/\D/g, "") || "9"}x60`,
    [`vllm:request_success_total${labels(pod, { ...further, finished_reason: "stop" })}`]: "0+30x60",
  };
}

/** What is about beside the server: the router under the same names, another server, the primary of a canary. */
const OTHERS: SeriesTable = {
  ...busy("other-1", { model_server: "qwen", app: "qwen" }),
  ...busy("primary-1", { app: "llama-primary" }),
  'vllm:num_requests_waiting{namespace="models",job="models/model-router",server="http://10.0.0.1:8000"}': "50x60",
  'vllm:num_requests_running{namespace="models",job="models/model-router",server="http://10.0.0.1:8000"}': "50x60",
};

function each(expected: Record<keyof typeof QUERIES, number> | undefined) {
  return Object.entries(QUERIES).map(([name, expr]) => ({
    expr,
    at: "5m",
    answers: (expected === undefined ? {} : { "{}": expected[name as keyof typeof QUERIES] }) as Record<string, number>,
  }));
}

describe("queries of the triggers, evaluated by Prometheus' own engine", () => {
  it("answer nothing while there is no replica, whatever else there is", async () => {
    await assertAnswers({ series: OTHERS, queries: each(undefined) });
  });

  it("answer one element for one replica", async () => {
    await assertAnswers({
      series: { ...OTHERS, ...busy("llama-4") },
      queries: each({
        "waiting-requests": 2,
        "running-requests": 9,
        "key-value-cache": 0.4,
        "requests-per-second": 3,
      }),
    });
  });

  it("answer one element for three: the sum of what waits and runs, and the fullest cache", async () => {
    await assertAnswers({
      series: { ...OTHERS, ...busy("llama-4"), ...busy("llama-7"), ...busy("llama-2") },
      queries: each({
        "waiting-requests": 6,
        "running-requests": 27,
        "key-value-cache": 0.7,
        "requests-per-second": 9,
      }),
    });
  });

  it("count nothing twice when an engine in a pod is one of several", async () => {
    await assertAnswers({
      series: { ...busy("llama-4"), ...busy("llama-4", { engine: "1" }) },
      queries: [{ expr: QUERIES["running-requests"], at: "5m", answers: { "{}": 18 } }],
    });
  });

  it("see both halves of a canary when the scope names no app", async () => {
    const all = modelScalerQueries({ namespace: "models", modelServer: "llama" });
    await assertAnswers({
      series: { ...OTHERS, ...busy("llama-4") },
      queries: [{ expr: all["running-requests"], at: "5m", answers: { "{}": 18 } }],
    });
  });
});

describe("queries that wake a sleeping server", () => {
  const route = (code: string, server = "llama", pod = "traefik-1") =>
    `traefik_router_requests_total{router="models-${server}-0123456789abcdef0123@kubernetescrd",code="${code}",pod="${pod}",exported_service="x",method="POST",protocol="http"}`;
  const gateway = askedAtGateway("models", "llama");
  const asks = (series: SeriesTable, answers: Record<string, number>, expr = gateway) =>
    assertAnswers({
      series,
      queries: Object.entries(answers).map(([at, value]) => ({ expr, at, answers: { "{}": value } })),
    });

  it("answer 0 as long as nobody has ever asked", () => asks({}, { "1m": 0, "10m": 0 }));

  it("see the very first request of all, whose counter was not there before", () =>
    // Two minutes without a counter, then one request; forgotten two minutes later.
    asks({ [route("503")]: "_x12 1x60" }, { "1m50s": 0, "2m": 1, "3m": 1, "4m10s": 0, "8m": 0 }));

  it("see one more request among many", () =>
    asks({ [route("503")]: "40x30 41x60" }, { "4m50s": 0, "5m20s": 1, "7m30s": 0 }));

  it("are kept up by answers as well, and by no refusal", () =>
    Promise.all([
      asks({ [route("200")]: "40+1x60" }, { "5m": 1 }),
      asks({ [route("401")]: "40+1x60", [route("429")]: "0+9x60" }, { "5m": 0 }),
    ]));

  it("do not mix up servers, not even when a name begins like another", () =>
    asks({ [route("503", "llama-big")]: "40+1x60", [route("503", "big-llama")]: "40+1x60" }, { "5m": 0 }));

  it("survive a restart of the gateway", () =>
    asks(
      { [route("503", "llama", "traefik-1")]: "40x30 stale", [route("503", "llama", "traefik-2")]: "_x40 1x30" },
      { "6m": 0, "6m50s": 1 },
    ));

  it("do so at the router too, for every name of the model", () => {
    const of = (model: string, job = "models/model-router") =>
      `vllm:num_incoming_requests_total{job="${job}",model="${model}",pod="router-1"}`;
    const expr = askedAtRouter("models/model-router", ["llama", "llama-1.5"]);
    return Promise.all([
      asks({ [of("llama")]: "_x12 1x60" }, { "1m50s": 0, "2m": 1, "5m": 0 }, expr),
      asks({ [of("llama-1.5")]: "7+1x60" }, { "5m": 1 }, expr),
      asks({ [of("llama-105")]: "7+1x60", [of("llama", "models/other")]: "7+1x60" }, { "5m": 0 }, expr),
    ]);
  });
});

describe("queries that judge a server", () => {
  const bucket = (pod: string, le: string) => `vllm:time_to_first_token_seconds_bucket${labels(pod, { le })}`;

  it("tell the time to the first token over all replicas as one figure", () =>
    assertAnswers({
      series: {
        [bucket("llama-1", "0.5")]: "0+50x60",
        [bucket("llama-1", "1")]: "0+100x60",
        [bucket("llama-1", "+Inf")]: "0+100x60",
        [bucket("llama-2", "0.5")]: "0+50x60",
        [bucket("llama-2", "1")]: "0+100x60",
        [bucket("llama-2", "+Inf")]: "0+100x60",
      },
      queries: [
        { expr: timeToFirstToken(SCOPE, 0.5, "5m"), at: "8m", answers: { "{}": 0.5 } },
        { expr: timeToFirstToken(SCOPE, 0.75, "5m"), at: "8m", answers: { "{}": 0.75 } },
      ],
    }));

  it("tell the share of requests that fail, for which callers who hang up do not count", () => {
    const ended = (finished_reason: string) => `vllm:request_success_total${labels("llama-1", { finished_reason })}`;
    return assertAnswers({
      series: { [ended("stop")]: "0+80x60", [ended("abort")]: "0+10x60", [ended("error")]: "0+10x60" },
      queries: [{ expr: failedRequestRatio(SCOPE, "1m"), at: "8m", answers: { "{}": 0.1 } }],
    });
  });

  it("are what a canary's controller fills in", () => {
    const query = timeToFirstToken(
      { namespace: "{{ namespace }}", modelServer: "llama", app: "{{ target }}" },
      0.95,
      "1m",
    );
    assert.match(query, /app="\{\{ target \}\}"/);
  });
});
