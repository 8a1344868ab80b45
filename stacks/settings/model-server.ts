import { efaCards } from "../../components/internal/gpu-hardware";
import type { Problem } from "../../components/internal/problems";
import { catalogueModel } from "../../components/llm/model-catalogue";
import type { ModelFactsArgs, ModelServerArgs, ModelWeightsArgs } from "../../components/llm/model-server-args";
import { modelServerProblems, modelServerWarnings } from "../../components/llm/model-server-checks";
import type { ParsedSections } from "./settings";

/** Settings of one model server. */
export type ModelServerSettings = ParsedSections["llm"]["models"][string];

/** The sections that say how a model server is made. */
export type ModelServerSections = Pick<ParsedSections, "llm" | "nodePools">;

/** What stands for values that are known only after something was made. */
const UNKNOWN = { namespace: "models", claimName: "weights", prometheusUrl: "http://prometheus:9090" };

/** Figures of what a server serves. */
export function factsOf({ model }: ModelServerSettings): ModelFactsArgs | undefined {
  return model.facts ?? catalogueModel(model.catalogue ?? "")?.facts;
}

/** Name of a server's model in the model store. */
export function storedName(server: string, { model }: ModelServerSettings): string {
  return model.name ?? model.catalogue?.replaceAll(".", "-") ?? server;
}

/** Whether a server runs on several machines, which needs LeaderWorkerSets. */
export function spansNodes({ workload }: ModelServerSettings): boolean {
  return workload === "multiNode";
}

/** What a server's settings alone decide of its arguments; plain values, by which it is judged. */
export function modelServerArguments(
  server: string,
  settings: ModelServerSettings,
  sections: ModelServerSections,
): ModelServerArgs {
  const { model, nodesPerReplica, image, replicas, autoscaling, tracing, advice, weights } = settings;
  const facts = factsOf(settings);
  if (facts === undefined) throw new Error(`llm.models.${server}.model has neither facts nor a name of the catalogue`);
  return {
    namespace: UNKNOWN.namespace,
    server,
    model: {
      name: storedName(server, settings),
      version: model.version,
      ...(weights.digest === undefined ? {} : { digest: weights.digest }),
      ...(model.servedName === undefined ? {} : { servedName: model.servedName }),
      facts,
    },
    engine: settings.engine,
    ...(image === undefined ? {} : { image }),
    weights: weightsOf(settings),
    workload: settings.workload,
    ...(nodesPerReplica === undefined ? {} : { nodesPerReplica }),
    ...(replicas === undefined ? {} : { replicas }),
    ...(autoscaling === undefined ? {} : { autoscaling: { ...autoscaling, prometheusUrl: UNKNOWN.prometheusUrl } }),
    resources: settings.resources,
    ...machinesOf(settings, sections),
    spread: settings.spread,
    timing: settings.timing,
    loraAdapters: settings.loraAdapters,
    ...(tracing === undefined ? {} : { tracing }),
    ...(advice === undefined ? {} : { advice }),
    maxUnavailable: settings.maxUnavailable,
  };
}

function weightsOf({ weights }: ModelServerSettings): ModelWeightsArgs {
  const { kind, s3Streamer, image } = weights;
  const claimed = { claimName: UNKNOWN.claimName };
  switch (kind) {
    case "s3Streamer":
      return { kind, ...(s3Streamer === undefined ? {} : { s3Streamer }) };
    case "image":
      return { kind, ...(image === undefined ? {} : { image }) };
    default:
      return { kind, [kind]: claimed };
  }
}

/** The machines that a server runs on, as far as they tell whether it fits. */
function machinesOf(
  { nodePool, workload }: ModelServerSettings,
  { llm, nodePools }: ModelServerSections,
): Pick<ModelServerArgs, "instanceTypes" | "podsPerGpu" | "efaDevices"> {
  const sharing = llm.gpu.sharing[nodePool];
  // Of a partition in hardware we do not know the size, so that nothing is judged by the whole GPU.
  if (sharing?.mig !== undefined) return { instanceTypes: [] };
  const replicas = sharing?.timeSlicing?.replicas ?? sharing?.mps?.replicas;
  const { instanceTypes = [], efa = false } = nodePools[nodePool] ?? {};
  return {
    instanceTypes,
    ...(replicas === undefined ? {} : { podsPerGpu: replicas }),
    ...(efa && workload === "multiNode" ? { efaDevices: efaCards(instanceTypes[0] ?? "") } : {}),
  };
}

/** Everything that is wrong with the model servers of a stack, by the paths of its settings. */
export function modelSettingsProblems(sections: ModelServerSections): Problem[] {
  return serversOf(sections).flatMap(([server, settings]) =>
    modelServerProblems(modelServerArguments(server, settings, sections)).map((problem) => ({
      ...problem,
      path: `llm.models.${server}.${settingsPath(problem.path, settings)}`,
    })),
  );
}

/** What the owner of a stack should know of its model servers although nothing is wrong. */
export function modelNotices(sections: ModelServerSections): string[] {
  return serversOf(sections).flatMap(([server, settings]) =>
    modelServerWarnings(modelServerArguments(server, settings, sections)).map(
      (warning) => `llm.models.${server}: ${warning}.`,
    ),
  );
}

function serversOf({ llm }: ModelServerSections): [name: string, server: ModelServerSettings][] {
  return llm.enabled ? Object.entries(llm.models) : [];
}

/** Where the settings have what an argument is made of. */
function settingsPath(path: string, { model }: ModelServerSettings): string {
  if (path.startsWith("instanceTypes")) return "nodePool";
  if (path.startsWith("model.facts.") && model.facts === undefined) return "model.catalogue";
  return path;
}
