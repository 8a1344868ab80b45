import { MODEL_CATALOGUE } from "../../../components/llm/model-catalogue";
import type { ModelServerArgs } from "../../../components/llm/model-server-args";
import { ModelQuantization, ModelWeightsKind, ModelWorkloadKind } from "../../../components/llm/model-server-kinds";

/** The seed's model: 16 bits a weight, and what its AWQ checkpoint would be. */
export const SEED_FACTS = MODEL_CATALOGUE["llama-2-70b"].facts;
export const AWQ_FACTS = {
  parametersBillions: 69,
  layers: 80,
  attentionHeads: 64,
  keyValueHeads: 8,
  headDimension: 128,
  maxPositionEmbeddings: 4096,
  quantization: ModelQuantization.Awq,
  intermediateSize: 28672,
};

/** Requests and limits of the seed. */
export const SEED_RESOURCES = {
  requests: { cpu: "8", memory: "32Gi" },
  limits: { cpu: "16", memory: "48Gi" },
};

/** The server of the production stack. */
export function serverArgs(args: Partial<ModelServerArgs> = {}): ModelServerArgs {
  return {
    namespace: "models",
    server: "llama-70b",
    model: { name: "qwen", version: "1", facts: MODEL_CATALOGUE["qwen2.5-72b-instruct-awq"].facts },
    engine: { tensorParallelSize: 2, maxModelLength: 4096 },
    weights: { kind: ModelWeightsKind.S3Streamer },
    resources: SEED_RESOURCES,
    instanceTypes: ["g6e.12xlarge"],
    ...args,
  };
}

/** A server whose replicas span two machines. */
export function multiNodeArgs(args: Partial<ModelServerArgs> = {}): ModelServerArgs {
  return serverArgs({
    workload: ModelWorkloadKind.MultiNode,
    nodesPerReplica: 2,
    engine: { tensorParallelSize: 4, pipelineParallelSize: 2, maxModelLength: 4096 },
    ...args,
  });
}

/** Bounds by which load scales a server. */
export const AUTOSCALING = { minReplicas: 3, maxReplicas: 12, prometheusUrl: "http://prometheus:9090" };
