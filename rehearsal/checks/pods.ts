import { described, type KubernetesObject, referenceTo } from "../api/objects";
import type { Properties } from "../providers/provider";
import type { Snapshot } from "./snapshot";

/** A pod's specification inside another object. */
export interface PodTemplate {
  /** Path of the specification, e.g. `spec.template.spec`. */
  readonly path: string;
  readonly spec: Properties;
}

/** Kinds whose `containers` are patches of what their operator makes: no pod is made from them alone. */
const PATCHES = ["Prometheus", "Alertmanager"];

/** `Deployment langfuse/langfuse-web`, for messages. */
export function named(object: KubernetesObject): string {
  return described(referenceTo(object));
}

/** Every pod specification in the object, at any depth: in custom resources they may stand anywhere. */
export function podTemplates(object: KubernetesObject): PodTemplate[] {
  return PATCHES.includes(object.kind) ? [] : templatesIn(object.spec, "spec");
}

function templatesIn(value: unknown, path: string): PodTemplate[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => templatesIn(item, `${path}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  const { containers } = value as Properties;
  const own = Array.isArray(containers) && containers.some((one) => typeof one?.name === "string");
  if (own) return [{ path, spec: value as Properties }];
  return Object.entries(value).flatMap(([key, item]) => templatesIn(item, `${path}.${key}`));
}

/** Whether the pod has ended, well or not. */
export function isFinished(pod: KubernetesObject): boolean {
  return ["Succeeded", "Failed"].includes(pod.status?.phase);
}

/** Whether the pod serves and is not on its way out. */
export function isReady(pod: KubernetesObject): boolean {
  return pod.metadata.deletionTimestamp === undefined && condition(pod, "Ready")?.status === "True";
}

/** The condition of that type in the object's status. */
export function condition(object: KubernetesObject, type: string): Properties | undefined {
  return (object.status?.conditions as Properties[] | undefined)?.find((one) => one.type === type);
}

/** What made the pod: the Deployment for pods of a ReplicaSet, else its controller; the pod itself when it has none. */
export function workloadOf(snapshot: Snapshot, pod: KubernetesObject): KubernetesObject {
  let object = pod;
  for (;;) {
    const owner = object.metadata.ownerReferences?.find(({ controller }) => controller);
    const above = owner && snapshot.find(owner.kind, owner.name, object.metadata.namespace);
    if (above === undefined) return object;
    object = above;
  }
}

/** Objects whose pods live and die with them, not made by another workload: each pod template once. */
export function workloads(snapshot: Snapshot): KubernetesObject[] {
  return snapshot.objects.filter(
    (object) =>
      object.kind !== "ReplicaSet" &&
      !object.metadata.ownerReferences?.some(({ controller }) => controller) &&
      podTemplates(object).length > 0,
  );
}
