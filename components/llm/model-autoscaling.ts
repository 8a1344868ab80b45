import * as pulumi from "@pulumi/pulumi";
import { scalingTriggers, wakeUpTriggers } from "./model-autoscaling-triggers";
import { modelPodLabels, modelServerNames } from "./model-names";
import type { ModelAutoscalingArgs } from "./model-server-args";
import { ModelWorkloadKind } from "./model-server-kinds";

/** What scaling needs to know of a server besides its own arguments. */
export interface ModelScalingContext {
  readonly namespace: pulumi.Input<string>;
  /** Full-length sequences that fit into the KV cache of one replica; `fitOf` tells. */
  readonly concurrency: number;
  readonly workloadKind: ModelWorkloadKind;
  /** Names by which callers ask for the model, its adapters' included. Default the server's name. */
  readonly servedNames?: readonly string[];
}

/** What scales a workload: `apps/v1` knows no groups of pods. */
const TARGETS = {
  [ModelWorkloadKind.Deployment]: { apiVersion: "apps/v1", kind: "Deployment" },
  [ModelWorkloadKind.StatefulSet]: { apiVersion: "apps/v1", kind: "StatefulSet" },
  [ModelWorkloadKind.MultiNode]: { apiVersion: "leaderworkerset.x-k8s.io/v1", kind: "LeaderWorkerSet" },
} as const satisfies Record<ModelWorkloadKind, { apiVersion: string; kind: string }>;

/** Seconds between two looks of KEDA at the triggers. */
export const POLLING_SECONDS = 15;

/** Seconds without any request after which a server that may sleep does; nothing else goes by it. */
export const COOLDOWN_SECONDS = 600;

/**
 * How fast replicas come and go. They come in a minute's steps, by half or by two, because each takes minutes to load; they go
 * one by one after five quiet minutes, because to get one back takes as long.
 */
export const SCALING_BEHAVIOR = {
  scaleDown: {
    stabilizationWindowSeconds: 300,
    policies: [{ type: "Percent", value: 10, periodSeconds: 60 }],
  },
  scaleUp: {
    stabilizationWindowSeconds: 60,
    selectPolicy: "Max",
    policies: [
      { type: "Percent", value: 50, periodSeconds: 60 },
      { type: "Pods", value: 2, periodSeconds: 60 },
    ],
  },
};

/** Reference of what runs the replicas of a server, as autoscalers want it. */
export function modelScaleTarget(server: string, workloadKind: ModelWorkloadKind) {
  return { ...TARGETS[workloadKind], name: modelServerNames(server).workload };
}

/** The ScaledObject of a server: KEDA makes the one HorizontalPodAutoscaler of it. */
export function modelScaledObject(server: string, args: ModelAutoscalingArgs, context: ModelScalingContext) {
  const { minReplicas, maxReplicas } = args;
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: {
      name: modelServerNames(server).scaledObject,
      namespace: context.namespace,
      labels: modelPodLabels(server),
    },
    spec: {
      scaleTargetRef: modelScaleTarget(server, context.workloadKind),
      minReplicaCount: minReplicas,
      maxReplicaCount: maxReplicas,
      pollingInterval: POLLING_SECONDS,
      cooldownPeriod: COOLDOWN_SECONDS,
      // Never 0: KEDA would then send a server to sleep whenever Prometheus cannot be asked.
      fallback: { failureThreshold: 3, replicas: Math.max(1, minReplicas), behavior: "currentReplicasIfHigher" },
      advanced: { horizontalPodAutoscalerConfig: { behavior: SCALING_BEHAVIOR } },
      triggers: whenKnown(context.namespace, (namespace) => [
        ...scalingTriggers({ namespace, modelServer: server, app: server }, args, context.concurrency),
        ...(minReplicas === 0 ? wakeUpTriggers(namespace, args, server, context.servedNames ?? [server]) : []),
      ]),
    },
  };
}

/** Plain where the namespace is plain, so that manifests can be written without a deployment. */
function whenKnown<Result>(namespace: pulumi.Input<string>, make: (namespace: string) => Result): pulumi.Input<Result> {
  return typeof namespace === "string"
    ? make(namespace)
    : (pulumi.output(namespace).apply(make) as pulumi.Output<Result>);
}
