import { described, type KubernetesObject } from "../api/objects";
import { type Verdict, verdict } from "../verdict";
import { type CheckContext, objectBasis } from "./context";
import { referencesOf } from "./object-references";
import type { Reference } from "./pod-references";
import { named } from "./pods";
import type { Snapshot } from "./snapshot";

const CLUSTER_SCOPED = [
  "PriorityClass",
  "StorageClass",
  "IngressClass",
  "ClusterIssuer",
  "ClusterTriggerAuthentication",
];
/** Classes that every cluster has, whoever lists them. */
const BUILT_IN = ["system-cluster-critical", "system-node-critical"];

/** Every name that an object refers to exists, with the key that is read. */
export function checkReferences(context: CheckContext): Verdict[] {
  const { snapshot } = context;
  let count = 0;
  const findings = snapshot.objects.filter(isJudged).flatMap((object) => {
    const references = referencesOf(object);
    count += references.length;
    const lines = references.flatMap((reference) => unresolved(snapshot, object, reference));
    return [...new Set(lines)];
  });
  const basis = objectBasis(context, ["ScaledObject", "TriggerAuthentication", "ClickHouseInstallation"]);
  return [verdict("every reference resolves", `${count} references`, findings, basis)];
}

/** Pods that something makes have its references; old ReplicaSets have those of the past. */
function isJudged({ kind, metadata }: KubernetesObject): boolean {
  return kind !== "ReplicaSet" && !(kind === "Pod" && metadata.ownerReferences?.length);
}

function unresolved(snapshot: Snapshot, object: KubernetesObject, { kind, name, key, where }: Reference): string[] {
  const namespace = CLUSTER_SCOPED.includes(kind) ? undefined : object.metadata.namespace;
  const target = described({ apiVersion: "", kind, name, ...(namespace === undefined ? {} : { namespace }) });
  if (kind === "PriorityClass" && BUILT_IN.includes(name)) return [];
  const found = snapshot.find(kind, name, namespace);
  if (found === undefined) {
    if (kind === "Secret" && isIssued(snapshot, name, object.metadata.namespace)) return [];
    return [`${named(object)}: ${where} needs ${target}, which does not exist. Make it, or mend the name.`];
  }
  if (key === undefined || key in { ...found.data, ...found.binaryData }) return [];
  return [`${named(object)}: ${where} needs key ${key} of ${target}, which has none. Add the key, or mend its name.`];
}

/** Whether cert-manager makes the Secret once the authority has signed. */
function isIssued(snapshot: Snapshot, name: string, namespace: string | undefined): boolean {
  return snapshot.all("Certificate", namespace).some(({ spec }) => spec?.secretName === name);
}
