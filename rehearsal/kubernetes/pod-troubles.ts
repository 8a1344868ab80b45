import type { KubernetesApi } from "../api/api";
import type { KubernetesObject } from "../api/objects";

/** Why pods of a workload are not ready, in the words of the scheduler and of the kubelet; empty for what has no pods. */
export async function podTroubles(api: KubernetesApi, workload: KubernetesObject): Promise<string> {
  // It adds to a failure that is told in any case.
  return troublesOf(api, workload).catch(() => "");
}

async function troublesOf(api: KubernetesApi, workload: KubernetesObject): Promise<string> {
  const labels: Record<string, string> | undefined = workload.spec?.selector?.matchLabels;
  const { namespace } = workload.metadata;
  if (labels === undefined || namespace === undefined) return "";
  const labelSelector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const pods = await api.list("v1", "Pod", { namespace, labelSelector: labelSelector.join(",") });
  const troubles = pods.flatMap((pod) => troubleOf(pod).map((trouble) => `Pod ${pod.metadata.name}: ${trouble}`));
  const refusals = pods.length === 0 ? await refusedPods(api, workload) : [];
  return [...troubles, ...refusals].slice(0, 3).join("; ");
}

/** What is wrong with one pod; nothing when it is ready or done. */
function troubleOf({ status }: KubernetesObject): string[] {
  const conditions: { type: string; status: string; message?: string }[] = status?.conditions ?? [];
  const unscheduled = conditions.filter(({ type, status: holds }) => type === "PodScheduled" && holds === "False");
  const containers: { state?: { waiting?: { reason?: string; message?: string } } }[] = status?.containerStatuses ?? [];
  const stuck = containers.flatMap(({ state }) => (state?.waiting === undefined ? [] : [state.waiting]));
  return [
    ...unscheduled.map(({ message }) => message ?? "not scheduled"),
    ...stuck.map(({ reason, message }) => [reason, message].filter(Boolean).join(": ")),
    ...(status?.phase === "Failed" ? [status.message ?? "failed"] : []),
  ];
}

/** Pods that admission refused exist only in the conditions of their ReplicaSet and in events. */
async function refusedPods(api: KubernetesApi, { metadata }: KubernetesObject): Promise<string[]> {
  if (metadata.namespace === undefined) return [];
  const events = await api.list("v1", "Event", { namespace: metadata.namespace, fieldSelector: "reason=FailedCreate" });
  const own = events.filter(({ involvedObject }) => String(involvedObject?.name).startsWith(metadata.name));
  return own.slice(-1).map(({ message }) => String(message));
}
