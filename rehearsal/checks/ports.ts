import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { isFinished } from "./pods";
import type { Snapshot } from "./snapshot";

/** Pods that a Service sends its connections to, ready or not. */
export function podsBehind(snapshot: Snapshot, { metadata, spec }: KubernetesObject): KubernetesObject[] {
  return snapshot
    .selected("Pod", { matchLabels: spec?.selector ?? {} }, metadata.namespace)
    .filter((pod) => !isFinished(pod));
}

/** The number at the pod that a port of a Service leads to; undefined when the pod does not have it. */
export function targetPort(pod: KubernetesObject, { port, targetPort }: Properties): number | undefined {
  return containerPort(pod, targetPort ?? port);
}

/** The number of the pod's port of that name or number; undefined when no container declares it. */
export function containerPort({ spec }: KubernetesObject, port: string | number): number | undefined {
  // Sidecars are init containers.
  const containers = [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])] as Properties[];
  const ports = containers.flatMap(({ ports = [] }) => ports as Properties[]);
  return ports.find(({ name, containerPort }) => (typeof port === "number" ? containerPort === port : name === port))
    ?.containerPort;
}
