import type { Problem } from "../internal/problems";
import { engineOf, parallelismOf } from "./engine-defaults";
import type { MemoryInput } from "./model-memory";
import { ModelQuantization } from "./model-server-kinds";

const DTYPES = ["auto", "float16", "bfloat16"];
const CACHE_DTYPES = ["auto", "fp8"];
const LOG_LEVELS = ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"];

/** What is wrong with the figures themselves; with numbers that are none, everything after would be wrong too. */
export function figureProblems(input: MemoryInput): Problem[] {
  return [...factProblems(input), ...numberProblems(input)];
}

/** What is wrong with model and engine on whatever machine: how the model can be cut, and how long sequences may be. */
export function engineProblems(input: MemoryInput): Problem[] {
  return [...cutProblems(input), ...lengthProblems(input)];
}

function factProblems({ facts }: MemoryInput): Problem[] {
  const whole = ["layers", "attentionHeads", "keyValueHeads", "headDimension", "maxPositionEmbeddings"] as const;
  const wrong = whole.filter((key) => !(Number.isInteger(facts[key]) && facts[key] >= 1));
  const optional = ["intermediateSize", "quantizationGroupSize"] as const;
  const wrongOptional = optional.filter((key) => {
    const value = facts[key];
    return value !== undefined && !(Number.isInteger(value) && value >= 1);
  });
  return [
    ...[...wrong, ...wrongOptional].map((key) => ({
      path: `model.facts.${key}`,
      rule: "must be a whole number of at least 1",
      got: facts[key],
      fix: "Take it from the model's config.json.",
    })),
    ...(["parametersBillions", "weightsGiB"] as const)
      .filter((key) => !((facts[key] ?? 1) > 0))
      .map((key) => ({
        path: `model.facts.${key}`,
        rule: "must be above 0",
        got: facts[key],
        fix: "Take it from the model's page.",
      })),
    ...(wrong.length === 0 && facts.attentionHeads % facts.keyValueHeads !== 0
      ? [
          {
            path: "model.facts.keyValueHeads",
            rule: `must divide the attention heads (${facts.attentionHeads}), which share them evenly`,
            got: facts.keyValueHeads,
            fix: "Take both from the model's config.json.",
          },
        ]
      : []),
  ];
}

function numberProblems(input: MemoryInput): Problem[] {
  const engine = engineOf(input.engine);
  const counts = [
    "tensorParallelSize",
    "pipelineParallelSize",
    "maxModelLength",
    "maxSequences",
    "maxBatchedTokens",
    "maxCompletionsPerRequest",
  ] as const;
  const choices = [
    ["dtype", DTYPES],
    ["keyValueCacheDtype", CACHE_DTYPES],
    ["logLevel", LOG_LEVELS],
  ] as const;
  return [
    ...counts
      .filter((key) => !(Number.isInteger(engine[key] ?? 1) && (engine[key] ?? 1) >= 1))
      .map((key) => ({
        path: `engine.${key}`,
        rule: "must be a whole number of at least 1",
        got: engine[key],
        fix: "Correct it, or leave it out.",
      })),
    ...problemUnless(engine.gpuMemoryUtilization > 0 && engine.gpuMemoryUtilization <= 0.98, {
      path: "engine.gpuMemoryUtilization",
      rule: "must be above 0 and at most 0.98: the driver needs the rest",
      got: engine.gpuMemoryUtilization,
      fix: "Use 0.9.",
    }),
    ...problemUnless((engine.keyValueOffloadingGiB ?? 1) > 0, {
      path: "engine.keyValueOffloadingGiB",
      rule: "must be above 0",
      got: engine.keyValueOffloadingGiB,
      fix: "Leave it out to keep the KV cache on the GPUs.",
    }),
    ...choices
      .filter(([key, allowed]) => !allowed.includes(engine[key]))
      .map(([key, allowed]) => ({
        path: `engine.${key}`,
        rule: `must be ${allowed.slice(0, -1).join(", ")} or ${allowed.at(-1)}`,
        got: engine[key],
        fix: "Take one of these.",
      })),
  ];
}

