import assert from "node:assert/strict";
import { alertRules } from "../../../components/llm/model-alerts";
import { assertAnswers, type SeriesTable } from "../support/promtool";

const RULES = alertRules("models", { timeToFirstTokenSecondsOf: { qwen: 10 } }, true);
const TARGET = 'namespace="models",job="models/model-servers",model_server="llama",app="llama"';
const SERVER = { namespace: "models", model_server: "llama" };

function engine(name: string, pod = "llama-1", further = ""): string {
  return `vllm:${name}{${TARGET},pod="${pod}",model_name="llama-70b",engine="0"${further}}`;
}

function up(pod = "llama-1"): string {
  return `up{${TARGET},pod="${pod}"}`;
}

function podState(name: string, pod = "llama-1", further = ""): string {
  return `kube_pod_${name}{namespace="models",pod="${pod}",uid="1"${further}}`;
}

function gpu(metric: string): string {
  return `DCGM_FI_DEV_${metric}{${Object.entries(GPU)
    .map(([label, value]) => `${label}="${value}"`)
    .join(",")},namespace="gpu-runtime",pod="dcgm-exporter-1"}`;
}

const GPU = {
  UUID: "GPU-1",
  gpu: "0",
  modelName: "NVIDIA L40S",
  exported_namespace: "models",
  exported_pod: "llama-1",
};
const EXPORTER = { namespace: "gpu-runtime", pod: "dcgm-exporter-1" };

/** Requests of which 90 in 100 see their first token within the first of two bounds, and all within the second. */
function firstTokens(server: string, fast: string, slow: string): SeriesTable {
  const bucket = (le: string) =>
    `vllm:time_to_first_token_seconds_bucket{namespace="models",job="models/model-servers",model_server="${server}",pod="${server}-1",le="${le}"}`;
  return { [bucket(fast)]: "0+90x200", [bucket(slow)]: "0+100x200", [bucket("+Inf")]: "0+100x200" };
}

/** When an alert fires, what it then says, and what must leave it silent. */
interface Case {
  readonly alert: string;
  readonly fires: SeriesTable;
  readonly at: string;
  readonly labels: Record<string, string>;
  readonly summary: string;
  readonly description: string;
  /** Not yet, or not any more. */
  readonly silentAt: readonly string[];
  readonly silent: readonly SeriesTable[];
}

