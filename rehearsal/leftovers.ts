import { described, type KubernetesObject, referenceTo } from "./api/objects";
import type { Snapshot } from "./checks/snapshot";

/** Namespaces that every cluster has. */
const KUBERNETES_OWN = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** Kinds that a stack makes outside namespaces, of those that checks look at. */
const CLUSTER_KINDS = [
  "Namespace",
  "StorageClass",
  "PriorityClass",
  "IngressClass",
  "ClusterIssuer",
  "PersistentVolume",
  "Node",
];

/** Objects that a destroyed stack has left, one line each. What a namespace holds goes without saying. */
export function leftoversIn(snapshot: Snapshot): string[] {
  return CLUSTER_KINDS.flatMap((kind) => snapshot.all(kind))
    .filter((object) => !isKubernetesOwn(object) && !isKept(object))
    .map((object) => {
      const finalizers = object.metadata.finalizers?.join(", ") ?? "";
      return `${described(referenceTo(object))}${finalizers === "" ? "" : ` (finalizers: ${finalizers})`}`;
    });
}

/** Volumes that were made while the stack was durable: they outlive it on purpose, and docs/teardown.md says how to delete them. */
export function keptVolumesIn(snapshot: Snapshot): KubernetesObject[] {
  return snapshot.all("PersistentVolume").filter(isKept);
}

function isKept({ spec }: KubernetesObject): boolean {
  return spec?.persistentVolumeReclaimPolicy === "Retain";
}

function isKubernetesOwn({ kind, metadata }: KubernetesObject): boolean {
  if (kind === "Namespace") return KUBERNETES_OWN.includes(metadata.name);
  return kind === "PriorityClass" && metadata.name.startsWith("system-");
}
