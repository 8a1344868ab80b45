import { stringify } from "yaml";
import { shortHash, stableJson } from "../internal/stable-json";
import { engineOf } from "./engine-defaults";
import { ENGINE_FLAGS, ENGINE_PATHS, ENGINE_VALUES, LOGGING_NAMES } from "./engine-flags";
import { capacityOf } from "./model-fit";
import { loraRank, streamerBufferBytes } from "./model-memory";
import { MODEL_PORT } from "./model-names";
import { adapterPath } from "./model-paths";
import type { ModelServerArgs } from "./model-server-args";
import { ModelQuantization, ModelWeightsKind } from "./model-server-kinds";
import { timingOf } from "./model-timing";

/** Arguments of the engine; vLLM takes files with this ending alone. */
export const ENGINE_FILE = "engine.yaml";
/** Configuration of Python's logging. */
export const LOGGING_FILE = "logging.json";

type Flag = (typeof ENGINE_FLAGS)[keyof typeof ENGINE_FLAGS];
type Value = string | number | true | string[] | Readonly<Record<string, number>>;
type Options = Partial<Record<Flag | `no-${Flag}`, Value>>;

/** The files of a server, under a name that changes with them. */
export interface EngineConfig {
  /** Name of the ConfigMap. */
  readonly name: string;
  readonly data: Record<string, string>;
  /** First digits of the files' hash. */
  readonly checksum: string;
}

/** The files of a server. They hold nothing that is known only after something was made. */
export function engineConfig(args: ModelServerArgs): EngineConfig {
  const data = {
    [ENGINE_FILE]: stringify(engineOptions(args)),
    [LOGGING_FILE]: stableJson(loggingConfiguration(engineOf(args.engine).logLevel)),
  };
  const checksum = shortHash(data);
  return { name: `${args.server}-engine-${checksum}`, data, checksum };
}

/** Options of the engine by flag; what is left out is vLLM's own default. */
export function engineOptions(args: ModelServerArgs): Options {
  const engine = engineOf(args.engine);
  return {
    [ENGINE_FLAGS.host]: "0.0.0.0",
    [ENGINE_FLAGS.port]: MODEL_PORT,
    [ENGINE_FLAGS.servedModelName]: servedName(args),
    [ENGINE_FLAGS.tensorParallelSize]: engine.tensorParallelSize,
    [ENGINE_FLAGS.pipelineParallelSize]: engine.pipelineParallelSize,
    [ENGINE_FLAGS.gpuMemoryUtilization]: engine.gpuMemoryUtilization,
    [ENGINE_FLAGS.maxModelLength]: modelLength(args),
    [ENGINE_FLAGS.maxSequences]: engine.maxSequences,
    [ENGINE_FLAGS.maxBatchedTokens]: engine.maxBatchedTokens,
    [ENGINE_FLAGS.dtype]: engine.dtype,
    [ENGINE_FLAGS.keyValueCacheDtype]: engine.keyValueCacheDtype,
    ...switched(ENGINE_FLAGS.prefixCaching, engine.prefixCaching),
    ...switched(ENGINE_FLAGS.chunkedPrefill, engine.chunkedPrefill),
    ...quantizationOptions(args),
    ...loadOptions(args),
    ...(engine.keyValueOffloadingGiB === undefined
      ? {}
      : {
          [ENGINE_FLAGS.keyValueOffloadingSize]: engine.keyValueOffloadingGiB,
          [ENGINE_FLAGS.keyValueOffloadingBackend]: ENGINE_VALUES.nativeOffloading,
        }),
    ...adapterOptions(args),
    // Without it vLLM cuts running requests off at once.
    [ENGINE_FLAGS.shutdownTimeout]: timingOf(args.timing).shutdown,
  };
}

/** Name by which callers ask for the model. */
export function servedName(args: ModelServerArgs): string {
  return args.model.servedName ?? args.server;
}

/** The longest sequence: as asked for, else the model's own as far as every type of the pool holds it. */
export function modelLength(args: ModelServerArgs): number {
  const { facts } = args.model;
  const { maxModelLength } = engineOf(args.engine);
  if (maxModelLength !== undefined) return maxModelLength;
  const { engine, nodesPerReplica, loraAdapters, weights } = args;
  const lengths = args.instanceTypes.map(
    (instanceType) =>
      capacityOf({ facts, engine, nodesPerReplica, loraAdapters, weights, instanceType }).maxModelLength,
  );
  return Math.min(facts.maxPositionEmbeddings, ...lengths);
}

/** A switch. `vllm serve` drops a `false` from its file without a word, so what is off is its opposite, on. */
function switched(flag: Flag, on: boolean): Options {
  return { [on ? flag : (`no-${flag}` as const)]: true };
}

function quantizationOptions({ model }: ModelServerArgs): Options {
  const quantization = model.facts.quantization ?? ModelQuantization.None;
  // Bits and group size are read from the checkpoint, and the name is checked against it. fp8 has several names there.
  return quantization === ModelQuantization.Awq || quantization === ModelQuantization.Gptq
    ? { [ENGINE_FLAGS.quantization]: ENGINE_VALUES.quantization[quantization] }
    : {};
}

function loadOptions({ weights }: ModelServerArgs): Options {
  if (weights.kind !== ModelWeightsKind.S3Streamer) return { [ENGINE_FLAGS.loadFormat]: ENGINE_VALUES.automatic };
  return {
    [ENGINE_FLAGS.loadFormat]: ENGINE_VALUES.streamer,
    // Left alone, the buffer of each GPU's process grows to 40 GB, and the pod is killed.
    [ENGINE_FLAGS.loaderExtraConfig]: {
      concurrency: weights.s3Streamer?.concurrency ?? 16,
      memory_limit: streamerBufferBytes(weights),
    },
  };
}

function adapterOptions(args: ModelServerArgs): Options {
  const adapters = args.loraAdapters ?? [];
  if (adapters.length === 0) return {};
  return {
    [ENGINE_FLAGS.lora]: true,
    [ENGINE_FLAGS.loraModules]: adapters.map((adapter) => `${adapter.name}=${adapterPath(adapter, args.weights.kind)}`),
    [ENGINE_FLAGS.loraSlots]: adapters.length,
    [ENGINE_FLAGS.loraRank]: loraRank(adapters),
  };
}

/**
 * A line of JSON for each event, of vLLM as of the web server under it. A configuration of one's own replaces both their own
 * whole, so it sets levels and leaves probes and scrapes, which would be most of the log, out.
 */
function loggingConfiguration(level: string) {
  const logger = (handler: string) => ({ handlers: [handler], level, propagate: false });
  const handler = { class: "logging.StreamHandler", formatter: "json", stream: "ext://sys.stdout" };
  return {
    version: 1,
    disable_existing_loggers: false,
    filters: {
      quiet: { "()": LOGGING_NAMES.accessFilter, excluded_paths: [ENGINE_PATHS.health, ENGINE_PATHS.metrics] },
    },
    formatters: {
      json: {
        class: LOGGING_NAMES.jsonFormatter,
        format: "%(asctime)s %(levelname)s %(name)s %(processName)s %(process)d %(message)s",
      },
    },
    handlers: { all: handler, access: { ...handler, filters: ["quiet"] } },
    loggers: { vllm: logger("all"), uvicorn: logger("all"), "uvicorn.access": logger("access") },
    root: { handlers: ["all"], level: "WARNING" },
  };
}
