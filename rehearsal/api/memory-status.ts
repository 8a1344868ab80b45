import type { KubernetesObject } from "./objects";

/** The status that an object's controller would give it in the end; undefined for kinds without one. */
export function finalStatus(object: KubernetesObject): object | undefined {
  const { apiVersion, kind, spec, metadata } = object;
  const observedGeneration = metadata.generation ?? 1;
  const replicas: number = spec?.replicas ?? 1;
  const running = { observedGeneration, replicas, readyReplicas: replicas, availableReplicas: replicas };
  switch (kind) {
    case "Deployment":
      return { ...running, updatedReplicas: replicas, conditions: [holds("Available"), holds("Progressing")] };
    case "StatefulSet":
      return { ...running, updatedReplicas: replicas, currentRevision: "memory", updateRevision: "memory" };
    case "DaemonSet":
      return { observedGeneration, desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberAvailable: 1 };
    case "Job":
      return { succeeded: 1, conditions: [holds("Complete")] };
    case "PersistentVolumeClaim":
      return { phase: "Bound" };
    case "PersistentVolume":
      return { phase: "Available" };
    case "Pod":
      return { phase: "Running", conditions: [holds("Ready")] };
    case "Namespace":
      return { phase: "Active" };
    case "CustomResourceDefinition":
      return { conditions: [holds("Established"), holds("NamesAccepted")] };
    case "Service":
      return { loadBalancer: spec?.type === "LoadBalancer" ? ADDRESS : {} };
    case "Ingress":
      return { loadBalancer: ADDRESS };
    case "ClickHouseInstallation":
    case "ClickHouseKeeperInstallation":
      return { status: "Completed", ...(spec?.taskID === undefined ? {} : { taskID: spec.taskID }) };
    default:
      // Custom resources of most projects report themselves by a condition.
      return apiVersion.includes(".") && !apiVersion.includes(".k8s.io/")
        ? { conditions: [holds("Ready")] }
        : undefined;
  }
}

const ADDRESS = { ingress: [{ hostname: "balancer.invalid" }] };

function holds(type: string): { readonly type: string; readonly status: "True" } {
  return { type, status: "True" };
}