const CASES: readonly Case[] = [
  {
    alert: "ModelQueueGrows",
    fires: { [up()]: "1x200", [up("llama-2")]: "1x200", [engine("num_requests_waiting")]: "24x200" },
    at: "11m",
    labels: { ...SERVER, severity: "warning" },
    summary: "Requests queue up before llama",
    description: "12 requests wait for each replica, for ten minutes by now.",
    silentAt: ["9m"],
    // As many are borne by three replicas; and a peak that ends is none.
    silent: [
      {
        [up()]: "1x200",
        [up("llama-2")]: "1x200",
        [up("llama-3")]: "1x200",
        [engine("num_requests_waiting")]: "24x200",
      },
      { [up()]: "1x200", [engine("num_requests_waiting")]: "90x30 0x170" },
    ],
  },
  {
    alert: "ModelKeyValueCacheFull",
    fires: { [engine("kv_cache_usage_perc")]: "0.4x200", [engine("kv_cache_usage_perc", "llama-2")]: "0.95x200" },
    at: "11m",
    labels: { ...SERVER, severity: "warning" },
    summary: "The KV cache of llama is nearly full",
    description: "A replica uses 95% of its KV cache: requests are put off, and computed anew.",
    silentAt: ["9m"],
    silent: [{ [engine("kv_cache_usage_perc")]: "0.9x200" }],
  },
  {
    alert: "ModelFirstTokenSlow",
    fires: { ...firstTokens("llama", "1", "5"), ...firstTokens("qwen", "1", "5") },
    at: "12m",
    labels: { ...SERVER, severity: "warning" },
    summary: "llama answers slowly",
    description: "Of 100 requests, 5 wait 3s or more for their first token: longer than promised.",
    silentAt: ["9m"],
    silent: [firstTokens("llama", "1", "2"), firstTokens("qwen", "5", "10"), { [up()]: "1x200" }],
  },
  {
    alert: "ModelRequestsFail",
    fires: {
      [engine("request_success_total", "llama-1", ',finished_reason="stop"')]: "0+90x200",
      [engine("request_success_total", "llama-1", ',finished_reason="error"')]: "0+10x200",
    },
    at: "12m",
    labels: { ...SERVER, severity: "critical" },
    summary: "Requests of llama fail",
    description: "10.0 % of requests fail by the server's fault.",
    silentAt: ["9m"],
    // Callers who hang up, and nobody who calls.
    silent: [
      {
        [engine("request_success_total", "llama-1", ',finished_reason="stop"')]: "0+90x200",
        [engine("request_success_total", "llama-1", ',finished_reason="abort"')]: "0+90x200",
        [engine("request_success_total", "llama-1", ',finished_reason="error"')]: "0x200",
      },
      {
        [engine("request_success_total", "llama-1", ',finished_reason="stop"')]: "5x200",
        [engine("request_success_total", "llama-1", ',finished_reason="error"')]: "0x200",
      },
    ],
  },
  {
    alert: "ModelNoCapacity",
    fires: { [podState("status_unschedulable", "llama-3")]: "1x200" },
    at: "16m",
    labels: { namespace: "models", pod: "llama-3", severity: "critical" },
    summary: "There is no machine for llama-3",
    description:
      "The pod has found no node for fifteen minutes: the pool is at its limit, or AWS has none of its types to give.",
    silentAt: ["14m"],
    // A machine that comes within ten minutes, and pods of others.
    silent: [
      { [podState("status_unschedulable", "llama-3")]: "1x60 _x140" },
      { 'kube_pod_status_unschedulable{namespace="research",pod="notebook",uid="1"}': "1x200" },
    ],
  },
  {
    alert: "ModelServerSilent",
    fires: { [up()]: "0x400", [up("llama-2")]: "0x400" },
    at: "46m",
    labels: { ...SERVER, severity: "critical" },
    summary: "No replica of llama answers",
    description: "Pods run, and none of them has answered for 45 minutes.",
    silentAt: ["44m"],
    // One that answers is enough; and a server that sleeps has no target.
    silent: [{ [up()]: "0x400", [up("llama-2")]: "1x400" }, { [up()]: "0x100 stale" }],
  },
  {
    alert: "ModelScrapeDown",
    fires: { [up()]: "0x200", [podState("status_ready", "llama-1", ',condition="true"')]: "1x200" },
    at: "6m",
    labels: { ...SERVER, pod: "llama-1", job: "models/model-servers", app: "llama", severity: "warning" },
    summary: "llama-1 answers requests but not Prometheus",
    description: "Scaling of llama does not see this replica.",
    silentAt: ["4m"],
    // A pod that loads its weights.
    silent: [{ [up()]: "0x200", [podState("status_ready", "llama-1", ',condition="true"')]: "0x200" }],
  },
  {
    alert: "ModelWakeUpBlind",
    fires: { [up()]: "1x200" },
    at: "11m",
    labels: { severity: "critical" },
    summary: "A sleeping model would not be woken",
    description: "Prometheus has no metrics of Traefik, whose count of requests wakes servers without a replica.",
    silentAt: ["9m"],
    silent: [{ 'traefik_config_reloads_total{pod="traefik-1"}': "1x200" }],
  },
  {
    alert: "ModelGpuBroken",
    fires: { [gpu("XID_ERRORS")]: "_x30 79x170" },
    at: "7m",
    labels: { ...GPU, ...EXPORTER, severity: "critical" },
    summary: "GPU 0 (NVIDIA L40S, GPU-1) is broken",
    description: "It reported XID 79, while llama-1 had it.",
    silentAt: ["4m"],
    // An error of the program that used it.
    silent: [{ [gpu("XID_ERRORS")]: "31x200" }, { [gpu("XID_ERRORS")]: "0x200" }],
  },
  {
    alert: "ModelGpuError",
    fires: { [gpu("XID_ERRORS")]: "_x60 31x190" },
    at: "12m",
    labels: { ...GPU, ...EXPORTER, severity: "warning" },
    summary: "GPU 0 (NVIDIA L40S, GPU-1) reported an error",
    description: "XID 31, while llama-1 had it.",
    // Before it, and a quarter of an hour after it.
    silentAt: ["9m", "27m"],
    silent: [{ [gpu("XID_ERRORS")]: "0x200" }],
  },
  {
    alert: "ModelGpuIdle",
    fires: { [gpu("GPU_UTIL")]: "0x2400" },
    at: "361m",
    labels: { ...GPU, severity: "info" },
    summary: "GPU 0 (NVIDIA L40S, GPU-1) costs money and does nothing",
    description: "It has had no work for 6 hours.",
    silentAt: ["350m"],
    // A little work each hour.
    silent: [{ [gpu("GPU_UTIL")]: "0x1000 80x60 0x1400" }],
  },
];

describe("alerts about models, evaluated by Prometheus' own engine", () => {
  it("are all tried here", () => {
    assert.deepEqual(CASES.map(({ alert }) => alert).sort(), [...new Set(RULES.map(({ alert }) => alert))].sort());
  });

  for (const { alert, fires, at, labels, summary, description, silentAt, silent } of CASES) {
    it(`${alert} fires, says what is the matter, and not too early`, () =>
      assertAnswers({
        rules: RULES,
        series: fires,
        alerts: [
          {
            alert,
            at,
            fires: [
              {
                labels,
                annotations: { summary, description, runbook: `docs/models-scaling.md#${alert.toLowerCase()}` },
              },
            ],
          },
          ...silentAt.map((time) => ({ alert, at: time, fires: [] })),
        ],
      }));

    it(`${alert} stays silent when nothing is the matter`, async () => {
      for (const series of silent) await assertAnswers({ rules: RULES, series, alerts: [{ alert, at, fires: [] }] });
    });
  }

  it("have an objective of their own for servers that were named", () =>
    assertAnswers({
      rules: RULES,
      series: firstTokens("qwen", "5", "20"),
      alerts: [
        {
          alert: "ModelFirstTokenSlow",
          at: "12m",
          fires: [
            {
              labels: { namespace: "models", model_server: "qwen", severity: "warning" },
              annotations: {
                summary: "qwen answers slowly",
                description: "Of 100 requests, 5 wait 12.5s or more for their first token: longer than promised.",
                runbook: "docs/models-scaling.md#modelfirsttokenslow",
              },
            },
          ],
        },
      ],
    }));
});
