import { mebibytes } from "../../components/internal/quantities";
import type { KubernetesObject } from "../api/objects";
import { ZONE } from "./node-object";

/** Annotation of the scheduler: the node on which the claim's first pod will run. */
const SELECTED_NODE = "volume.kubernetes.io/selected-node";
/** Keeps a volume's object until the storage behind it is gone. */
export const VOLUME_FINALIZER = "external-provisioner.volume.kubernetes.io/finalizer";

/** Drivers by provisioner: how their pods are found, and whether their volumes stay in a zone. */
export const DRIVERS: Readonly<Record<string, { readonly pods: string; readonly zonal: boolean }>> = {
  "ebs.csi.aws.com": { pods: "app=ebs-csi-controller", zonal: true },
  "efs.csi.aws.com": { pods: "app=efs-csi-controller", zonal: false },
};

/** The node where a claim's volume is wanted; `undefined` while nobody knows. */
export function nodeOfClaim(
  claim: KubernetesObject,
  storageClass: KubernetesObject,
  nodes: readonly KubernetesObject[],
): KubernetesObject | undefined {
  if (storageClass.volumeBindingMode !== "WaitForFirstConsumer") return nodes[0];
  const name = claim.metadata.annotations?.[SELECTED_NODE];
  return nodes.find(({ metadata }) => metadata.name === name);
}

/** The volume that a driver makes for a claim, in the zone of `node`. */
export function volumeFor(
  claim: KubernetesObject,
  storageClass: KubernetesObject,
  node: KubernetesObject,
): KubernetesObject {
  const { name, namespace, uid } = claim.metadata;
  const { provisioner, reclaimPolicy = "Delete", parameters = {} } = storageClass;
  const zone = node.metadata.labels?.[ZONE] ?? "";
  const term = { matchExpressions: [{ key: ZONE, operator: "In", values: [zone] }] };
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: {
      name: `pvc-${uid}`,
      annotations: { "pv.kubernetes.io/provisioned-by": provisioner },
      finalizers: [VOLUME_FINALIZER],
    },
    spec: {
      capacity: { storage: claim.spec?.resources?.requests?.storage },
      accessModes: claim.spec?.accessModes,
      volumeMode: claim.spec?.volumeMode ?? "Filesystem",
      persistentVolumeReclaimPolicy: reclaimPolicy,
      storageClassName: storageClass.metadata.name,
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
      csi: {
        driver: provisioner,
        volumeHandle: `vol-${uid?.replaceAll("-", "").slice(0, 17)}`,
        fsType: parameters["csi.storage.k8s.io/fstype"] ?? "ext4",
      },
      ...(DRIVERS[provisioner]?.zonal ? { nodeAffinity: { required: { nodeSelectorTerms: [term] } } } : {}),
    },
  };
}

/** Whether a claim has no volume yet, or may have asked for a larger one. */
export function isWanting({ metadata, spec, status }: KubernetesObject): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  return spec?.volumeName === undefined || spec?.resources?.requests?.storage !== status?.capacity?.storage;
}

/** Whether a volume goes: somebody deleted it, or its claim, which took it along. */
export function isLeaving({ metadata, spec, status }: KubernetesObject): boolean {
  if (metadata.deletionTimestamp !== undefined) return true;
  return status?.phase === "Released" && spec?.persistentVolumeReclaimPolicy === "Delete";
}

/** The size that a bound claim is to grow to; undefined when it has it, or may not. */
export function growth(
  { spec, status }: KubernetesObject,
  storageClass: KubernetesObject | undefined,
): string | undefined {
  const [wanted, size] = [spec?.resources?.requests?.storage, status?.capacity?.storage];
  if (!storageClass?.allowVolumeExpansion || wanted === undefined || size === undefined) return undefined;
  return mebibytes(wanted) > mebibytes(size) ? wanted : undefined;
}
