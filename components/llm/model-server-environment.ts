import type * as kubernetes from "@pulumi/kubernetes";
import { LOGGING_FILE } from "./engine-config";
import { engineOf } from "./engine-defaults";
import { ENGINE_VARIABLES } from "./engine-flags";
import { API_KEY_ENTRY, modelServerNames } from "./model-names";
import { MODEL_FOLDERS } from "./model-paths";
import type { ModelServerArgs, ModelTracingArgs } from "./model-server-args";
import { ModelWeightsKind } from "./model-server-kinds";
import { modelStoreEnvironment } from "./model-store-environment";
import { timingOf } from "./model-timing";

/**
 * Seconds until the server closes a silent connection: more than the 4000 that an Application Load Balancer may be told to keep
 * one, or a request sent on a connection that is just being closed would be answered with 502. vLLM's own are 5.
 */
const KEEP_ALIVE_SECONDS = 4100;

type EnvVar = kubernetes.types.input.core.v1.EnvVar;

/**
 * Variables of the engine's container. Everything that changes how a model is served is a flag; variables are what vLLM offers no
 * flag for. `VLLM_SERVER_DEV_MODE` is never among them: it opens endpoints that run code.
 */
export function engineEnvironment(args: ModelServerArgs, answers: boolean): EnvVar[] {
  const engine = engineOf(args.engine);
  return [
    ...(args.weights.kind === ModelWeightsKind.S3Streamer ? modelStoreEnvironment() : []),
    ...(answers ? [apiKey(args.apiKeySecretName ?? modelServerNames(args.server).apiKeySecret)] : []),
    { name: ENGINE_VARIABLES.loggingLevel, value: engine.logLevel },
    { name: ENGINE_VARIABLES.loggingConfiguration, value: `${MODEL_FOLDERS.config}/${LOGGING_FILE}` },
    { name: ENGINE_VARIABLES.mostCompletions, value: String(engine.maxCompletionsPerRequest) },
    // The API server gives up on an engine that loads for longer; its own default is ten minutes.
    { name: ENGINE_VARIABLES.readyTimeout, value: String(timingOf(args.timing).startupBudget) },
    { name: ENGINE_VARIABLES.noUsageStatistics, value: "1" },
    { name: ENGINE_VARIABLES.keepAlive, value: String(KEEP_ALIVE_SECONDS) },
    // Nothing is fetched from Hugging Face at run time: a typing error in a path would otherwise become a download.
    { name: "HF_HUB_OFFLINE", value: "1" },
    ...homeVariables(),
    // Read by libfabric: without it NCCL would take TCP where EFA cannot be had, and nobody would notice.
    ...(args.efaDevices === undefined ? [] : [{ name: "FI_PROVIDER", value: "efa" }]),
    ...(args.tracing === undefined ? [] : tracingVariables(args.server, args.tracing)),
  ];
}

function apiKey(name: string): EnvVar {
  return { name: ENGINE_VARIABLES.apiKey, valueFrom: { secretKeyRef: { name, key: API_KEY_ENTRY } } };
}

/** With a read-only root, and a group that the image does not know, every library has to be told where it may write. */
function homeVariables(): EnvVar[] {
  const { cache } = MODEL_FOLDERS;
  return [
    { name: "HOME", value: cache },
    { name: "USER", value: "vllm" },
    { name: "XDG_CACHE_HOME", value: `${cache}/xdg` },
    { name: "XDG_CONFIG_HOME", value: `${cache}/config` },
    { name: "HF_HOME", value: `${cache}/huggingface` },
    { name: "TORCHINDUCTOR_CACHE_DIR", value: `${cache}/inductor` },
    { name: "TRITON_CACHE_DIR", value: `${cache}/triton` },
    { name: "NUMBA_CACHE_DIR", value: `${cache}/numba` },
    { name: "PYTHONDONTWRITEBYTECODE", value: "1" },
  ];
}

/** Read by OpenTelemetry's library, not by vLLM. */
function tracingVariables(server: string, { sampleRatio = 0.1 }: ModelTracingArgs): EnvVar[] {
  return [
    { name: "OTEL_SERVICE_NAME", value: server },
    { name: "OTEL_TRACES_SAMPLER", value: "parentbased_traceidratio" },
    { name: "OTEL_TRACES_SAMPLER_ARG", value: String(sampleRatio) },
  ];
}
