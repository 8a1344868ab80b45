import type { KubernetesObject } from "../api/objects";

/** Kinds in the order in which Helm installs them; what is not listed comes last. */
const ORDER = [
  "PriorityClass",
  "Namespace",
  "NetworkPolicy",
  "ResourceQuota",
  "LimitRange",
  "PodSecurityPolicy",
  "PodDisruptionBudget",
  "ServiceAccount",
  "Secret",
  "SecretList",
  "ConfigMap",
  "StorageClass",
  "PersistentVolume",
  "PersistentVolumeClaim",
  "CustomResourceDefinition",
  "ClusterRole",
  "ClusterRoleList",
  "ClusterRoleBinding",
  "ClusterRoleBindingList",
  "Role",
  "RoleList",
  "RoleBinding",
  "RoleBindingList",
  "Service",
  "DaemonSet",
  "Pod",
  "ReplicationController",
  "ReplicaSet",
  "Deployment",
  "HorizontalPodAutoscaler",
  "StatefulSet",
  "Job",
  "CronJob",
  "IngressClass",
  "Ingress",
  "APIService",
];

/** The objects as Helm orders them: by kind, then by name within a known kind; unknown kinds last, by kind. */
export function inInstallOrder(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return [...objects].sort((one, other) => {
    const [first, second] = [rank(one), rank(other)];
    if (first !== second) return first - second;
    return one.kind.localeCompare(other.kind) || one.metadata.name.localeCompare(other.metadata.name);
  });
}

function rank({ kind }: KubernetesObject): number {
  const index = ORDER.indexOf(kind);
  return index < 0 ? ORDER.length : index;
}
