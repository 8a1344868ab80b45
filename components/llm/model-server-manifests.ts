import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { engineConfig, servedName } from "./engine-config";
import { engineOf } from "./engine-defaults";
import { modelScaledObject } from "./model-autoscaling";
import { modelVerticalPodAutoscaler } from "./model-autoscaling-advice";
import { capacityOf } from "./model-fit";
import {
  MODEL_PORT,
  modelPodLabels,
  modelServerNames,
  modelServerSelector,
  modelWorkloadSelector,
} from "./model-names";
import type { ModelServerArgs } from "./model-server-args";
import { ModelWorkloadKind } from "./model-server-kinds";
import {
  deploymentSpec,
  type LeaderWorkerSetSpec,
  leaderWorkerSetSpec,
  statefulSetSpec,
  workloadKindOf,
} from "./model-server-workload";

/** Name, place and labels of an object. */
export interface ManifestMetadata {
  readonly name: string;
  readonly namespace: pulumi.Input<string>;
  readonly labels: Record<string, string>;
}

/** An object as it is applied. */
export interface Manifest<ApiVersion extends string, Kind extends string, Spec> {
  readonly apiVersion: ApiVersion;
  readonly kind: Kind;
  readonly metadata: ManifestMetadata;
  readonly spec: Spec;
}

/** The files of the engine. */
export interface ConfigManifest {
  readonly apiVersion: "v1";
  readonly kind: "ConfigMap";
  readonly metadata: ManifestMetadata;
  readonly data: Record<string, string>;
  readonly immutable: boolean;
}

type Service = Manifest<"v1", "Service", kubernetes.types.input.core.v1.ServiceSpec>;

/** All objects of a server; exactly one of the three workloads. Whatever applies them: Pulumi here, Argo CD elsewhere. */
export interface ModelServerManifests {
  readonly config: ConfigManifest;
  readonly deployment?: Manifest<"apps/v1", "Deployment", kubernetes.types.input.apps.v1.DeploymentSpec>;
  readonly statefulSet?: Manifest<"apps/v1", "StatefulSet", kubernetes.types.input.apps.v1.StatefulSetSpec>;
  readonly leaderWorkerSet?: Manifest<"leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet", LeaderWorkerSetSpec>;
  readonly service?: Service;
  /** Names the pods of a StatefulSet. */
  readonly podsService?: Service;
  readonly disruptionBudget: Manifest<
    "policy/v1",
    "PodDisruptionBudget",
    kubernetes.types.input.policy.v1.PodDisruptionBudgetSpec
  >;
  readonly scaledObject?: ReturnType<typeof modelScaledObject>;
  readonly verticalPodAutoscaler?: ReturnType<typeof modelVerticalPodAutoscaler>;
}

/** Label that the LeaderWorkerSet's controller gives to every pod: 0 is the leader. */
const WORKER_INDEX_LABEL = "leaderworkerset.sigs.k8s.io/worker-index";

/** The objects of a server, made from its arguments alone. */
export function modelServerManifests(args: ModelServerArgs): ModelServerManifests {
  const { server, namespace, advice } = args;
  const kind = workloadKindOf(args);
  const names = modelServerNames(server, kind);
  const metadata = (name: string): ManifestMetadata => ({ name, namespace, labels: modelPodLabels(server) });
  const { name, data } = engineConfig(args);
  return {
    config: { apiVersion: "v1", kind: "ConfigMap", metadata: metadata(name), data, immutable: true },
    ...workload(args, kind, metadata(names.workload)),
    ...(args.service === false ? {} : { service: service(args, kind, metadata(names.service)) }),
    ...(kind === ModelWorkloadKind.StatefulSet
      ? { podsService: headlessService(server, metadata(names.podsService)) }
      : {}),
    disruptionBudget: {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: metadata(names.disruptionBudget),
      spec: {
        maxUnavailable: args.maxUnavailable ?? 1,
        selector: { matchLabels: modelServerSelector(server) },
        // A pod that never became ready protects nobody, and would hold up the drain of its node for ever.
        unhealthyPodEvictionPolicy: "AlwaysAllow",
      },
    },
    ...scaling(args, kind),
    ...(advice === undefined
      ? {}
      : {
          verticalPodAutoscaler: modelVerticalPodAutoscaler(server, advice, { namespace, workloadKind: kind }),
        }),
  };
}

/** Sequences of full length that a replica holds at once, on the type of the pool that holds fewest; 0 where nobody knows. */
export function concurrentSequences(args: ModelServerArgs): number {
  const { engine, nodesPerReplica, loraAdapters, weights, instanceTypes } = args;
  const input = { facts: args.model.facts, engine, nodesPerReplica, loraAdapters, weights };
  const sequences = instanceTypes.map((instanceType) => capacityOf({ ...input, instanceType }).concurrentSequences);
  return sequences.length === 0 ? 0 : Math.min(...sequences);
}

function workload(
  args: ModelServerArgs,
  kind: ModelWorkloadKind,
  metadata: ManifestMetadata,
): Pick<ModelServerManifests, "deployment" | "statefulSet" | "leaderWorkerSet"> {
  switch (kind) {
    case ModelWorkloadKind.Deployment:
      return { deployment: { apiVersion: "apps/v1", kind: "Deployment", metadata, spec: deploymentSpec(args) } };
    case ModelWorkloadKind.StatefulSet:
      return { statefulSet: { apiVersion: "apps/v1", kind: "StatefulSet", metadata, spec: statefulSetSpec(args) } };
    case ModelWorkloadKind.MultiNode:
      return {
        leaderWorkerSet: {
          apiVersion: "leaderworkerset.x-k8s.io/v1",
          kind: "LeaderWorkerSet",
          metadata,
          spec: leaderWorkerSetSpec(args),
        },
      };
  }
}

/** The one way in, inside the cluster: the gateway and nobody else stands before it. */
function service(args: ModelServerArgs, kind: ModelWorkloadKind, metadata: ManifestMetadata): Service {
  const leaders: Record<string, string> = kind === ModelWorkloadKind.MultiNode ? { [WORKER_INDEX_LABEL]: "0" } : {};
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: {
      type: "ClusterIP",
      selector: { ...modelWorkloadSelector(args.server), ...leaders },
      // The number of the pods' own: the VPC CNI's policies do not see through a translation.
      ports: [{ name: "http", port: MODEL_PORT, targetPort: "http" }],
    },
  };
}

function headlessService(server: string, metadata: ManifestMetadata): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: {
      clusterIP: "None",
      publishNotReadyAddresses: true,
      selector: modelWorkloadSelector(server),
      ports: [{ name: "http", port: MODEL_PORT, targetPort: "http" }],
    },
  };
}

function scaling(args: ModelServerArgs, workloadKind: ModelWorkloadKind) {
  const { autoscaling, server, namespace, loraAdapters = [] } = args;
  if (autoscaling === undefined) return {};
  const context = {
    namespace,
    workloadKind,
    // Where nobody knows the machines, what the engine takes into a batch.
    concurrency: concurrentSequences(args) || engineOf(args.engine).maxSequences,
    servedNames: [servedName(args), ...loraAdapters.map((adapter) => adapter.name)],
  };
  return { scaledObject: modelScaledObject(server, autoscaling, context) };
}
