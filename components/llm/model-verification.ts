import type * as kubernetes from "@pulumi/kubernetes";
import { restrictedContainer } from "../internal/pods";
import { ModelWeightsKind } from "./model-server-kinds";
import { storeScriptEnvironment, storeScriptMounts } from "./model-store-environment";
import { STORE_SCRIPT } from "./model-store-scripts";

type Container = kubernetes.types.input.core.v1.Container;

/** A version of a model in the store. */
export interface StoredVersion {
  readonly model: string;
  readonly version: string;
  /** Digest that the version must have; 64 hexadecimal digits, as its import reports. Default any. */
  readonly digest?: string;
}

/** What a model server's pod verifies before it starts. */
export interface ModelVerification extends StoredVersion {
  /** Where the server reads its weights from. */
  readonly kind: ModelWeightsKind;
  /** The server's own image, with its registry: no other has to be pulled. */
  readonly image: string;
  /** Volume of the pod with the weights; with the kinds `efs` and `fsxLustre`. */
  readonly volumeName?: string;
}

/** A copy of a version to a volume of the pod. */
export interface ModelFetch extends StoredVersion {
  /** Name of the container; a pod may fetch several adapters. */
  readonly name: string;
  readonly image: string;
  readonly volumeName: string;
  /** Where the volume is mounted; the version's files lie below, at `modelFolder`. */
  readonly mountPath: string;
}

/** Volumes with weights on which a file may differ from the store: all of it is hashed. */
const HASHED: readonly string[] = [ModelWeightsKind.Efs, ModelWeightsKind.FsxLustre];

const MOUNT = "/mnt/weights";

/** Four files at a time, each with some parts of 64 MiB in memory. A server's own request is far above. */
const RESOURCES = { requests: { cpu: "500m", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } };

/** Folder of a version on a volume of any kind, from the volume's root. The bucket's `models/` is that root. */
export function modelFolder(model: string, version: string): string {
  return `${model}/v${version}`;
}

/**
 * The init container that holds weights against the metadata of their import, so that a server never starts with others. From
 * the store it compares the checksums that S3 keeps, which takes seconds; on volumes it hashes every file. Undefined for weights
 * in an image, which the image's own digest vouches for. The pod needs `storeScriptVolumes()` and the identity of a reader.
 */
export function verificationContainer(verification: ModelVerification): Container | undefined {
  const { kind, model, version, image, volumeName } = verification;
  if (kind === ModelWeightsKind.Image) return undefined;
  if (!HASHED.includes(kind)) return scriptContainer("verify-weights", image, "verify-objects", verification);
  return scriptContainer("verify-weights", image, "verify-files", verification, {
    path: `${MOUNT}/${modelFolder(model, version)}`,
    mounts: [{ name: volumeName ?? "", mountPath: MOUNT, readOnly: true }],
  });
}

/** The init container that copies a version, such as a LoRA adapter, to a volume, and verifies it on the way. */
export function fetchContainer(fetch: ModelFetch): Container {
  const { name, image, model, version, volumeName, mountPath } = fetch;
  return scriptContainer(name, image, "fetch", fetch, {
    path: `${mountPath}/${modelFolder(model, version)}`,
    mounts: [{ name: volumeName, mountPath }],
  });
}

interface OnVolume {
  readonly path: string;
  readonly mounts: kubernetes.types.input.core.v1.VolumeMount[];
}

function scriptContainer(
  name: string,
  image: string,
  mode: string,
  { model, version, digest }: StoredVersion,
  volume?: OnVolume,
): Container {
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    command: ["python3", STORE_SCRIPT],
    args: [
      mode,
      `--model=${model}`,
      `--version=${version}`,
      ...(digest === undefined ? [] : [`--digest=${digest}`]),
      ...(volume === undefined ? [] : [`--path=${volume.path}`]),
    ],
    env: storeScriptEnvironment(),
    resources: RESOURCES,
    securityContext: restrictedContainer(),
    // The last lines of the log say what is wrong with the weights.
    terminationMessagePolicy: "FallbackToLogsOnError",
    volumeMounts: [...storeScriptMounts(), ...(volume?.mounts ?? [])],
  };
}
