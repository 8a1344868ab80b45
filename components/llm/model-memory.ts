import type { Gpus } from "../internal/instance-types";
import { engineOf, parallelismOf } from "./engine-defaults";
import type { LoraAdapterArgs, ModelEngineArgs, ModelFactsArgs, ModelWeightsArgs } from "./model-server-args";
import { ModelQuantization, ModelWeightsKind } from "./model-server-kinds";

/** What memory is judged by. Plain values. */
export interface MemoryInput {
  readonly facts: ModelFactsArgs;
  readonly engine?: ModelEngineArgs;
  readonly nodesPerReplica?: number;
  readonly loraAdapters?: readonly LoraAdapterArgs[];
  readonly weights?: ModelWeightsArgs;
}

const GIB = 1024 ** 3;

/** Bytes of a parameter; with 4 bits, scales and zeros of each group of 128 come on top. */
const PARAMETER_BYTES: Readonly<Record<ModelQuantization, number>> = {
  [ModelQuantization.None]: 2,
  [ModelQuantization.Fp8]: 1,
  [ModelQuantization.Awq]: 0.53,
  [ModelQuantization.Gptq]: 0.53,
};

/** CUDA context, NCCL's buffers and CUDA graphs of each GPU: a rough figure, which vLLM measures at its start. */
const FIXED_OVERHEAD_GIB = 1;
/** Activations of each GPU for 4096 tokens in a batch, likewise. */
const ACTIVATIONS_GIB = 0.5;

/** Size of the weights, over all GPUs of a replica. */
export function weightsGiB(facts: ModelFactsArgs): number {
  const bytes = PARAMETER_BYTES[facts.quantization ?? ModelQuantization.None];
  return facts.weightsGiB ?? (facts.parametersBillions * 1e9 * bytes) / GIB;
}

/** What the fullest GPU of a replica holds. */
export interface GpuMemory {
  /** What the engine may take. */
  readonly usableGiB: number;
  readonly weightsGiB: number;
  readonly overheadGiB: number;
  /** Bytes in the KV cache of this GPU for each token of a sequence. */
  readonly bytesPerToken: number;
  /** Tokens that fit beside the rest; below 0 when not even the rest fits. */
  readonly keyValueTokens: number;
}

/** How the memory of `gpu` is used. */
export function gpuMemory(input: MemoryInput, gpu: Gpus): GpuMemory {
  const { facts } = input;
  const engine = engineOf(input.engine);
  const { tensor, stages } = parallelismOf(input.engine, input.nodesPerReplica);
  const layers = Math.ceil(facts.layers / stages);
  const usableGiB = (gpu.memoryMiB / 1024) * engine.gpuMemoryUtilization;
  const weights = (weightsGiB(facts) * layers) / facts.layers / tensor;
  const overheadGiB =
    FIXED_OVERHEAD_GIB + (ACTIVATIONS_GIB * engine.maxBatchedTokens) / 4096 + adaptersGiB(input) / tensor / stages;
  // With more GPUs than KV heads each GPU still holds one.
  const heads = Math.max(1, facts.keyValueHeads / tensor);
  const bytesPerToken = 2 * layers * heads * facts.headDimension * (engine.keyValueCacheDtype === "fp8" ? 1 : 2);
  const keyValueTokens = Math.floor(((usableGiB - weights - overheadGiB) * GIB) / bytesPerToken);
  return { usableGiB, weightsGiB: weights, overheadGiB, bytesPerToken, keyValueTokens };
}

/** Room for adapters: a matrix of h × h has 2 × h × rank numbers beside it, so that share of the 16-bit weights. */
function adaptersGiB({ facts, loraAdapters = [] }: MemoryInput): number {
  const hidden = facts.attentionHeads * facts.headDimension;
  const share = (2 * loraRank(loraAdapters) * loraAdapters.length) / hidden;
  return (share * facts.parametersBillions * 1e9 * 2) / GIB;
}

/** Ranks that vLLM makes room for; it takes no other number. */
export const LORA_RANKS = [1, 8, 16, 32, 64, 128, 256, 320, 512] as const;

/** The room that vLLM must make for each of these adapters. */
export function loraRank(adapters: readonly LoraAdapterArgs[]): number {
  const highest = Math.max(...adapters.map(({ rank = 16 }) => rank), 1);
  return LORA_RANKS.find((rank) => rank >= highest) ?? 512;
}

/** What a pod takes of its node's memory. */
export interface HostMemory {
  /** Size of /dev/shm. */
  readonly sharedGiB: number;
  /** What the KV cache spills into. */
  readonly offloadedGiB: number;
  /** What weights pass through on their way to the GPUs. */
  readonly buffersGiB: number;
  /** The processes themselves: a rough figure. */
  readonly processesGiB: number;
  readonly totalGiB: number;
}

const PROCESS_GIB = 1.5;
const BUFFER_GIB = 4;

/** Bytes of host memory of each GPU's process through which streamed weights pass. */
export function streamerBufferBytes(weights: ModelWeightsArgs): number {
  return (weights.s3Streamer?.bufferGiB ?? BUFFER_GIB) * GIB;
}

/** What a pod takes of its node's memory. */
export function hostMemory(input: MemoryInput): HostMemory {
  const { gpusPerPod, nodes } = parallelismOf(input.engine, input.nodesPerReplica);
  const { weights } = input;
  // Without room NCCL hangs instead of failing; the default of a container is 64 MiB.
  const sharedGiB = Math.max(4, 2 * gpusPerPod);
  const offloadedGiB = (engineOf(input.engine).keyValueOffloadingGiB ?? 0) / nodes;
  const buffersGiB =
    weights?.kind === ModelWeightsKind.S3Streamer ? (gpusPerPod * streamerBufferBytes(weights)) / GIB : 0;
  // API server and engine; with several GPUs a process for each.
  const processesGiB = PROCESS_GIB * (2 + (gpusPerPod > 1 ? gpusPerPod : 0));
  const totalGiB = sharedGiB + offloadedGiB + buffersGiB + processesGiB;
  return { sharedGiB, offloadedGiB, buffersGiB, processesGiB, totalGiB };
}
