import type { KubernetesObject } from "../api/objects";
import { isTolerated, isWanted, type Taint } from "../checks/node-affinity";
import { fits, type Resources, requestsOf } from "../checks/requests";
import { type LabelSelector, selects } from "../checks/selectors";
import type { Properties } from "../providers/provider";

/** A node, or one that could be started. */
export interface Candidate {
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** What its pods leave over. */
  readonly free: Resources;
}

/** A pod that has a node. */
export interface PlacedPod {
  readonly pod: KubernetesObject;
  /** Labels of its node. */
  readonly node: Readonly<Record<string, string>>;
}

/** A pod that has none yet, with the volumes that its claims are bound to. */
export interface PendingPod {
  readonly pod: KubernetesObject;
  readonly volumes: readonly KubernetesObject[];
}

/** Whether the scheduler would let the pod onto the node, beside those that are placed. */
export function canHost(
  { pod, volumes }: PendingPod,
  candidate: Candidate,
  nodes: readonly Candidate[],
  placed: readonly PlacedPod[],
): boolean {
  const spec = pod.spec as Properties;
  return (
    isWanted(spec, candidate.labels) &&
    isTolerated(spec, candidate.taints) &&
    fits(requestsOf(spec), candidate.free) &&
    volumes.every((volume) => isReachable(volume, candidate)) &&
    !placed.some(
      (other) => keepApart(pod, other.pod, other.node, candidate) || keepApart(other.pod, pod, other.node, candidate),
    ) &&
    isEven(pod, candidate, nodes, placed)
  );
}

function isReachable({ spec }: KubernetesObject, { labels }: Candidate): boolean {
  const required = spec?.nodeAffinity?.required;
  if (required === undefined) return true;
  return isWanted({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } } }, labels);
}

/** Whether `one` must not run where `other` does, and node and candidate are the same place by its rule. */
function keepApart(
  one: KubernetesObject,
  other: KubernetesObject,
  node: Readonly<Record<string, string>>,
  { labels }: Candidate,
): boolean {
  const terms = (one.spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ??
    []) as Properties[];
  return terms.some(({ topologyKey, labelSelector, namespaces = [one.metadata.namespace], namespaceSelector }) => {
    if (node[topologyKey] === undefined || node[topologyKey] !== labels[topologyKey]) return false;
    const isNear = namespaceSelector !== undefined || namespaces.includes(other.metadata.namespace);
    return isNear && selects(labelSelector, other.metadata.labels);
  });
}

/** Whether hard spread constraints still hold with one more pod on the candidate. */
function isEven(
  pod: KubernetesObject,
  candidate: Candidate,
  nodes: readonly Candidate[],
  placed: readonly PlacedPod[],
): boolean {
  const constraints = ((pod.spec?.topologySpreadConstraints ?? []) as Properties[]).filter(
    ({ whenUnsatisfiable }) => whenUnsatisfiable !== "ScheduleAnyway",
  );
  return constraints.every(({ topologyKey, maxSkew, labelSelector, matchLabelKeys = [] }) => {
    const own = candidate.labels[topologyKey];
    if (own === undefined) return false;
    const selector = narrowed(labelSelector, matchLabelKeys, pod);
    const eligible = [...nodes, candidate].filter(({ labels }) => isWanted(pod.spec as Properties, labels));
    const places = new Set(eligible.map(({ labels }) => labels[topologyKey]).filter((place) => place !== undefined));
    const alike = placed.filter(
      (other) =>
        other.pod.metadata.namespace === pod.metadata.namespace && selects(selector, other.pod.metadata.labels),
    );
    const count = (place: string) => alike.filter(({ node }) => node[topologyKey] === place).length;
    return count(own) + 1 - Math.min(...[...places].map(count)) <= maxSkew;
  });
}

/** The selector, for pods that are like this one in those labels, too. */
function narrowed(selector: LabelSelector, keys: readonly string[], { metadata }: KubernetesObject): LabelSelector {
  const own = keys.map((key) => [key, metadata.labels?.[key] ?? ""]);
  return { ...selector, matchLabels: { ...selector?.matchLabels, ...Object.fromEntries(own) } };
}
