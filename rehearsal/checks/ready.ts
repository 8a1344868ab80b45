import type { KubernetesObject } from "../api/objects";
import { type Verdict, verdict } from "../verdict";
import { type CheckContext, podBasis } from "./context";
import { condition, isFinished, isReady, named, workloadOf } from "./pods";
import type { Snapshot } from "./snapshot";

/** Every pod is scheduled and ready, every Job has succeeded, every workload has the pods that it asks for. */
export function checkReady(context: CheckContext): Verdict[] {
  const { snapshot } = context;
  const pods = snapshot.all("Pod");
  const ready = pods.filter(isReady).length;
  const succeeded = pods.filter(({ status }) => status?.phase === "Succeeded").length;
  const findings = [
    ...pods.flatMap((pod) => podFindings(snapshot, pod)),
    ...snapshot.all("Job").flatMap(jobFindings),
    ...["Deployment", "StatefulSet", "DaemonSet"].flatMap((kind) => snapshot.all(kind).flatMap(workloadFindings)),
    ...snapshot.all("PersistentVolumeClaim").flatMap(claimFindings),
  ];
  const figure = `${ready} pods ready, ${succeeded} succeeded, of ${pods.length}`;
  return [verdict("every pod is scheduled and ready", figure, findings, podBasis(context))];
}

/** Why the scheduler has no node for the pod; undefined when it has one. */
export function unschedulable(pod: KubernetesObject): string | undefined {
  if (pod.spec?.nodeName || isFinished(pod)) return undefined;
  return condition(pod, "PodScheduled")?.message ?? "no scheduler has looked at it";
}

function podFindings(snapshot: Snapshot, pod: KubernetesObject): string[] {
  if (pod.status?.phase === "Failed") return failedPod(snapshot, pod);
  if (isFinished(pod) || isReady(pod)) return [];
  const waits = unschedulable(pod);
  if (waits !== undefined)
    return [
      `${named(pod)}: waits for a node: ${waits}. Make room in its pool, or mend its selector, tolerations and requests.`,
    ];
  const reason = condition(pod, "Ready")?.message ?? pod.status?.reason ?? pod.status?.phase ?? "no status";
  return [`${named(pod)}: is on ${pod.spec?.nodeName} but not ready: ${reason}. Look at its containers.`];
}

/** A retried pod of a Job that went well in the end is none. */
function failedPod(snapshot: Snapshot, pod: KubernetesObject): string[] {
  const workload = workloadOf(snapshot, pod);
  if (workload.kind === "Job" && jobFindings(workload).length === 0) return [];
  return [
    `${named(pod)}: failed: ${pod.status?.message ?? pod.status?.reason ?? "no reason given"}. Look at its logs.`,
  ];
}

function jobFindings(job: KubernetesObject): string[] {
  const wanted = job.spec?.completions ?? 1;
  const succeeded = job.status?.succeeded ?? 0;
  if (succeeded >= wanted) return [];
  const reason = condition(job, "Failed")?.message ?? condition(job, "FailureTarget")?.message ?? "it still runs";
  return [`${named(job)}: ${succeeded} of ${wanted} pods succeeded: ${reason}. Look at the events of the Job.`];
}

function workloadFindings(workload: KubernetesObject): string[] {
  const { status = {}, spec = {}, kind } = workload;
  const wanted = kind === "DaemonSet" ? (status.desiredNumberScheduled ?? 0) : (spec.replicas ?? 1);
  const ready = (kind === "DaemonSet" ? status.numberReady : status.readyReplicas) ?? 0;
  if (ready >= wanted) return [];
  const reason = condition(workload, "ReplicaFailure")?.message ?? condition(workload, "Progressing")?.message;
  return [
    `${named(workload)}: ${ready} of ${wanted} pods are ready${reason ? `: ${reason}` : ""}. Look at its pods and events.`,
  ];
}

function claimFindings(claim: KubernetesObject): string[] {
  if (claim.status?.phase === "Bound") return [];
  const { storageClassName = "the default" } = claim.spec ?? {};
  return [
    `${named(claim)}: is ${claim.status?.phase ?? "without a status"}, not bound. Look whether StorageClass ${storageClassName} exists and a pod uses the claim.`,
  ];
}
