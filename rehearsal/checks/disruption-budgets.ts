import type { KubernetesObject } from "../api/objects";
import { type Verdict, verdict } from "../verdict";
import { type CheckContext, podBasis } from "./context";
import { isFinished, isReady, named } from "./pods";
import type { Snapshot } from "./snapshot";

/** What a budget comes to, by its spec and the pods there are. */
export interface Allowance {
  /** Pods that it guards and that have not ended. */
  readonly pods: readonly KubernetesObject[];
  readonly healthy: number;
  /** How many must stay. */
  readonly needed: number;
  /** How many there should be. */
  readonly replicas: number;
  /** How many of them may be evicted now. */
  readonly allowed: number;
}

/** Every PodDisruptionBudget lets at least one pod go, and no pod has two. */
export function checkDisruptionBudgets(context: CheckContext): Verdict[] {
  const { snapshot } = context;
  const budgets = snapshot.all("PodDisruptionBudget");
  const findings = [...budgets.flatMap((budget) => blocking(snapshot, budget)), ...doubles(snapshot)];
  const figure = `${budgets.length} budgets`;
  return [verdict("no PodDisruptionBudget forbids every eviction", figure, findings, podBasis(context))];
}

/** How many evictions the budget allows, counted as the disruption controller does. */
export function allowanceOf(snapshot: Snapshot, budget: KubernetesObject): Allowance {
  const { selector, minAvailable, maxUnavailable } = budget.spec;
  const pods = snapshot.selected("Pod", selector, budget.metadata.namespace).filter((pod) => !isFinished(pod));
  const healthy = pods.filter(isReady).length;
  const replicas = replicasBehind(snapshot, pods);
  const needed =
    maxUnavailable !== undefined ? replicas - share(maxUnavailable, replicas) : share(minAvailable ?? 1, replicas);
  return { pods, healthy, needed, replicas, allowed: Math.max(0, healthy - Math.max(0, needed)) };
}

/** A number, or a percentage of `replicas` rounded up. */
function share(value: number | string, replicas: number): number {
  const percentage = /^(\d+)%$/.exec(String(value))?.[1];
  return percentage === undefined ? Number(value) : Math.ceil((Number(percentage) * replicas) / 100);
}

/** The replicas that the pods' controllers ask for; a pod without a scalable controller stands for itself. */
function replicasBehind(snapshot: Snapshot, pods: readonly KubernetesObject[]): number {
  const controllers = new Set<KubernetesObject>();
  let alone = 0;
  for (const pod of pods) {
    const controller = scalableAbove(snapshot, pod);
    if (controller === undefined) alone++;
    else controllers.add(controller);
  }
  return [...controllers].reduce((sum, { spec }) => sum + (spec?.replicas ?? 1), alone);
}

function scalableAbove(snapshot: Snapshot, object: KubernetesObject): KubernetesObject | undefined {
  const owner = object.metadata.ownerReferences?.find(({ controller }) => controller);
  const above = owner && snapshot.find(owner.kind, owner.name, object.metadata.namespace);
  if (above?.kind !== "ReplicaSet") return above?.spec?.replicas === undefined ? undefined : above;
  return scalableAbove(snapshot, above) ?? above;
}

/** Judged as if every pod were healthy: what is amiss with a pod is said elsewhere. */
function blocking(snapshot: Snapshot, budget: KubernetesObject): string[] {
  const { pods, needed, replicas } = allowanceOf(snapshot, budget);
  if (pods.length === 0 || replicas > needed) return [];
  const { minAvailable, maxUnavailable } = budget.spec;
  const rule = maxUnavailable === undefined ? `minAvailable ${minAvailable}` : `maxUnavailable ${maxUnavailable}`;
  return [
    `${named(budget)}: ${rule} of ${replicas} pods forbids every eviction, so that no node with such a pod can be drained. Let one go, or run one more.`,
  ];
}

function doubles(snapshot: Snapshot): string[] {
  const guarded = new Map<KubernetesObject, KubernetesObject>();
  return snapshot.all("PodDisruptionBudget").flatMap((budget) => {
    const pods = snapshot.selected("Pod", budget.spec.selector, budget.metadata.namespace);
    const twice = pods.filter((pod) => guarded.has(pod));
    for (const pod of pods) guarded.set(pod, budget);
    const [first] = twice;
    if (first === undefined) return [];
    return [
      `${named(first)}: has a second budget, ${named(budget)}; the API server then refuses to evict it. Keep one.`,
    ];
  });
}
