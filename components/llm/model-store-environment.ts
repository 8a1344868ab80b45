import type * as kubernetes from "@pulumi/kubernetes";
import { MODEL_STORE_CONFIG } from "./model-names";
import { STORE_SCRIPTS_CONFIG, STORE_SCRIPTS_MOUNT } from "./model-store-scripts";

type EnvVar = kubernetes.types.input.core.v1.EnvVar;
type Volume = kubernetes.types.input.core.v1.Volume;
type VolumeMount = kubernetes.types.input.core.v1.VolumeMount;

/** User of pods that run the script: any but root will do, and the image has this one. */
export const STORE_SCRIPT_USER = 2000;

const VARIABLES: readonly (readonly [string, keyof typeof MODEL_STORE_CONFIG.keys])[] = [
  ["MODEL_BUCKET", "bucket"],
  ["AWS_REGION", "region"],
  ["AWS_DEFAULT_REGION", "region"],
  ["MODEL_STORE_ENDPOINT", "endpoint"],
];

/** Variables that tell a pod where the model store is; `$(MODEL_BUCKET)` in arguments of the same container is replaced by Kubernetes. */
export function modelStoreEnvironment(): EnvVar[] {
  return VARIABLES.map(([name, key]) => ({
    name,
    valueFrom: { configMapKeyRef: { name: MODEL_STORE_CONFIG.name, key: MODEL_STORE_CONFIG.keys[key] } },
  }));
}

/** Variables of every container that runs the script: what Python and its libraries write goes to `/tmp`. */
export function storeScriptEnvironment(): EnvVar[] {
  return [
    ...modelStoreEnvironment(),
    { name: "HOME", value: "/tmp" },
    { name: "PYTHONDONTWRITEBYTECODE", value: "1" },
    { name: "HF_HUB_DISABLE_TELEMETRY", value: "1" },
  ];
}

const SCRIPTS_VOLUME = "model-store-scripts";
const TEMPORARY_VOLUME = "model-store-tmp";

/** Volumes of a pod that has a container which runs the script. */
export function storeScriptVolumes(): Volume[] {
  return [
    { name: SCRIPTS_VOLUME, configMap: { name: STORE_SCRIPTS_CONFIG } },
    { name: TEMPORARY_VOLUME, emptyDir: { sizeLimit: "1Gi" } },
  ];
}

/** Mounts of a container that runs the script. */
export function storeScriptMounts(): VolumeMount[] {
  return [
    { name: SCRIPTS_VOLUME, mountPath: STORE_SCRIPTS_MOUNT, readOnly: true },
    { name: TEMPORARY_VOLUME, mountPath: "/tmp" },
  ];
}
