import * as pulumi from "@pulumi/pulumi";
import {
  ArgoApplications,
  type ArgoApplicationsArgs,
  type ArgoAutoscaledWorkloadArgs,
  ArgoCd,
  ArgoRollouts,
  type ArgoScaledWorkloadArgs,
  allReady,
  coloredName,
  type Langfuse,
  ModelColor,
  type Monitoring,
  WebRollout,
  webErrorRate,
} from "../components";
import type { ClusterFoundation } from "./cluster-foundation";
import type { Context, Providers } from "./context";
import { argoCdServers, type ModelSettings } from "./llm/delivery-settings";
import { NAMESPACES, type Namespaces } from "./namespaces";
import type { Operations } from "./operations";
import type { Settings } from "./settings";

/** What delivery stands on: rooms that were made before. */
export interface DeliveryParts {
  readonly context: Context;
  readonly foundation?: ClusterFoundation;
  readonly namespaces: Namespaces;
  readonly operations: Operations;
  readonly providers: Providers;
}

/** Name of the release of Langfuse that `createLangfuse` makes. */
const LANGFUSE_RELEASE = "langfuse";

/**
 * Argo CD and what it brings. `prerequisitesReady`: what Pulumi keeps for the model servers exists. Nothing without
 * `delivery.argoCd`.
 */
export function createArgoCd(parts: DeliveryParts, prerequisitesReady: pulumi.Input<string>): void {
  const { context, foundation, namespaces, operations, providers } = parts;
  const settings = context.settings.delivery.argoCd;
  const { argoCd: home, models } = namespaces;
  if (settings === undefined || home === undefined || models === undefined) return;
  const argoCd = new ArgoCd(
    "argocd",
    {
      namespace: home.namespaceName,
      managedNamespaces: [NAMESPACES.models],
      serviceMonitors: operations.serviceMonitors,
      placement: context.placement("argoCd"),
      priorityClassName: operations.priorityClasses.serving,
      mirrors: context.mirrors,
      monitorsReady: operations.monitorsReady,
      policiesReady: allReady(home.policiesReady, foundation?.addons.dnsReady),
      managedReady: models.policiesReady,
    },
    providers.kubernetes,
  );
  new ArgoApplications(
    "applications",
    {
      namespace: home.namespaceName,
      project: "production",
      destinationNamespace: models.namespaceName,
      repository: repository(context.settings),
      ...targets(context.settings),
      autoscaledWorkloads: autoscaled(context.settings),
      argoCdReady: argoCd.ready,
      prerequisitesReady,
    },
    providers.kubernetes,
  );
}

function repository({ delivery, secrets }: Settings): ArgoApplicationsArgs["repository"] {
  const { url = "", revision, path, username } = delivery.argoCd?.repository ?? {};
  const { argoCdRepositoryPassword: password, argoCdRepositoryKey: sshPrivateKey } = secrets;
  const signsIn = password !== undefined || sshPrivateKey !== undefined;
  return {
    url,
    revision,
    path: path ?? `environments/${pulumi.getStack()}`,
    credentials: signsIn ? { secretName: "models-repository", username, password, sshPrivateKey } : undefined,
  };
}

/** One Application, or one a region with its own number of replicas. */
function targets(settings: Settings): Pick<ArgoApplicationsArgs, "application" | "regions"> {
  const regions = settings.delivery.argoCd?.regions;
  if (regions === undefined) return { application: { name: "llm-production" } };
  const scaledWorkloads = argoCdServers(settings).flatMap((server) => {
    const model = settings.llm.models[server];
    return model === undefined ? [] : scaled(server, model);
  });
  return { regions: { name: "llm", regions, scaledWorkloads } };
}

const WORKLOAD_KINDS = { deployment: "Deployment", statefulSet: "StatefulSet", multiNode: "LeaderWorkerSet" } as const;

/** Names of a server's workloads: its own, or those of its colours. */
function workloadsOf(server: string, { delivery: { blueGreen } }: ModelSettings): string[] {
  if (blueGreen === undefined) return [server];
  const colors = Object.values(ModelColor).filter((color) => blueGreen[color] !== undefined);
  return colors.map((color) => coloredName(server, color));
}

/** Workloads of git whose number of replicas is a scaler's. */
function autoscaled(settings: Settings): ArgoAutoscaledWorkloadArgs[] {
  return argoCdServers(settings).flatMap((server) => {
    const model = settings.llm.models[server];
    if (model?.autoscaling === undefined) return [];
    return workloadsOf(server, model).map((name) => ({ kind: WORKLOAD_KINDS[model.workload], name }));
  });
}

/** What holds the number of replicas of a server, by the way that it is delivered. */
function scaled(server: string, model: ModelSettings): ArgoScaledWorkloadArgs[] {
  const { canary, blueGreen } = model.delivery;
  if (canary) return [{ kind: "Canary", name: server }];
  const kind = model.autoscaling === undefined ? WORKLOAD_KINDS[model.workload] : "ScaledObject";
  return workloadsOf(server, model).map((name) => {
    const idle = blueGreen !== undefined && name !== coloredName(server, blueGreen.activeColor as ModelColor);
    return { kind, name, fixed: idle && model.autoscaling !== undefined };
  });
}

/** New versions of Langfuse's web pods one pod first; nothing unless `langfuse.web.rollout` is on. */
export function createWebRollout(
  parts: DeliveryParts,
  langfuse: Langfuse | undefined,
  monitoring: Monitoring | undefined,
): void {
  const { context, foundation, namespaces, operations, providers } = parts;
  const { rollout, autoscaling } = context.settings.langfuse.web;
  const home = namespaces.argoRollouts;
  if (!rollout?.enabled || !home || !langfuse || !monitoring || !namespaces.langfuse) return;
  const controller = new ArgoRollouts(
    "argo-rollouts",
    {
      namespace: home.namespaceName,
      serviceMonitors: operations.serviceMonitors,
      placement: context.placement("argoRollouts"),
      priorityClassName: operations.priorityClasses.serving,
      mirrors: context.mirrors,
      monitorsReady: operations.monitorsReady,
      policiesReady: allReady(home.policiesReady, foundation?.addons.dnsReady),
    },
    providers.kubernetes,
  );
  new WebRollout(
    "web-rollout",
    {
      namespace: namespaces.langfuse.namespaceName,
      releaseName: LANGFUSE_RELEASE,
      autoscaling,
      startReplicas: rollout.startReplicas,
      pauseSeconds: rollout.pauseSeconds,
      maxErrorRate: rollout.maxErrorRatePercent / 100,
      errorRateQuery: webErrorRate(NAMESPACES.langfuse, LANGFUSE_RELEASE, rollout.pauseSeconds),
      prometheusUrl: monitoring.prometheusUrl,
      controllerReady: controller.ready,
      releaseReady: langfuse.releaseName,
    },
    providers.kubernetes,
  );
}
