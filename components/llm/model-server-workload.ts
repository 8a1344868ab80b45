import type * as kubernetes from "@pulumi/kubernetes";
import { modelServerNames, modelWorkloadSelector } from "./model-names";
import type { ModelServerArgs } from "./model-server-args";
import { ModelWorkloadKind } from "./model-server-kinds";
import { modelPodTemplate } from "./model-server-pod";
import { PodRole } from "./model-server-probes";
import { rolloutSeconds, timingOf } from "./model-timing";

type PodTemplate = kubernetes.types.input.core.v1.PodTemplateSpec;

/** How the pods of a server are run. */
export function workloadKindOf(args: ModelServerArgs): ModelWorkloadKind {
  return args.workload ?? ModelWorkloadKind.Deployment;
}

/** Most replicas that there may be. */
export function mostReplicas(args: ModelServerArgs): number {
  return args.autoscaling?.maxReplicas ?? args.replicas ?? 1;
}

/** Whether no pod at all is a normal state, for which nothing waits. */
export function mayBeEmpty(args: ModelServerArgs): boolean {
  return (args.autoscaling?.minReplicas ?? args.replicas ?? 1) === 0;
}

/** How long an `up` waits for a rollout. */
export function rolloutTimeout(args: ModelServerArgs): number {
  return rolloutSeconds(timingOf(args.timing), mostReplicas(args));
}

/** Left out where load decides: two who set it would take it from each other. */
function replicasOf(args: ModelServerArgs) {
  return args.autoscaling === undefined ? { replicas: args.replicas ?? 1 } : {};
}

/**
 * A Deployment whose rollouts need no spare GPU: a new pod would wait for one that the old pod, which waits for the new, never
 * gives free.
 */
export function deploymentSpec(args: ModelServerArgs): kubernetes.types.input.apps.v1.DeploymentSpec {
  const alone = args.autoscaling === undefined && (args.replicas ?? 1) === 1;
  return {
    ...replicasOf(args),
    selector: { matchLabels: modelWorkloadSelector(args.server) },
    strategy: alone
      ? { type: "Recreate" }
      : { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    progressDeadlineSeconds: timingOf(args.timing).progressDeadline,
    revisionHistoryLimit: 3,
    template: modelPodTemplate(args, PodRole.Single),
  };
}

/** A StatefulSet replaces pods one at a time as it is; at the start they need not wait for each other. */
export function statefulSetSpec(args: ModelServerArgs): kubernetes.types.input.apps.v1.StatefulSetSpec {
  return {
    ...replicasOf(args),
    serviceName: modelServerNames(args.server).podsService,
    selector: { matchLabels: modelWorkloadSelector(args.server) },
    podManagementPolicy: "Parallel",
    updateStrategy: { type: "RollingUpdate" },
    revisionHistoryLimit: 3,
    template: modelPodTemplate(args, PodRole.Single),
  };
}

/** A LeaderWorkerSet in the words of its own API. */
export interface LeaderWorkerSetSpec {
  readonly replicas?: number;
  readonly startupPolicy: string;
  readonly rolloutStrategy: {
    readonly type: string;
    readonly rollingUpdateConfiguration: { readonly maxUnavailable: number; readonly maxSurge: number };
  };
  readonly leaderWorkerTemplate: {
    readonly size: number;
    readonly restartPolicy: string;
    readonly leaderTemplate: PodTemplate;
    readonly workerTemplate: PodTemplate;
  };
}

/**
 * Groups of pods that hold one model together. All of a group start together: vLLM's processes do not take back one that was
 * lost. The leader answers; only it has the port and the probes.
 */
export function leaderWorkerSetSpec(args: ModelServerArgs): LeaderWorkerSetSpec {
  return {
    ...replicasOf(args),
    startupPolicy: "LeaderCreated",
    rolloutStrategy: { type: "RollingUpdate", rollingUpdateConfiguration: { maxUnavailable: 1, maxSurge: 0 } },
    leaderWorkerTemplate: {
      size: args.nodesPerReplica ?? 2,
      restartPolicy: "RecreateGroupOnPodRestart",
      leaderTemplate: modelPodTemplate(args, PodRole.Leader),
      workerTemplate: modelPodTemplate(args, PodRole.Worker),
    },
  };
}
