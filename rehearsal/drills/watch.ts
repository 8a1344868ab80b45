import type { KubernetesApi } from "../api/api";
import type { KubernetesObject } from "../api/objects";

/** Milliseconds between looks. */
const INTERVAL = 150;

const SETTLING_MILLISECONDS = 60_000;

/** Looks at all pods and Jobs of a namespace again and again while `action` runs. */
export async function watching<Result>(
  api: KubernetesApi,
  namespace: string,
  look: (pods: KubernetesObject[], jobs: KubernetesObject[]) => void,
  action: () => Promise<Result>,
): Promise<Result> {
  let over = false;
  const looking = (async () => {
    while (!over) {
      const [pods, jobs] = await Promise.all([
        api.list("v1", "Pod", { namespace }),
        api.list("batch/v1", "Job", { namespace }),
      ]);
      look(pods, jobs);
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
  })();
  try {
    return await action();
  } finally {
    over = true;
    await looking;
  }
}

/** Whether any container of the pod has an image that ends in `:tag`. */
export function runsTag({ spec }: KubernetesObject, tag: string): boolean {
  return (spec.containers as { image: string }[]).some(({ image }) => image.split("@")[0]?.endsWith(`:${tag}`));
}

/** Whether a Job has succeeded. */
export function complete({ status }: KubernetesObject): boolean {
  const conditions = (status?.conditions ?? []) as { type: string; status: string }[];
  return conditions.some(({ type, status: holds }) => type === "Complete" && holds === "True");
}

/** Pods by the workload that owns them, as `namespace/owner` → uids, sorted; finished pods left out. */
export async function runningPods(api: KubernetesApi): Promise<Map<string, string>> {
  const found = new Map<string, string[]>();
  for (const { metadata, status } of await api.list("v1", "Pod")) {
    if (status?.phase === "Succeeded" || status?.phase === "Failed" || metadata.deletionTimestamp) continue;
    const owner = metadata.ownerReferences?.[0];
    // A ReplicaSet's name ends in a hash of its template; the Deployment's does not.
    const name = owner?.kind === "ReplicaSet" ? owner.name.replace(/-[^-]+$/, "") : (owner?.name ?? metadata.name);
    const key = `${metadata.namespace}/${name}`;
    found.set(key, [...(found.get(key) ?? []), metadata.uid ?? ""]);
  }
  return new Map([...found].map(([key, uids]) => [key, uids.sort().join(" ")]));
}

/** Workloads of which no pod is left that was there before. */
export function restarted(before: Map<string, string>, after: Map<string, string>): string[] {
  return [...before]
    .filter(([owner, uids]) => {
      const left = new Set((after.get(owner) ?? "").split(" "));
      return uids.split(" ").every((uid) => !left.has(uid));
    })
    .map(([owner]) => owner)
    .sort();
}

/** What restarted in place of what should. */
export function only(moved: readonly string[], wanted: readonly string[]): string[] {
  return [
    ...moved.filter((owner) => !wanted.includes(owner)).map((owner) => `${owner} restarted, and had no reason to`),
    ...wanted.filter((owner) => !moved.includes(owner)).map((owner) => `${owner} did not restart, and had to`),
  ];
}

/** Waits until no Deployment or StatefulSet rolls any more, a minute at most: what rolls longer shows in whatever is judged next. */
export async function untilSettled(api: KubernetesApi): Promise<void> {
  const end = performance.now() + SETTLING_MILLISECONDS;
  while (performance.now() < end) {
    const workloads = [...(await api.list("apps/v1", "Deployment")), ...(await api.list("apps/v1", "StatefulSet"))];
    const autoscalers = await api.list("autoscaling/v2", "HorizontalPodAutoscaler");
    const leaving = (await api.list("v1", "Pod")).some(({ metadata }) => metadata.deletionTimestamp !== undefined);
    const raised = autoscalers.every((autoscaler) => hasRaised(autoscaler, workloads));
    if (!leaving && raised && workloads.every(isSettled)) return;
    await new Promise((resolve) => setTimeout(resolve, INTERVAL));
  }
}

/** Whether an autoscaler has brought its workload to the fewest pods that it allows, as it does without any metric. */
function hasRaised({ metadata, spec }: KubernetesObject, workloads: readonly KubernetesObject[]): boolean {
  const { kind, name } = spec.scaleTargetRef;
  const target = workloads.find(
    (workload) =>
      workload.kind === kind && workload.metadata.name === name && workload.metadata.namespace === metadata.namespace,
  );
  return target === undefined || (target.spec.replicas ?? 1) >= (spec.minReplicas ?? 1);
}

function isSettled({ metadata, spec, status }: KubernetesObject): boolean {
  const wanted = spec.replicas ?? 1;
  return (
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (status?.readyReplicas ?? 0) === wanted &&
    (status?.updatedReplicas ?? 0) === wanted &&
    (status?.replicas ?? 0) === wanted
  );
}
