import type { ModelEngineArgs } from "./model-server-args";

/** Defaults of `ModelEngineArgs`; ours rather than vLLM's, so that a new vLLM does not move them. */
export const ENGINE_DEFAULTS = {
  tensorParallelSize: 1,
  pipelineParallelSize: 1,
  gpuMemoryUtilization: 0.9,
  maxSequences: 256,
  maxBatchedTokens: 4096,
  dtype: "auto",
  keyValueCacheDtype: "auto",
  prefixCaching: true,
  chunkedPrefill: true,
  logLevel: "INFO",
  maxCompletionsPerRequest: 64,
} as const satisfies ModelEngineArgs;

/** Arguments of the engine with every default filled in. */
export interface Engine extends Required<Omit<ModelEngineArgs, "maxModelLength" | "keyValueOffloadingGiB">> {
  readonly maxModelLength?: number;
  readonly keyValueOffloadingGiB?: number;
}

/** `engine` with every default filled in; an argument that is given as undefined counts as left out. */
export function engineOf(engine: ModelEngineArgs | undefined): Engine {
  const given = Object.entries(engine ?? {}).filter(([, value]) => value !== undefined);
  return { ...ENGINE_DEFAULTS, ...Object.fromEntries(given) };
}

/** How the GPUs of a replica are cut. */
export interface Parallelism {
  /** GPUs that share each layer. */
  readonly tensor: number;
  /** Groups of layers that follow each other. */
  readonly stages: number;
  /** Pods of a replica, each on a node of its own. */
  readonly nodes: number;
  /** What a pod asks for; a fraction when the arguments do not fit together. */
  readonly gpusPerPod: number;
}

/** How the GPUs of a replica over `nodesPerReplica` nodes (default 1) are cut. */
export function parallelismOf(engine: ModelEngineArgs | undefined, nodesPerReplica = 1): Parallelism {
  const { tensorParallelSize, pipelineParallelSize } = engineOf(engine);
  return {
    tensor: tensorParallelSize,
    stages: pipelineParallelSize,
    nodes: nodesPerReplica,
    gpusPerPod: (tensorParallelSize * pipelineParallelSize) / nodesPerReplica,
  };
}
