/** Kinds of one API group, by their name in manifests and their name in the API. */
export interface DeliveredGroup {
  /** API group; empty for the core group. */
  readonly group: string;
  /** Resource (as roles name it) by kind (as manifests do). */
  readonly kinds: Readonly<Record<string, string>>;
}

/**
 * What may come from git: workloads of models and what belongs to them. No Secret, no Namespace, no role is among it: those are
 * Pulumi's. The project's whitelist, the controller's rights and what it watches are all made of this list.
 */
export const DELIVERED_GROUPS: readonly DeliveredGroup[] = [
  { group: "", kinds: { ConfigMap: "configmaps", Service: "services" } },
  { group: "apps", kinds: { Deployment: "deployments", StatefulSet: "statefulsets" } },
  { group: "batch", kinds: { Job: "jobs" } },
  { group: "policy", kinds: { PodDisruptionBudget: "poddisruptionbudgets" } },
  { group: "keda.sh", kinds: { ScaledObject: "scaledobjects" } },
  { group: "autoscaling.k8s.io", kinds: { VerticalPodAutoscaler: "verticalpodautoscalers" } },
  { group: "leaderworkerset.x-k8s.io", kinds: { LeaderWorkerSet: "leaderworkersets" } },
  {
    group: "flagger.app",
    kinds: { Canary: "canaries", MetricTemplate: "metrictemplates", AlertProvider: "alertproviders" },
  },
];

/** What grows from those, and is looked at only: the tree of an Application shows it, and its health depends on it. */
export const OBSERVED_GROUPS: readonly DeliveredGroup[] = [
  { group: "", kinds: { Pod: "pods" } },
  { group: "apps", kinds: { ReplicaSet: "replicasets", ControllerRevision: "controllerrevisions" } },
];

/** A rule of a role, in Kubernetes' own words. */
export interface RoleRule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

/** Rules that allow `verbs` on the kinds of `groups`. */
export function rulesOn(groups: readonly DeliveredGroup[], verbs: string[]): RoleRule[] {
  return groups.map(({ group, kinds }) => ({ apiGroups: [group], resources: Object.values(kinds), verbs }));
}
