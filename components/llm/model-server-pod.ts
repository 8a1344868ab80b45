import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { EFA_RESOURCE } from "../internal/gpu-nodes";
import { IMAGES, imageReference } from "../internal/images";
import { restrictedContainer, restrictedPod, SECRETS_REVISION } from "../internal/pods";
import { ENGINE_FILE, engineConfig } from "./engine-config";
import { parallelismOf } from "./engine-defaults";
import { ENGINE_FLAGS } from "./engine-flags";
import { MODEL_PORT, MODEL_SERVICE_ACCOUNTS, modelPodLabels, modelServerSelector } from "./model-names";
import { MODEL_FOLDERS, modelUri } from "./model-paths";
import type { ModelServerArgs } from "./model-server-args";
import { engineEnvironment } from "./model-server-environment";
import { ModelSpread, ModelWorkloadKind } from "./model-server-kinds";
import { engineLifecycle, engineProbes, PodRole } from "./model-server-probes";
import { initContainers, podMounts, podVolumes } from "./model-server-volumes";
import { timingOf } from "./model-timing";

type PodTemplate = kubernetes.types.input.core.v1.PodTemplateSpec;
type Container = kubernetes.types.input.core.v1.Container;

/** Name of the container that vLLM runs in. */
export const ENGINE_CONTAINER = "vllm";
/** Resource that the device plugin offers. */
export const GPU_RESOURCE = "nvidia.com/gpu";
/** Number of the user `vllm` in vLLM's image. */
export const ENGINE_USER = 2000;
/** Default of `ephemeral-storage`: caches, logs, adapters. Weights are streamed past the disk. */
const DISK = { request: "10Gi", limit: "40Gi" };

/** The image of a server. */
export function engineImage(args: ModelServerArgs): string {
  return args.image ?? imageReference(IMAGES.vllm, args.mirrors);
}

/** GPUs of a pod. */
export function gpusOf(args: ModelServerArgs): number {
  return parallelismOf(args.engine, args.nodesPerReplica).gpusPerPod;
}

/** The pods of a server. */
export function modelPodTemplate(args: ModelServerArgs, role: PodRole): PodTemplate {
  const { checksum } = engineConfig(args);
  return {
    metadata: {
      labels: modelPodLabels(args.server),
      annotations: {
        "checksum/config": checksum,
        "kubectl.kubernetes.io/default-container": ENGINE_CONTAINER,
        ...(args.secretsRevision === undefined ? {} : { [SECRETS_REVISION]: args.secretsRevision }),
      },
    },
    spec: {
      serviceAccountName: MODEL_SERVICE_ACCOUNTS.server,
      // vLLM has no business with the API server; its AWS identity comes in a token of its own.
      automountServiceAccountToken: false,
      // A Service called `vllm` would set VLLM_PORT to a URL, on which vLLM stops.
      enableServiceLinks: false,
      securityContext: restrictedPod(ENGINE_USER),
      terminationGracePeriodSeconds: timingOf(args.timing).grace,
      ...(args.schedulerName === undefined ? {} : { schedulerName: args.schedulerName }),
      ...(args.priorityClassName === undefined ? {} : { priorityClassName: args.priorityClassName }),
      nodeSelector: args.placement?.nodeSelector ?? {},
      tolerations: args.placement?.tolerations ?? [],
      ...spread(args),
      initContainers: initContainers(args, engineImage(args)),
      containers: [engineContainer(args, role)],
      volumes: podVolumes(args),
    },
  };
}

function engineContainer(args: ModelServerArgs, role: PodRole): Container {
  const answers = role !== PodRole.Worker;
  return {
    name: ENGINE_CONTAINER,
    image: engineImage(args),
    imagePullPolicy: "IfNotPresent",
    // The image runs `vllm serve`, which wants the model before everything else.
    args: [modelUri(args), ...engineArguments(args, role)],
    env: engineEnvironment(args, answers),
    ports: answers ? [{ name: "http", containerPort: MODEL_PORT }] : [],
    resources: resourcesOf(args),
    securityContext: restrictedContainer(),
    ...(answers ? engineProbes(args) : {}),
    lifecycle: engineLifecycle(args, role),
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: podMounts(args),
  };
}

/** What the file cannot hold: values that are known only later, and those that differ between the pods of a group. */
function engineArguments(args: ModelServerArgs, role: PodRole): pulumi.Input<string>[] {
  const flag = (name: string) => `--${name}`;
  return [
    flag(ENGINE_FLAGS.config),
    `${MODEL_FOLDERS.config}/${ENGINE_FILE}`,
    ...(args.tracing === undefined ? [] : [flag(ENGINE_FLAGS.tracesEndpoint), args.tracing.endpoint]),
    ...(role === PodRole.Single
      ? []
      : [
          flag(ENGINE_FLAGS.nodes),
          "$(LWS_GROUP_SIZE)",
          flag(ENGINE_FLAGS.nodeRank),
          "$(LWS_WORKER_INDEX)",
          flag(ENGINE_FLAGS.leaderAddress),
          "$(LWS_LEADER_ADDRESS)",
        ]),
    ...(role === PodRole.Worker ? [flag(ENGINE_FLAGS.headless)] : []),
  ];
}

function resourcesOf(args: ModelServerArgs) {
  const gpus = { [GPU_RESOURCE]: String(gpusOf(args)) };
  const { requests, limits } = args.resources;
  const devices = { ...gpus, ...fabricOf(args) };
  return {
    requests: { "ephemeral-storage": DISK.request, ...requests, ...devices },
    limits: { "ephemeral-storage": DISK.limit, ...limits, ...devices },
  };
}

/** EFA's cards, and the large pages that its library asks for by AWS' guide. */
function fabricOf({ efaDevices }: ModelServerArgs): Record<string, string> {
  return efaDevices === undefined ? {} : { [EFA_RESOURCE]: String(efaDevices), "hugepages-2Mi": "5120Mi" };
}

function spread(args: ModelServerArgs) {
  const labelSelector = { matchLabels: modelServerSelector(args.server) };
  const zones = [
    { maxSkew: 1, topologyKey: "topology.kubernetes.io/zone", whenUnsatisfiable: "ScheduleAnyway", labelSelector },
  ];
  const apart = { topologyKey: "kubernetes.io/hostname", labelSelector };
  return {
    // The pods of a group talk all the time: over zones that is slow, and costs.
    ...(args.workload === ModelWorkloadKind.MultiNode ? {} : { topologySpreadConstraints: zones }),
    ...((args.spread ?? ModelSpread.Preferred) === ModelSpread.Required
      ? { affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [apart] } } }
      : {}),
  };
}
