/**
 * Every flag of `vllm serve` that we set, without its dashes: keys of the file that `--config` reads, and container arguments.
 * `tests/vllm/check-sources.ts` compares them with the sources of the pinned version.
 */
export const ENGINE_FLAGS = {
  config: "config",
  host: "host",
  port: "port",
  servedModelName: "served-model-name",
  shutdownTimeout: "shutdown-timeout",
  tensorParallelSize: "tensor-parallel-size",
  pipelineParallelSize: "pipeline-parallel-size",
  gpuMemoryUtilization: "gpu-memory-utilization",
  maxModelLength: "max-model-len",
  maxSequences: "max-num-seqs",
  maxBatchedTokens: "max-num-batched-tokens",
  dtype: "dtype",
  quantization: "quantization",
  keyValueCacheDtype: "kv-cache-dtype",
  keyValueOffloadingSize: "kv-offloading-size",
  keyValueOffloadingBackend: "kv-offloading-backend",
  prefixCaching: "enable-prefix-caching",
  chunkedPrefill: "enable-chunked-prefill",
  loadFormat: "load-format",
  loaderExtraConfig: "model-loader-extra-config",
  lora: "enable-lora",
  loraModules: "lora-modules",
  loraSlots: "max-loras",
  loraRank: "max-lora-rank",
  tracesEndpoint: "otlp-traces-endpoint",
  nodes: "nnodes",
  nodeRank: "node-rank",
  leaderAddress: "master-addr",
  headless: "headless",
} as const;

/** Values of flags that vLLM takes from a list of its own. */
export const ENGINE_VALUES = {
  streamer: "runai_streamer",
  automatic: "auto",
  nativeOffloading: "native",
  quantization: { awq: "awq", gptq: "gptq" },
} as const;

/** Variables that vLLM reads; others of ours are read by the libraries below it. */
export const ENGINE_VARIABLES = {
  apiKey: "VLLM_API_KEY",
  loggingLevel: "VLLM_LOGGING_LEVEL",
  loggingConfiguration: "VLLM_LOGGING_CONFIG_PATH",
  mostCompletions: "VLLM_MAX_N_SEQUENCES",
  readyTimeout: "VLLM_ENGINE_READY_TIMEOUT_S",
  noUsageStatistics: "VLLM_NO_USAGE_STATS",
  keepAlive: "VLLM_HTTP_TIMEOUT_KEEP_ALIVE",
} as const;

/** Paths of the API that probes ask and logs leave out. */
export const ENGINE_PATHS = { health: "/health", metrics: "/metrics" } as const;

/** Names in Python of what the configuration of logging is made of. */
export const LOGGING_NAMES = {
  accessFilter: "vllm.logging_utils.UvicornAccessLogFilter",
  jsonFormatter: "pythonjsonlogger.jsonlogger.JsonFormatter",
} as const;
