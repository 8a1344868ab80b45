import type { ModelCanaryArgs } from "../../../components/delivery/model-canary-args";
import { MODEL_CATALOGUE } from "../../../components/llm/model-catalogue";
import type { ModelServerArgs } from "../../../components/llm/model-server-args";
import { ModelWeightsKind } from "../../../components/llm/model-server-kinds";

export const PROMETHEUS = "http://prometheus.monitoring:9090";

/** A server as in the seed: 3 to 12 replicas. */
export const SERVER: ModelServerArgs = {
  namespace: "models",
  server: "llama-70b",
  model: { name: "qwen", version: "1", facts: MODEL_CATALOGUE["qwen2.5-7b-instruct"].facts },
  weights: { kind: ModelWeightsKind.S3Streamer },
  resources: { requests: { cpu: "2", memory: "12Gi" }, limits: { cpu: "4", memory: "16Gi" } },
  instanceTypes: ["g6.2xlarge"],
  autoscaling: { minReplicas: 3, maxReplicas: 12, prometheusUrl: PROMETHEUS },
};

/** A canary of that server. */
export const CANARY: ModelCanaryArgs = {
  namespace: "models",
  server: "llama-70b",
  prometheusUrl: PROMETHEUS,
  autoscaler: { minReplicas: 3, maxReplicas: 12 },
  load: { loadTesterUrl: "http://flagger-loadtester.models:8080" },
};
