import * as z from "zod";
import { ENGINE_DEFAULTS } from "../../../../components/llm/engine-defaults";
import { choice, flag, whole } from "../../fields";

/** `llm.models.<server>.engine`: arguments of vLLM that have a key of their own. */
export const engineSettings = z
  .strictObject({
    tensorParallelSize: whole("GPUs of one machine that hold a replica together. Default 1.", 1, 64).default(
      ENGINE_DEFAULTS.tensorParallelSize,
    ),
    pipelineParallelSize: whole(
      "Stages that follow each other: one a machine with multiNode, else GPUs of the same. Default 1.",
      1,
      64,
    ).default(ENGINE_DEFAULTS.pipelineParallelSize),
    gpuMemoryUtilization: z
      .number()
      .positive()
      .max(0.98)
      .default(ENGINE_DEFAULTS.gpuMemoryUtilization)
      .describe("Share of each GPU's memory that the engine takes. Default 0.9."),
    maxModelLength: whole(
      "Longest sequence, prompt and answer, in tokens. Default the model's own, as far as it fits.",
      1,
      100_000_000,
    ).optional(),
    maxSequences: whole("Most sequences in one batch. Default 256.", 1, 8192).default(ENGINE_DEFAULTS.maxSequences),
    maxBatchedTokens: whole("Most tokens in one batch. Default 4096.", 1, 1_048_576).default(
      ENGINE_DEFAULTS.maxBatchedTokens,
    ),
    dtype: choice("Numbers of the computation: auto (the checkpoint's), float16 or bfloat16. Default auto.", [
      "auto",
      "float16",
      "bfloat16",
    ]).default(ENGINE_DEFAULTS.dtype),
    keyValueCacheDtype: choice("Numbers of the KV cache: auto or fp8, which holds twice as much. Default auto.", [
      "auto",
      "fp8",
    ]).default(ENGINE_DEFAULTS.keyValueCacheDtype),
    keyValueOffloadingGiB: z
      .number()
      .positive()
      .max(100_000)
      .optional()
      .describe(
        "GiB of the machine's memory, over all GPUs of a replica, that the KV cache spills into. Default none.",
      ),
    prefixCaching: flag("Whether equal beginnings of prompts are computed once. Default true.", true),
    chunkedPrefill: flag("Whether long prompts are computed in parts between other requests. Default true.", true),
    logLevel: choice("Level of the log. Default INFO.", ["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]).default(
      ENGINE_DEFAULTS.logLevel,
    ),
    maxCompletionsPerRequest: whole("Most completions (n) of one request. Default 64.", 1, 16384).default(
      ENGINE_DEFAULTS.maxCompletionsPerRequest,
    ),
  })
  .prefault({})
  .describe("Arguments of vLLM.");
