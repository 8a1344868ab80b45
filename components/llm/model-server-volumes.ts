import type * as kubernetes from "@pulumi/kubernetes";
import { engineConfig } from "./engine-config";
import { hostMemory } from "./model-memory";
import { copiesAdapters, MODEL_FOLDERS, volumeOf } from "./model-paths";
import type { ModelServerArgs } from "./model-server-args";
import { storeScriptVolumes } from "./model-store-environment";
import { fetchContainer, verificationContainer } from "./model-verification";

type Container = kubernetes.types.input.core.v1.Container;
type Volume = kubernetes.types.input.core.v1.Volume;
type VolumeMount = kubernetes.types.input.core.v1.VolumeMount;

const VOLUMES = {
  config: "engine-config",
  models: "models",
  adapters: "adapters",
  cache: "cache",
  temporary: "tmp",
  shared: "shared-memory",
} as const;

/** Sizes that an emptyDir may reach on the node's disk before the pod is evicted. */
const SIZES = { cache: "20Gi", temporary: "5Gi", adapters: "10Gi" };

/** What runs before the engine: adapters are copied, weights are held against what was imported. */
export function initContainers(args: ModelServerArgs, image: string): Container[] {
  const { name: model, version, digest } = args.model;
  const { kind } = args.weights;
  const verification = verificationContainer({ kind, model, version, digest, image, volumeName: VOLUMES.models });
  const adapters = copiesAdapters(args) ? (args.loraAdapters ?? []) : [];
  return [
    ...(verification === undefined ? [] : [verification]),
    ...adapters.map((adapter, index) =>
      fetchContainer({
        name: `fetch-adapter-${index}`,
        image,
        model: adapter.model,
        version: adapter.version,
        volumeName: VOLUMES.adapters,
        mountPath: MODEL_FOLDERS.adapters,
      }),
    ),
  ];
}

/** Volumes of a pod. */
export function podVolumes(args: ModelServerArgs): Volume[] {
  const disk = (name: string, sizeLimit: string): Volume => ({ name, emptyDir: { sizeLimit } });
  const claim = volumeOf(args);
  const { sharedGiB } = hostMemory({ ...args, facts: args.model.facts });
  return [
    { name: VOLUMES.config, configMap: { name: engineConfig(args).name } },
    disk(VOLUMES.cache, SIZES.cache),
    disk(VOLUMES.temporary, SIZES.temporary),
    { name: VOLUMES.shared, emptyDir: { medium: "Memory", sizeLimit: `${sharedGiB}Gi` } },
    ...(claim === undefined
      ? []
      : [{ name: VOLUMES.models, persistentVolumeClaim: { claimName: claim.claimName, readOnly: true } }]),
    ...(copiesAdapters(args) ? [disk(VOLUMES.adapters, SIZES.adapters)] : []),
    ...(initContainers(args, "").length > 0 ? storeScriptVolumes() : []),
  ];
}

/** Mounts of the engine's container. */
export function podMounts(args: ModelServerArgs): VolumeMount[] {
  const readOnly = true;
  return [
    { name: VOLUMES.config, mountPath: MODEL_FOLDERS.config, readOnly },
    { name: VOLUMES.cache, mountPath: MODEL_FOLDERS.cache },
    { name: VOLUMES.temporary, mountPath: MODEL_FOLDERS.temporary },
    { name: VOLUMES.shared, mountPath: MODEL_FOLDERS.shared },
    ...(volumeOf(args) === undefined ? [] : [{ name: VOLUMES.models, mountPath: MODEL_FOLDERS.models, readOnly }]),
    ...(copiesAdapters(args) ? [{ name: VOLUMES.adapters, mountPath: MODEL_FOLDERS.adapters, readOnly }] : []),
  ];
}
