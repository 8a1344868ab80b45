import assert from "node:assert/strict";
import { parse } from "yaml";
import {
  ENGINE_FILE,
  engineConfig,
  engineOptions,
  LOGGING_FILE,
  modelLength,
} from "../../../components/llm/engine-config";
import { ENGINE_FLAGS } from "../../../components/llm/engine-flags";
import { ModelWeightsKind } from "../../../components/llm/model-server-kinds";
import { AWQ_FACTS, multiNodeArgs, serverArgs } from "./model-server-fixtures";

const ADAPTERS = [
  { name: "support", model: "support", version: "2" },
  { name: "legal", model: "legal-adapter", version: "1", rank: 20 },
];

describe("the engine's arguments", () => {
  it("L16, L18, L20: are flags in a file, with the seed's numbers and our own defaults spelled out", () => {
    assert.deepEqual(engineOptions(serverArgs()), {
      host: "0.0.0.0",
      port: 8000,
      "served-model-name": "llama-70b",
      "tensor-parallel-size": 2,
      "pipeline-parallel-size": 1,
      "gpu-memory-utilization": 0.9,
      "max-model-len": 4096,
      "max-num-seqs": 256,
      "max-num-batched-tokens": 4096,
      dtype: "auto",
      "kv-cache-dtype": "auto",
      "enable-prefix-caching": true,
      "enable-chunked-prefill": true,
      quantization: "awq",
      "load-format": "runai_streamer",
      "model-loader-extra-config": { concurrency: 16, memory_limit: 4 * 1024 ** 3 },
      "shutdown-timeout": 120,
    });
  });

  it("L20: turn a switch off by its opposite, since vLLM drops `false` from the file", () => {
    const engine = { prefixCaching: false, chunkedPrefill: false, maxModelLength: 4096 };
    const options = engineOptions(serverArgs({ engine })) as Record<string, unknown>;
    assert.equal(options["no-enable-prefix-caching"], true);
    assert.equal(options["no-enable-chunked-prefill"], true);
    assert.ok(!("enable-prefix-caching" in options) && !("enable-chunked-prefill" in options));
    assert.ok(!Object.values(options).includes(false));
  });

  it("L17: name AWQ and GPTQ, which have one name in every checkpoint, and leave the rest to the checkpoint", () => {
    const of = (quantization: "none" | "gptq" | "fp8") =>
      engineOptions(serverArgs({ model: { name: "m", version: "1", facts: { ...AWQ_FACTS, quantization } } }))
        .quantization;
    assert.deepEqual([of("none"), of("gptq"), of("fp8")], [undefined, "gptq", undefined]);
  });

  it("L19: spill the KV cache into host memory in place of swap space", () => {
    const options = engineOptions(serverArgs({ engine: { keyValueOffloadingGiB: 4 } }));
    assert.equal(options["kv-offloading-size"], 4);
    assert.equal(options["kv-offloading-backend"], "native");
  });

  it("read weights from volumes and images without the streamer", () => {
    for (const weights of [
      { kind: ModelWeightsKind.Efs, efs: { claimName: "weights" } },
      { kind: ModelWeightsKind.Image, image: { path: "/weights" } },
    ]) {
      const options = engineOptions(serverArgs({ weights }));
      assert.equal(options["load-format"], "auto");
      assert.ok(!("model-loader-extra-config" in options));
    }
    const s3Streamer = { concurrency: 64, bufferGiB: 8 };
    const weights = { kind: ModelWeightsKind.S3Streamer, s3Streamer };
    assert.deepEqual(engineOptions(serverArgs({ weights }))["model-loader-extra-config"], {
      concurrency: 64,
      memory_limit: 8 * 1024 ** 3,
    });
  });

  it("serve adapters from folders, with room for the largest rank", () => {
    const copied = engineOptions(serverArgs({ loraAdapters: ADAPTERS }));
    assert.equal(copied["enable-lora"], true);
    assert.deepEqual(copied["lora-modules"], ["support=/adapters/support/v2", "legal=/adapters/legal-adapter/v1"]);
    assert.deepEqual([copied["max-loras"], copied["max-lora-rank"]], [2, 32]);
    const weights = { kind: ModelWeightsKind.FsxLustre, fsxLustre: { claimName: "weights" } };
    const onVolume = engineOptions(serverArgs({ loraAdapters: ADAPTERS, weights }));
    assert.deepEqual(onVolume["lora-modules"], ["support=/models/support/v2", "legal=/models/legal-adapter/v1"]);
  });

  it("cut the default length to what every type of the pool holds", () => {
    const engine = { tensorParallelSize: 2, gpuMemoryUtilization: 0.55 };
    const both = modelLength(serverArgs({ engine, instanceTypes: ["p5.48xlarge", "g6e.12xlarge"] }));
    assert.equal(both, modelLength(serverArgs({ engine, instanceTypes: ["g6e.12xlarge"] })));
    assert.ok(both < 32768, String(both));
    assert.equal(modelLength(serverArgs({ engine, instanceTypes: [] })), 32768);
  });

  it("are all flags that the sources of vLLM are searched for", () => {
    const known: readonly string[] = Object.values(ENGINE_FLAGS);
    for (const args of [
      serverArgs({ loraAdapters: ADAPTERS, engine: { keyValueOffloadingGiB: 4, prefixCaching: false } }),
      multiNodeArgs(),
    ]) {
      for (const flag of Object.keys(engineOptions(args))) assert.ok(known.includes(flag.replace(/^no-/, "")), flag);
    }
  });
});

describe("the engine's files", () => {
  it("L22, L41: have a name that changes with them, and nothing else does", () => {
    const { name, checksum } = engineConfig(serverArgs());
    assert.equal(name, `llama-70b-engine-${checksum}`);
    assert.equal(engineConfig(serverArgs({ replicas: 7, image: "docker.io/vllm/vllm-openai:v0.33.0" })).name, name);
    assert.notEqual(engineConfig(serverArgs({ engine: { tensorParallelSize: 4 } })).name, name);
    assert.notEqual(engineConfig(serverArgs({ timing: { shutdown: 60 } })).name, name);
    assert.ok(name.length <= 63);
  });

  it("L39: are what vLLM reads: a YAML file of flat options, and a JSON file for Python's logging", () => {
    const { data } = engineConfig(serverArgs());
    assert.match(ENGINE_FILE, /\.yaml$/);
    assert.deepEqual(parse(data[ENGINE_FILE] ?? ""), engineOptions(serverArgs()));
    assert.deepEqual(Object.keys(data).sort(), [ENGINE_FILE, LOGGING_FILE]);
  });

  it("L21: log lines of JSON at the level asked for, without probes and scrapes", () => {
    const { data } = engineConfig(serverArgs({ engine: { logLevel: "DEBUG" } }));
    const logging = JSON.parse(data[LOGGING_FILE] ?? "");
    assert.equal(logging.version, 1);
    assert.equal(logging.formatters.json.class, "pythonjsonlogger.jsonlogger.JsonFormatter");
    assert.deepEqual(logging.filters.quiet.excluded_paths, ["/health", "/metrics"]);
    for (const logger of Object.values<{ handlers: string[]; level: string }>(logging.loggers)) {
      assert.equal(logger.level, "DEBUG");
      for (const handler of logger.handlers) assert.equal(logging.handlers[handler].formatter, "json");
    }
    assert.deepEqual(logging.loggers["uvicorn.access"].handlers, ["access"]);
    assert.deepEqual(logging.handlers.access.filters, ["quiet"]);
  });
});
