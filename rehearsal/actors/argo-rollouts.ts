import { createHash } from "node:crypto";
import { type KubernetesObject, referenceTo } from "../api/objects";
import { type Condition, type Operator, ownedBy, setConditions, type Work } from "./operator";

const HASH = "rollouts-pod-template-hash";

/**
 * Argo Rollouts: runs the pods of a Rollout's workload, and empties the workload as they come. Requests and errors there are none,
 * so that a new version is everywhere at once.
 */
export const ARGO_ROLLOUTS: Operator = {
  name: "argo-rollouts",
  pods: "app.kubernetes.io/name=argo-rollouts",
  kinds: [["argoproj.io/v1alpha1", "Rollout"]],
  reconcile: reconcileRollout,
};

async function reconcileRollout(rollout: KubernetesObject, work: Work): Promise<void> {
  const { api } = work;
  const { namespace = "" } = rollout.metadata;
  const { apiVersion = "apps/v1", kind = "Deployment", name } = rollout.spec.workloadRef ?? {};
  const workload = await api.read({ apiVersion, kind, name, namespace });
  if (workload === undefined) {
    const message = `InvalidSpec: ${kind} ${name} not found`;
    await setConditions(api, rollout, [condition("Healthy", false, message)], { phase: "Degraded", message });
    return;
  }
  const replicas: number = rollout.spec.replicas ?? 1;
  const wanted = replicaSetOf(rollout, workload, replicas);
  await work.apply(rollout, wanted);
  const live = await api.read(referenceTo(wanted));
  const ready: number = live?.status?.readyReplicas ?? 0;
  const healthy = ready >= replicas;
  // What the workload still has is what the Rollout does not have yet.
  const rest = healthy ? 0 : Math.max(0, replicas - ready);
  if (ready > 0 && workload.spec.replicas > rest) await api.patch(referenceTo(workload), { spec: { replicas: rest } });
  await setConditions(
    api,
    rollout,
    [condition("Healthy", healthy, healthy ? "Rollout is healthy" : `${ready} of ${replicas} pods are ready`)],
    {
      phase: healthy ? "Healthy" : "Progressing",
      replicas,
      readyReplicas: ready,
      HPAReplicas: replicas,
      selector: Object.entries(rollout.spec.selector.matchLabels)
        .map(([key, value]) => `${key}=${value}`)
        .join(","),
    },
  );
  if (healthy) await removeOlder(rollout, wanted, work);
}

function replicaSetOf(rollout: KubernetesObject, workload: KubernetesObject, replicas: number): KubernetesObject {
  const { name, namespace } = rollout.metadata;
  const { template } = workload.spec;
  const hash = createHash("sha256").update(JSON.stringify(template.spec)).digest("hex").slice(0, 10);
  const labels = { ...template.metadata?.labels, [HASH]: hash };
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${name}-${hash}`,
      ...(namespace === undefined ? {} : { namespace }),
      labels,
      ...ownedBy(rollout),
    },
    spec: {
      replicas,
      selector: { matchLabels: { ...rollout.spec.selector.matchLabels, [HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

async function removeOlder(rollout: KubernetesObject, current: KubernetesObject, { api }: Work): Promise<void> {
  const { namespace, uid } = rollout.metadata;
  const filter = namespace === undefined ? {} : { namespace };
  for (const set of await api.list("apps/v1", "ReplicaSet", filter)) {
    const own = set.metadata.ownerReferences?.some((owner) => owner.uid === uid);
    if (own && set.metadata.name !== current.metadata.name) await api.delete(referenceTo(set));
  }
}

function condition(type: string, isTrue: boolean, message: string): Condition {
  return { type, status: isTrue ? "True" : "False", reason: isTrue ? "RolloutHealthy" : "RolloutProgressing", message };
}
