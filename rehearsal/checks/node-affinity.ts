import type { Properties } from "../providers/provider";
import { type LabelExpression, selects } from "./selectors";

/** Label of a node's zone. */
export const ZONE = "topology.kubernetes.io/zone";

/** What keeps pods off a node unless they tolerate it. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** Whether selector and required affinity of the pod allow the node. */
export function isWanted(pod: Properties, labels: Readonly<Record<string, string>>): boolean {
  const required = pod.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
  const terms = (required?.nodeSelectorTerms ?? []) as { matchExpressions?: LabelExpression[] }[];
  return (
    selects({ matchLabels: pod.nodeSelector ?? {} }, labels) &&
    (terms.length === 0 || terms.some(({ matchExpressions = [] }) => selects({ matchExpressions }, labels)))
  );
}

/** Whether the pod tolerates every taint that keeps pods away. */
export function isTolerated(pod: Properties, taints: readonly Taint[]): boolean {
  return taints
    .filter(({ effect }) => effect !== "PreferNoSchedule")
    .every((taint) => ((pod.tolerations ?? []) as Properties[]).some((toleration) => tolerates(toleration, taint)));
}

function tolerates({ key, operator = "Equal", value = "", effect }: Properties, taint: Taint) {
  if (effect && effect !== taint.effect) return false;
  if (operator === "Exists") return !key || key === taint.key;
  return key === taint.key && value === (taint.value ?? "");
}
