import type * as pulumi from "@pulumi/pulumi";
import {
  allReady,
  LeaderWorkerSets,
  type ModelAccess,
  type ModelServerArgs,
  type ModelWeightsArgs,
} from "../../components";
import { placementOfPool } from "../placement";
import { modelServerArguments, spansNodes } from "../settings/model-server";
import { deliverModel, type ModelDelivery } from "./delivery";
import type { Gpus } from "./gpu";
import type { LlmParts } from "./parts";

/** What servers find made. */
export interface ModelServerParts {
  readonly gpus: Gpus;
  readonly access: ModelAccess;
  readonly delivery: ModelDelivery;
  readonly weights: ModelWeightsParts;
  /** Gate: VerticalPodAutoscalers are a known kind; undefined where nobody advises. */
  readonly adviceReady?: pulumi.Input<string>;
}

/** Weights of the servers, by server. */
export interface ModelWeightsParts {
  /** Gate: the version is in the store, complete. */
  readonly ready: Readonly<Record<string, pulumi.Input<string> | undefined>>;
  /** Claim of the volume, for kinds that have one. */
  readonly claimNames: Readonly<Record<string, pulumi.Input<string> | undefined>>;
  /** Gate: pods may read the store. */
  readonly identityReady?: pulumi.Input<string>;
}

/** The model servers, each delivered the way its settings say. */
export function createModelServers(parts: LlmParts, made: ModelServerParts): void {
  const groupsReady = createGroups(parts);
  for (const [server, settings] of Object.entries(parts.llm.models)) {
    deliverModel(parts, made.delivery, settings, modelServerArgs(parts, server, made, groupsReady));
  }
}

/** Controller of groups of pods, where a server spans machines. */
function createGroups({
  context,
  llm,
  namespaces,
  operations,
  providers,
}: LlmParts): pulumi.Output<string> | undefined {
  const namespace = namespaces.leaderWorkerSets;
  if (namespace === undefined || !Object.values(llm.models).some(spansNodes)) return undefined;
  const groups = new LeaderWorkerSets(
    "leader-worker-sets",
    {
      namespace: namespace.namespaceName,
      placement: context.placement("leaderWorkerSets"),
      priorityClassName: operations.priorityClasses.serving,
      mirrors: context.mirrors,
      policiesReady: namespace.policiesReady,
    },
    providers.kubernetes,
  );
  return groups.ready;
}

/** Arguments of a server: what its settings decide, and what the stack adds. */
function modelServerArgs(
  { context, llm, foundation, namespaces, operations, monitoring }: LlmParts,
  server: string,
  { gpus, access, weights, adviceReady }: ModelServerParts,
  groupsReady: pulumi.Input<string> | undefined,
): ModelServerArgs {
  const { settings, mirrors } = context;
  const model = llm.models[server];
  const namespace = namespaces.models;
  if (model === undefined || namespace === undefined) throw new Error(`no settings or no namespace for ${server}`);
  const { advice, autoscaling, ...args } = modelServerArguments(server, model, settings);
  return {
    ...args,
    namespace: namespace.namespaceName,
    weights: withClaim(args.weights, weights.claimNames[server]),
    // Advice needs somebody who gives it, and scaling by load somebody who measures it.
    ...(advice === undefined || adviceReady === undefined ? {} : { advice }),
    ...(autoscaling === undefined || monitoring === undefined
      ? {}
      : { autoscaling: { ...autoscaling, prometheusUrl: monitoring.prometheusUrl } }),
    placement: placementOfPool(model.nodePool, settings.cluster.create === undefined ? undefined : settings.nodePools),
    ...(gpus.schedulerName === undefined ? {} : { schedulerName: gpus.schedulerName }),
    secretsRevision: access.revision,
    priorityClassName: operations.priorityClasses.serving,
    mirrors,
    gates: {
      weightsReady: weights.ready[server],
      identityReady: weights.identityReady,
      policiesReady: allReady(namespace.policiesReady, foundation.addons.dnsReady),
      gpusReady: gpus.gpusReady,
      secretsReady: access.ready,
      autoscalerReady: allReady(operations.autoscalerReady, foundation.addons.metricsReady),
      adviceReady,
      groupsReady,
    },
  };
}

/** The claim's real name in place of what settings are judged by. */
function withClaim(weights: ModelWeightsArgs, claimName: pulumi.Input<string> | undefined): ModelWeightsArgs {
  const { kind } = weights;
  if (claimName === undefined || kind === "s3Streamer" || kind === "image") return weights;
  return { kind, [kind]: { claimName } };
}
