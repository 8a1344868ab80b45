import { INSTANCE_TYPES, instanceShape, retiredGpu } from "../internal/instance-types";
import type { ContainerResources } from "../internal/pods";
import type { Problem } from "../internal/problems";
import { engineOf, parallelismOf } from "./engine-defaults";
import { engineProblems, figureProblems } from "./model-fit-engine";
import { gpuProblems, nodeProblems } from "./model-fit-node";
import { gpuMemory, type MemoryInput, weightsGiB } from "./model-memory";

/** What a fit is judged by. Plain values. */
export interface FitInput extends MemoryInput {
  /** EC2 type of the nodes. */
  readonly instanceType: string;
  /** Requests and limits of a pod, without GPUs. Default unjudged. */
  readonly resources?: ContainerResources;
  /** Pods that share a GPU. Default 1. */
  readonly podsPerGpu?: number;
}

/** How much a replica holds at once. */
export interface Capacity {
  /** Of the fullest GPU. */
  readonly weightsGiBPerGpu: number;
  /** Tokens that the KV cache of a replica holds; 0 where nothing is known of the type, or nothing fits. */
  readonly keyValueTokens: number;
  /** Longest sequence: as asked for, else the model's own as far as the cache holds it. */
  readonly maxModelLength: number;
  /** Sequences of full length that run at once, at most `maxSequences`. */
  readonly concurrentSequences: number;
}

/** Whether a model fits, and how much of it. */
export interface FitReport extends Capacity {
  /** What is refused, with the number that is short; paths are those of `ModelServerArgs`. */
  readonly problems: Problem[];
  /** What is allowed and likely a mistake, one sentence each. */
  readonly warnings: string[];
  /** Types of our table on which the same arguments fit with room for several sequences, cheapest first. */
  readonly fittingTypes: string[];
}

/** Fewer full sequences than this, and most requests wait. */
const FEW_SEQUENCES = 4;
/** Length of a sequence by which types are recommended where none is asked for. */
const COMMON_LENGTH = 4096;
/** The default length is cut to a multiple of this. */
const LENGTH_STEP = 256;

/** What is said of a model that cannot be reckoned with. */
const NOTHING: FitReport = {
  problems: [],
  warnings: [],
  weightsGiBPerGpu: 0,
  keyValueTokens: 0,
  maxModelLength: 0,
  concurrentSequences: 0,
  fittingTypes: [],
};

/** Judges whether a model fits on nodes of a type, before anything is made. */
export function fitOf(input: FitInput): FitReport {
  const figures = figureProblems(input);
  if (figures.length > 0) return { ...NOTHING, problems: figures };
  const general = engineProblems(input);
  if (general.length > 0) return { ...NOTHING, problems: [...general, ...typeProblems(input, undefined)] };
  const capacity = capacityOf(input);
  const fittingTypes = typesThatFit(input);
  const problems = typeProblems(input, fittingTypes);
  return { ...capacity, problems, warnings: problems.length > 0 ? [] : warningsOf(input, capacity), fittingTypes };
}

/** How much a replica holds at once on nodes of a type, of arguments that are sound. */
export function capacityOf(input: FitInput): Capacity {
  const engine = engineOf(input.engine);
  const { tensor, stages } = parallelismOf(input.engine, input.nodesPerReplica);
  const gpu = instanceShape(input.instanceType)?.gpu;
  const memory = gpu === undefined ? undefined : gpuMemory(input, gpu);
  const keyValueTokens = Math.max(0, memory?.keyValueTokens ?? 0);
  const own = input.facts.maxPositionEmbeddings;
  const held = memory === undefined ? own : Math.floor(keyValueTokens / LENGTH_STEP) * LENGTH_STEP;
  const maxModelLength = engine.maxModelLength ?? Math.min(own, held);
  const sequences = maxModelLength === 0 ? 0 : Math.floor(keyValueTokens / maxModelLength);
  return {
    weightsGiBPerGpu: memory?.weightsGiB ?? weightsGiB(input.facts) / tensor / stages,
    keyValueTokens,
    maxModelLength,
    concurrentSequences: Math.min(engine.maxSequences, sequences),
  };
}

/** What is wrong with the type; `fitting` is what its messages recommend. */
function typeProblems(input: FitInput, fitting: readonly string[] | undefined): Problem[] {
  const { instanceType } = input;
  if (instanceShape(instanceType) === undefined && !retiredGpu(instanceType)) return [];
  return [...gpuProblems(input, fitting), ...nodeProblems(input, fitting)];
}

function typesThatFit(input: FitInput): string[] {
  const price = (type: string) => instanceShape(type)?.onDemandUsdPerHour ?? 0;
  const length = input.engine?.maxModelLength ?? Math.min(input.facts.maxPositionEmbeddings, COMMON_LENGTH);
  return INSTANCE_TYPES.filter((type) => {
    const gpu = instanceShape(type)?.gpu;
    if (gpu === undefined || gpuMemory(input, gpu).keyValueTokens < FEW_SEQUENCES * length) return false;
    return typeProblems({ ...input, instanceType: type }, undefined).length === 0;
  }).sort((a, b) => price(a) - price(b));
}

function warningsOf({ instanceType }: FitInput, capacity: Capacity): string[] {
  const { maxModelLength: length, concurrentSequences: sequences } = capacity;
  if (instanceShape(instanceType) === undefined) {
    return [`nothing is known of the type ${instanceType}, so that nobody judged whether the model fits`];
  }
  if (sequences >= FEW_SEQUENCES) return [];
  return [
    `on ${instanceType} the KV cache holds ${sequences} sequences of ${length} tokens, so that most requests will wait; lower engine.maxModelLength, raise engine.tensorParallelSize, or take a type with more GPU memory`,
  ];
}