function cutProblems(input: MemoryInput): Problem[] {
  const { facts } = input;
  const { tensor, stages } = parallelismOf(input.engine, input.nodesPerReplica);
  const { attentionHeads, keyValueHeads, layers, intermediateSize, quantizationGroupSize = 128 } = facts;
  const path = "engine.tensorParallelSize";
  const sizes = possibleSizes(input);
  const fix = sizes.length === 0 ? "Check model.facts." : `Use one of ${sizes.join(", ")}.`;
  return [
    ...problemUnless(attentionHeads % tensor === 0, {
      path,
      rule: `must divide the model's ${attentionHeads} attention heads`,
      got: tensor,
      fix,
    }),
    ...problemUnless(attentionHeads % tensor !== 0 || sharesHeads(keyValueHeads, tensor), {
      path,
      rule: `must divide the model's ${keyValueHeads} KV heads, or be a multiple of them`,
      got: tensor,
      fix,
    }),
    // vLLM cuts AWQ's weights between groups only, and would say so in its log after minutes.
    ...problemUnless(alignsGroups(input, tensor), {
      path,
      rule: `must cut intermediate_size ${intermediateSize} into multiples of AWQ's group size ${quantizationGroupSize}`,
      got: tensor,
      fix,
    }),
    ...problemUnless(stages <= layers, {
      path: "engine.pipelineParallelSize",
      rule: `must not exceed the model's ${layers} layers`,
      got: stages,
      fix: "Lower it.",
    }),
  ];
}

function sharesHeads(heads: number, parts: number): boolean {
  return heads >= parts ? heads % parts === 0 : parts % heads === 0;
}

function alignsGroups({ facts }: MemoryInput, parts: number): boolean {
  const { quantization, intermediateSize, quantizationGroupSize = 128 } = facts;
  if (quantization !== ModelQuantization.Awq || intermediateSize === undefined) return true;
  return (intermediateSize / parts) % quantizationGroupSize === 0;
}

/** Into how many parts the model can be cut, as far as nodes have GPUs. */
function possibleSizes(input: MemoryInput): number[] {
  const { attentionHeads, keyValueHeads } = input.facts;
  return [1, 2, 4, 8].filter(
    (size) => attentionHeads % size === 0 && sharesHeads(keyValueHeads, size) && alignsGroups(input, size),
  );
}

function lengthProblems(input: MemoryInput): Problem[] {
  const engine = engineOf(input.engine);
  const { maxPositionEmbeddings } = input.facts;
  const { maxModelLength, maxBatchedTokens, maxSequences, chunkedPrefill } = engine;
  const length = maxModelLength ?? maxPositionEmbeddings;
  return [
    ...problemUnless(length <= maxPositionEmbeddings, {
      path: "engine.maxModelLength",
      rule: `must not exceed the ${maxPositionEmbeddings} tokens (max_position_embeddings) that the model was made for`,
      got: maxModelLength,
      fix: "Lower it.",
    }),
    ...problemUnless(maxBatchedTokens >= maxSequences, {
      path: "engine.maxBatchedTokens",
      rule: `must be at least maxSequences (${maxSequences}): each sequence of a batch has a token in it`,
      got: maxBatchedTokens,
      fix: "Raise it, or lower maxSequences.",
    }),
    ...problemUnless(chunkedPrefill || maxModelLength === undefined || maxBatchedTokens >= length, {
      path: "engine.maxBatchedTokens",
      rule: `must be at least maxModelLength (${length}) without chunkedPrefill: a prompt is then computed in one go`,
      got: maxBatchedTokens,
      fix: "Raise it, lower maxModelLength, or leave chunkedPrefill on.",
    }),
    ...problemUnless(chunkedPrefill || maxModelLength !== undefined, {
      path: "engine.maxModelLength",
      rule: "must be given without chunkedPrefill: it bounds maxBatchedTokens",
      got: "none",
      fix: "Add it, or leave chunkedPrefill on.",
    }),
  ];
}

/** The problem, unless all is well. */
export function problemUnless(holds: boolean, problem: Problem): Problem[] {
  return holds ? [] : [problem];
}
