import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { IMAGES } from "../../components/internal/images";
import {
  ENGINE_FLAGS,
  ENGINE_PATHS,
  ENGINE_VALUES,
  ENGINE_VARIABLES,
  LOGGING_NAMES,
} from "../../components/llm/engine-flags";
import { QUANTIZATION_COMPUTE_CAPABILITY } from "../../components/llm/model-fit-node";
import { MODEL_PATHS } from "../../components/llm/model-gateway-names";
import { LORA_RANKS } from "../../components/llm/model-memory";
import { METRICS, type Metric } from "../../components/llm/model-metrics";

/** Flags that we switch off as `--no-…`, which only a switch has. */
const SWITCHES = [ENGINE_FLAGS.prefixCaching, ENGINE_FLAGS.chunkedPrefill];
/** Keys of `--model-loader-extra-config`, and names that init containers import. */
const LOADER_KEYS = ["concurrency", "memory_limit"];
const QUANTIZATION_FILES = { awq: "auto_awq.py", gptq: "auto_gptq.py", fp8: "fp8.py" } as const;

/** The folder of an unpacked wheel. */
class Sources {
  constructor(private readonly folder: string) {}

  text(path: string): string {
    const file = join(this.folder, path);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  }

  /** All Python below a folder, one after the other. */
  all(path: string): string {
    const folder = join(this.folder, path);
    if (!existsSync(folder)) return "";
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".py"))
      .map((file) => readFileSync(join(folder, file), "utf8"))
      .join("\n");
  }

  version(): string | undefined {
    return /__version__ = version = '([^']+)'/.exec(this.text("vllm/_version.py"))?.[1];
  }
}

/** What we say to vLLM, or read from it, and the sources of a wheel do not know; one line each. */
export function unknownToSources(folder: string): string[] {
  const sources = new Sources(folder);
  return [
    ...versions(sources),
    ...flags(sources),
    ...values(sources),
    ...variables(sources),
    ...logging(sources),
    ...capabilities(sources),
    ...metrics(sources),
    ...paths(sources),
  ];
}

function versions(sources: Sources): string[] {
  const pinned = IMAGES.vllm.tag;
  return sources.version() === pinned.replace(/^v/, "")
    ? []
    : [`version: the pin is ${pinned}, the sources are ${sources.version() ?? "none"}`];
}

function flags(sources: Sources): string[] {
  const engine = sources.text("vllm/engine/arg_utils.py");
  const frontend = sources.text("vllm/entrypoints/launchers/cli_args.py");
  // The frontend makes a flag of each field of its classes.
  const fields = [...frontend.matchAll(/^ {4}(\w+): [^=\n]+/gm)].map(([, name = ""]) => name.replaceAll("_", "-"));
  const literal = [...`${engine}\n${frontend}`.matchAll(/"--([a-z0-9-]+)"/g)].map(([, name = ""]) => name);
  const known = new Set([...fields, ...literal]);
  const configuration = sources.all("vllm/config");
  const isSwitch = (flag: string) => new RegExp(`^ +${flag.replaceAll("-", "_")}: bool\\b`, "m").test(configuration);
  return [
    ...Object.values(ENGINE_FLAGS)
      .filter((flag) => !known.has(flag))
      .map((flag) => `flag: --${flag}`),
    ...SWITCHES.filter((flag) => !isSwitch(flag)).map((flag) => `flag: --no-${flag}`),
  ];
}

function values(sources: Sources): string[] {
  const loaders = sources.text("vllm/model_executor/model_loader/__init__.py");
  const streamer = sources.text("vllm/model_executor/model_loader/runai_streamer_loader.py");
  const methods = sources.text("vllm/model_executor/layers/quantization/__init__.py");
  const cache = sources.text("vllm/config/cache.py");
  const ranks = /MaxLoRARanks = Literal\[([\d, ]+)\]/.exec(sources.text("vllm/config/lora.py"))?.[1] ?? "";
  const lacks = (text: string, value: string) => !text.includes(`"${value}"`);
  return [
    ...[ENGINE_VALUES.streamer, ENGINE_VALUES.automatic]
      .filter((value) => lacks(loaders, value))
      .map((value) => `value: --load-format ${value}`),
    ...LOADER_KEYS.filter((key) => lacks(streamer, key)).map((key) => `value: --model-loader-extra-config ${key}`),
    ...Object.values(ENGINE_VALUES.quantization)
      .filter((value) => lacks(methods, value))
      .map((value) => `value: --quantization ${value}`),
    ...(lacks(cache, ENGINE_VALUES.nativeOffloading)
      ? [`value: --kv-offloading-backend ${ENGINE_VALUES.nativeOffloading}`]
      : []),
    ...(ranks === LORA_RANKS.join(", ") ? [] : [`value: --max-lora-rank takes ${ranks || "nothing known"}`]),
  ];
}

function variables(sources: Sources): string[] {
  const text = sources.text("vllm/envs.py");
  return Object.values(ENGINE_VARIABLES)
    .filter((name) => !new RegExp(`^ +"${name}":`, "m").test(text))
    .map((name) => `variable: ${name}`);
}

function logging(sources: Sources): string[] {
  const module_ = sources.text("vllm/logging_utils/__init__.py");
  const filter = LOGGING_NAMES.accessFilter.split(".").at(-1) ?? "";
  return [
    ...(module_.includes(`"${filter}"`) ? [] : [`logging: ${LOGGING_NAMES.accessFilter}`]),
    ...(sources.text("vllm/logger.py").includes(`"${LOGGING_NAMES.jsonFormatter}"`)
      ? []
      : [`logging: ${LOGGING_NAMES.jsonFormatter}`]),
  ];
}

function capabilities(sources: Sources): string[] {
  return Object.entries(QUANTIZATION_FILES).flatMap(([name, file]) => {
    const text = sources.text(`vllm/model_executor/layers/quantization/${file}`);
    const least = /def get_min_capability\(cls\)[^:]*:\s+return (\d+)/.exec(text)?.[1];
    const ours = QUANTIZATION_COMPUTE_CAPABILITY[name as keyof typeof QUANTIZATION_FILES];
    return Number(least) === ours ? [] : [`capability: ${name} needs ${least ?? "nothing known"}, we say ${ours}`];
  });
}

function metrics(sources: Sources): string[] {
  const text = sources.all("vllm/v1/metrics");
  return (
    (Object.values(METRICS) as readonly Metric[])
      .filter(({ name, labels }) => name.startsWith("vllm:") && labels.includes("engine"))
      .map(({ name }) => name)
      // Prometheus' client adds the ending of counters itself.
      .filter((name) => !text.includes(`"${name.replace(/_total$/, "")}"`) && !text.includes(`"${name}"`))
      .map((name) => `metric: ${name}`)
  );
}

function paths(sources: Sources): string[] {
  const text = sources.all("vllm/entrypoints");
  return [...Object.values(ENGINE_PATHS), ...MODEL_PATHS]
    .filter((path) => !text.includes(`"${path}"`))
    .map((path) => `path: ${path}`);
}
