import { alertRules } from "../../../components/llm/model-alerts";
import { modelDashboard } from "../../../components/llm/model-dashboard";
import { recordingRules } from "../../../components/llm/model-rules";
import { assertAnswers, assertSound, type QueryCase, type SeriesTable } from "../support/promtool";

const RULES = recordingRules("models");
const TARGET = 'namespace="models",job="models/model-servers",model_server="llama",app="llama"';

/** A series of a pod of the server. */
function engine(name: string, pod: string, further = ""): string {
  return `vllm:${name}{${TARGET},pod="${pod}",model_name="llama-70b",engine="0"${further}}`;
}

function up(pod: string): string {
  return `up{${TARGET},pod="${pod}"}`;
}

function recorded(series: SeriesTable, queries: readonly QueryCase[]): Promise<void> {
  return assertAnswers({ series, queries, rules: RULES });
}

describe("recorded series", () => {
  it("are well formed, as the alerts and every query of the dashboard are", async () => {
    await assertSound([...RULES, ...alertRules("models", { timeToFirstTokenSecondsOf: { llama: 5, qwen: 1 } })]);
    const shown = modelDashboard("models").panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const filledIn = shown.map((expr) =>
      expr.replaceAll("$__rate_interval", "1m").replaceAll("$model_server", "llama|qwen"),
    );
    await assertSound(filledIn.map((expr, index) => ({ record: `panel_${index}`, expr })));
  });

  it("L45: count requests by how they ended, in three words", () =>
    recorded(
      {
        [engine("request_success_total", "llama-1", ',finished_reason="stop"')]: "0+4x60",
        [engine("request_success_total", "llama-1", ',finished_reason="length"')]: "0+1x60",
        [engine("request_success_total", "llama-1", ',finished_reason="abort"')]: "0+2x60",
        [engine("request_success_total", "llama-1", ',finished_reason="error"')]: "0+3x60",
        [engine("request_success_total", "llama-1", ',finished_reason="repetition"')]: "0+1x60",
      },
      [
        {
          expr: "sum by (model_name, status) (llm_requests_total)",
          at: "5m",
          answers: {
            '{model_name="llama-70b",status="success"}': 150,
            '{model_name="llama-70b",status="aborted"}': 60,
            '{model_name="llama-70b",status="error"}': 120,
          },
        },
      ],
    ));

  it("L45: keep pods apart, so that the restart of one is no flood of requests", () =>
    recorded(
      {
        [engine("request_success_total", "llama-1", ',finished_reason="stop"')]: "1000+1x60",
        [engine("request_success_total", "llama-2", ',finished_reason="stop"')]: "1000x20 0x40",
      },
      [{ expr: "round(sum(increase(llm_requests_total[5m])))", at: "6m", answers: { "{}": 30 } }],
    ));

  it("L45: hold durations and tokens under the names that they had", () =>
    recorded(
      {
        [engine("e2e_request_latency_seconds_bucket", "llama-1", ',le="1"')]: "0+5x60",
        [engine("e2e_request_latency_seconds_bucket", "llama-1", ',le="+Inf"')]: "0+10x60",
        [engine("e2e_request_latency_seconds_sum", "llama-1")]: "0+20x60",
        [engine("e2e_request_latency_seconds_count", "llama-1")]: "0+10x60",
        [engine("generation_tokens_total", "llama-1")]: "0+100x60",
      },
      [
        {
          expr: "rate(llm_request_duration_seconds_sum[1m]) / rate(llm_request_duration_seconds_count[1m])",
          at: "5m",
          answers: { [of("llama-1")]: 2 },
        },
        { expr: 'sum(llm_request_duration_seconds_bucket{le="1"})', at: "5m", answers: { "{}": 150 } },
        { expr: "sum(rate(llm_tokens_generated_total[1m]))", at: "5m", answers: { "{}": 10 } },
      ],
    ));

  it("L45: tell how long a replica took from its node to its first answer, and nothing of other pods", () =>
    recorded(
      {
        [up("llama-1")]: "0x30 1x30",
        'kube_pod_status_scheduled_time{namespace="models",pod="llama-1",uid="1",job="kube-state-metrics"}': "1000x60",
        'kube_pod_status_ready_time{namespace="models",pod="llama-1",uid="1",job="kube-state-metrics"}': "1900x60",
        'kube_pod_status_scheduled_time{namespace="models",pod="import-1",uid="2",job="kube-state-metrics"}': "1000x60",
        'kube_pod_status_ready_time{namespace="models",pod="import-1",uid="2",job="kube-state-metrics"}': "1010x60",
      },
      [
        {
          expr: "llm_model_load_duration_seconds",
          at: "5m",
          answers: {
            'llm_model_load_duration_seconds{namespace="models",pod="llama-1",model_server="llama"}': 900,
          },
        },
      ],
    ));

  it("L45: tell of each GPU how it works and how full it is, with pod and server where it has one", () => {
    const gpu = (metric: string, uuid: string, owner: string) =>
      `DCGM_FI_DEV_${metric}{UUID="${uuid}",gpu="0",modelName="NVIDIA L40S",Hostname="ip-10-0-0-1",namespace="gpu-runtime",pod="dcgm-exporter-1",job="dcgm-exporter"${owner}}`;
    const llama = ',exported_namespace="models",exported_pod="llama-1",exported_container="vllm"';
    const alien = ',exported_namespace="research",exported_pod="notebook-0"';
    const mine = '{UUID="GPU-1",gpu="0",modelName="NVIDIA L40S",namespace="models",pod="llama-1",model_server="llama"}';
    const theirs = '{UUID="GPU-2",gpu="0",modelName="NVIDIA L40S",namespace="research",pod="notebook-0"}';
    const free = '{UUID="GPU-3",gpu="0",modelName="NVIDIA L40S"}';
    return recorded(
      {
        [up("llama-1")]: "1x60",
        [gpu("GPU_UTIL", "GPU-1", llama)]: "93x60",
        [gpu("GPU_UTIL", "GPU-2", alien)]: "40x60",
        [gpu("GPU_UTIL", "GPU-3", "")]: "0x60",
        [gpu("FB_USED", "GPU-1", llama)]: "1024x60",
      },
      [
        {
          expr: "gpu_utilization_percent",
          at: "5m",
          answers: {
            [`gpu_utilization_percent${mine}`]: 93,
            [`gpu_utilization_percent${theirs}`]: 40,
            [`gpu_utilization_percent${free}`]: 0,
          },
        },
        { expr: "gpu_memory_used_bytes", at: "5m", answers: { [`gpu_memory_used_bytes${mine}`]: 1024 ** 3 } },
      ],
    );
  });
});

/** Labels of a recorded counter. */
function of(pod: string): string {
  return `{namespace="models",model_server="llama",model_name="llama-70b",pod="${pod}"}`;
}
