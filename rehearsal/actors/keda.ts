import type { KubernetesObject, ObjectReference } from "../api/objects";
import type { Properties } from "../providers/provider";
import { type Operator, ownedBy, readyCondition, setConditions, type Work } from "./operator";
import { standInSecret } from "./stand-in-secret";

const API_VERSION = "keda.sh/v1alpha1";
const FINALIZER = "finalizer.keda.sh";
const DEFAULT_MAXIMUM = 100;
/** Triggers that Kubernetes itself measures. */
const RESOURCE_TRIGGERS = ["cpu", "memory"];

/** KEDA: makes a HorizontalPodAutoscaler of each ScaledObject. Queues are empty here, so that nothing scales beyond its minimum. */
export const KEDA: Operator = {
  name: "keda-operator",
  pods: "app=keda-operator",
  kinds: ["ScaledObject", "ScaledJob", "TriggerAuthentication", "ClusterTriggerAuthentication"].map(
    (kind) => [API_VERSION, kind] as const,
  ),
  finalizer: () => FINALIZER,
  attended: certificates,
  reconcile: async (object, work) => {
    if (object.kind === "ScaledObject") await reconcileScaledObject(object, work);
    if (object.kind === "ScaledJob")
      await setConditions(work.api, object, [readyCondition(true, "ScaledJob is ready")]);
  },
};

/** The operator makes the certificates that it and the other two serve with. */
function certificates({ metadata }: KubernetesObject): KubernetesObject[] {
  const keys = ["ca.crt", "ca.key", "tls.crt", "tls.key"];
  return [standInSecret({ name: "kedaorg-certs", namespace: metadata.namespace, keys })];
}

async function reconcileScaledObject(object: KubernetesObject, { api, apply }: Work): Promise<void> {
  const target = targetOf(object);
  if ((await api.read(target)) === undefined) {
    const message = `ScaledObject doesn't have correct scaleTargetRef specification: ${target.kind} ${target.name} is not there`;
    await setConditions(api, object, [readyCondition(false, message)]);
    return;
  }
  await apply(object, autoscalerOf(object));
  const ready = readyCondition(true, "ScaledObject is defined correctly and is ready for scaling");
  const active = {
    type: "Active",
    status: "False",
    reason: "ScalerNotActive",
    message: "No scaler is active",
  } as const;
  await setConditions(api, object, [ready, active], { hpaName: hpaName(object) });
}

function targetOf({ metadata, spec }: KubernetesObject): ObjectReference {
  const { apiVersion = "apps/v1", kind = "Deployment", name } = spec.scaleTargetRef;
  return { apiVersion, kind, name, ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }) };
}

function hpaName({ metadata, spec }: KubernetesObject): string {
  return spec.advanced?.horizontalPodAutoscalerConfig?.name ?? `keda-hpa-${metadata.name}`;
}

/** The autoscaler that KEDA makes of a ScaledObject. */
export function autoscalerOf(object: KubernetesObject): KubernetesObject {
  const { metadata, spec } = object;
  const { kind, apiVersion, name } = targetOf(object);
  const { behavior } = spec.advanced?.horizontalPodAutoscalerConfig ?? {};
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: {
      name: hpaName(object),
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      labels: {
        ...metadata.labels,
        "app.kubernetes.io/managed-by": "keda-operator",
        "app.kubernetes.io/name": hpaName(object),
        "app.kubernetes.io/part-of": metadata.name,
        "scaledobject.keda.sh/name": metadata.name,
      },
      ...ownedBy(object),
    },
    spec: {
      // Zero is KEDA's own to do: an autoscaler has at least one.
      minReplicas: Math.max(1, spec.minReplicaCount ?? 0),
      maxReplicas: spec.maxReplicaCount ?? DEFAULT_MAXIMUM,
      scaleTargetRef: { apiVersion, kind, name },
      metrics: ((spec.triggers ?? []) as Properties[]).map((trigger, index) => metricOf(trigger, index, metadata.name)),
      ...(behavior === undefined ? {} : { behavior }),
    },
  };
}

function metricOf({ type, metadata = {}, metricType }: Properties, index: number, scaledObject: string): Properties {
  if (RESOURCE_TRIGGERS.includes(type)) {
    const target =
      metricType === "AverageValue"
        ? { type: "AverageValue", averageValue: metadata.value }
        : { type: "Utilization", averageUtilization: Number(metadata.value) };
    return { type: "Resource", resource: { name: type, target } };
  }
  const selector = { matchLabels: { "scaledobject.keda.sh/name": scaledObject } };
  const metric = { name: `s${index}-${type}`, selector };
  return { type: "External", external: { metric, target: targetValue(type, metadata, metricType) } };
}

/** Where triggers of each type say how much one replica bears. */
const THRESHOLDS: Readonly<Record<string, string>> = { prometheus: "threshold", redis: "listLength" };

/** A threshold as the autoscaler compares it: `Value` as it is, otherwise divided among the replicas. */
function targetValue(type: string, metadata: Properties, metricType: string = "AverageValue"): Properties {
  const key = THRESHOLDS[type];
  if (key === undefined) throw new Error(`The rehearsal's KEDA does not know triggers of type ${type}.`);
  const threshold = Number(metadata[key]);
  if (!Number.isFinite(threshold)) throw new Error(`A trigger of type ${type} needs a number as ${key}.`);
  // Kubernetes knows no more than thousandths, and writes what is less than one in them.
  const quantity = Number.isInteger(threshold) ? `${threshold}` : `${Math.round(threshold * 1000)}m`;
  return metricType === "Value" ? { type: "Value", value: quantity } : { type: "AverageValue", averageValue: quantity };
}
