import type { KubernetesApi } from "../api/api";
import type { KubernetesObject } from "../api/objects";
import { failed, READY, type Readiness, waiting } from "./patience";
import { conditionStatus, isStale } from "./wait-for";

/** Other objects that tell whether one is ready. */
export interface Related {
  /** Of a claim: what its storage class says about binding. */
  readonly volumeBindingMode?: string | undefined;
  /** Of a Service: the addresses behind it. */
  readonly endpointSlices?: readonly KubernetesObject[];
}

/** Whether the API server and its controllers have done what `object` asks for, by the rules of its kind; most kinds ask for nothing. */
export function readiness(object: KubernetesObject, related: Related = {}): Readiness {
  const rule = RULES[`${object.apiVersion}/${object.kind}`];
  return rule === undefined ? READY : rule(object, related);
}

/** Reads what `readiness` needs to know beside the object. */
export async function relatedTo(api: KubernetesApi, object: KubernetesObject): Promise<Related> {
  const { kind, metadata, spec } = object;
  if (kind === "PersistentVolumeClaim" && spec?.storageClassName) {
    const reference = { apiVersion: "storage.k8s.io/v1", kind: "StorageClass", name: spec.storageClassName };
    return { volumeBindingMode: (await api.read(reference))?.volumeBindingMode };
  }
  if (kind !== "Service") return {};
  const filter = {
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    labelSelector: `kubernetes.io/service-name=${metadata.name}`,
  };
  return { endpointSlices: await api.list("discovery.k8s.io/v1", "EndpointSlice", filter) };
}

const RULES: Readonly<Record<string, (object: KubernetesObject, related: Related) => Readiness>> = {
  "apps/v1/Deployment": deployment,
  "apps/v1/StatefulSet": statefulSet,
  "apps/v1/DaemonSet": daemonSet,
  "batch/v1/Job": job,
  "networking.k8s.io/v1/Ingress": (object) =>
    hasAddress(object) ? READY : waiting(".status.loadBalancer has no hostname or IP"),
  "v1/PersistentVolume": ({ status }) =>
    ["Available", "Bound"].includes(status?.phase) ? READY : waiting(`its phase is ${status?.phase}`),
  "v1/PersistentVolumeClaim": claim,
  "v1/Pod": pod,
  "v1/Secret": ({ type, data }) =>
    type !== "kubernetes.io/service-account-token" || data !== undefined ? READY : waiting("it has no token yet"),
  "v1/Service": service,
};

function deployment(object: KubernetesObject): Readiness {
  if (object.status?.observedGeneration === undefined || isStale(object))
    return waiting("its controller has not seen it yet");
  const wanted = object.spec?.replicas ?? 1;
  const { updatedReplicas = 0, availableReplicas = 0, readyReplicas = 0 } = object.status;
  if (updatedReplicas < wanted) return waiting(`${updatedReplicas} of ${wanted} pods have the new template`);
  const available = conditionStatus(object, "Available") === "True" && availableReplicas >= wanted;
  return available ? READY : waiting(`${readyReplicas} of ${wanted} pods are ready`);
}

function statefulSet(object: KubernetesObject): Readiness {
  if (object.status?.observedGeneration === undefined || isStale(object))
    return waiting("its controller has not seen it yet");
  const wanted = object.spec?.replicas ?? 1;
  const { readyReplicas = 0, currentRevision, updateRevision } = object.status;
  if (readyReplicas < wanted) return waiting(`${readyReplicas} of ${wanted} pods are ready`);
  const rolls = object.spec?.updateStrategy?.type !== "OnDelete";
  return rolls && currentRevision !== updateRevision ? waiting("pods of the old revision are left") : READY;
}

function daemonSet(object: KubernetesObject): Readiness {
  if (object.status?.observedGeneration === undefined || isStale(object))
    return waiting("its controller has not seen it yet");
  const { desiredNumberScheduled = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = object.status;
  const ready = Math.min(updatedNumberScheduled, numberAvailable);
  return ready >= desiredNumberScheduled ? READY : waiting(`${ready} of ${desiredNumberScheduled} pods are ready`);
}

function job(object: KubernetesObject): Readiness {
  if (conditionStatus(object, "Complete") === "True") return READY;
  const failure = object.status?.conditions?.find(
    ({ type, status }: { type: string; status: string }) => type === "Failed" && status === "True",
  );
  if (failure !== undefined) return failed(`${failure.reason}: ${failure.message}`);
  const { active = 0, failed: failures = 0 } = object.status ?? {};
  return waiting(`not complete (${active} pods active, ${failures} failed)`);
}

function claim({ status }: KubernetesObject, { volumeBindingMode }: Related): Readiness {
  if (status?.phase === "Bound") return READY;
  if (volumeBindingMode === "WaitForFirstConsumer" && status?.phase === "Pending") return READY;
  return waiting(`its phase is ${status?.phase}`);
}

function pod(object: KubernetesObject): Readiness {
  const phase = object.status?.phase;
  if (phase === "Succeeded" || conditionStatus(object, "Ready") === "True") return READY;
  return phase === "Failed"
    ? failed(object.status?.message ?? "its phase is Failed")
    : waiting(`its phase is ${phase}`);
}

/** Ready when no address behind it is still to come; a Service that selects no pod at all counts as ready, as with the real provider. */
function service(object: KubernetesObject, { endpointSlices = [] }: Related): Readiness {
  const { type = "ClusterIP", clusterIP, selector } = object.spec ?? {};
  if (type === "LoadBalancer" && !hasAddress(object)) return waiting("it was not given an address");
  const pointsAtPods = type !== "ExternalName" && clusterIP !== "None" && Object.keys(selector ?? {}).length > 0;
  if (!pointsAtPods) return READY;
  if (endpointSlices.length === 0) return waiting("it has no EndpointSlice");
  const addresses = endpointSlices.flatMap(({ endpoints }) => endpoints ?? []);
  const pending = addresses.filter(({ conditions }) => conditions?.ready === false).length;
  return pending === 0 ? READY : waiting(`${pending} of its ${addresses.length} pods are not ready`);
}

/** Whether a load balancer stands behind the object. */
export function hasAddress(object: KubernetesObject): boolean {
  return (object.status?.loadBalancer?.ingress ?? []).length > 0;
}
