import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { type Verdict, verdict } from "../verdict";
import { antiAffinityFindings } from "./anti-affinity";
import { type CheckContext, podBasis } from "./context";
import { isTolerated, isWanted, ZONE } from "./node-affinity";
import { isFinished, named, workloadOf } from "./pods";
import { type LabelSelector, selects } from "./selectors";
import type { Snapshot } from "./snapshot";
import { storeFindings, stores } from "./stores";

/** Pods stand as far apart as they ask for, and the replicas of stores in zones of their own. */
export function checkSpread(context: CheckContext): Verdict[] {
  const { snapshot } = context;
  const spread = spreadConstraints(snapshot);
  const apart = antiAffinityFindings(snapshot);
  const findings = [
    ...spread.flatMap((constraint) => skewFindings(snapshot, constraint)),
    ...apart.findings,
    ...storeFindings(snapshot),
  ];
  const figure = `${spread.length} spread constraints, ${apart.terms} anti-affinity terms${countsByZone(snapshot)}`;
  return [verdict("spread and anti-affinity hold", figure, findings, podBasis(context))];
}

/** A hard constraint of one workload, as its pods carry it. */
interface SpreadConstraint {
  readonly pod: KubernetesObject;
  readonly constraint: Properties;
  readonly selector: LabelSelector;
}

/** Every hard constraint once, not once a pod. */
function spreadConstraints(snapshot: Snapshot): SpreadConstraint[] {
  const found = new Map<string, SpreadConstraint>();
  for (const pod of placedPods(snapshot)) {
    for (const constraint of (pod.spec.topologySpreadConstraints ?? []) as Properties[]) {
      if (constraint.whenUnsatisfiable !== "DoNotSchedule") continue;
      const selector = selectorFor(pod, constraint);
      found.set(JSON.stringify([pod.metadata.namespace, constraint.topologyKey, selector]), {
        pod,
        constraint,
        selector,
      });
    }
  }
  return [...found.values()];
}

/** Pods on a node that are to stay there. */
function placedPods(snapshot: Snapshot): KubernetesObject[] {
  return snapshot
    .all("Pod")
    .filter((pod) => pod.spec?.nodeName && !isFinished(pod) && pod.metadata.deletionTimestamp === undefined);
}

/** The selector, narrowed to pods that share the pod's own values of `matchLabelKeys`. */
function selectorFor(
  { metadata }: KubernetesObject,
  { labelSelector, matchLabelKeys = [] }: Properties,
): LabelSelector {
  const own = (matchLabelKeys as string[]).flatMap((key) => {
    const value = metadata.labels?.[key];
    return value === undefined ? [] : [[key, value]];
  });
  return { ...labelSelector, matchLabels: { ...labelSelector?.matchLabels, ...Object.fromEntries(own) } };
}

function skewFindings(snapshot: Snapshot, { pod, constraint, selector }: SpreadConstraint): string[] {
  const { topologyKey, maxSkew = 1 } = constraint;
  const placed = placedPods(snapshot).filter(
    (other) => other.metadata.namespace === pod.metadata.namespace && selects(selector, other.metadata.labels),
  );
  const counts = new Map<string, number>();
  for (const node of eligibleNodes(snapshot, pod, constraint, placed)) counts.set(domainOf(node, topologyKey), 0);
  for (const other of placed) {
    const node = snapshot.find("Node", other.spec.nodeName);
    const domain = node === undefined ? "" : domainOf(node, topologyKey);
    counts.set(domain, (counts.get(domain) ?? 0) + 1);
  }
  const fewest = counts.size < (constraint.minDomains ?? 1) ? 0 : Math.min(...counts.values());
  if (Math.max(...counts.values()) - fewest <= maxSkew) return [];
  const shown = [...counts].map(([domain, count]) => `${domain} ${count}`).join(", ");
  return [
    `${named(workloadOf(snapshot, pod))}: pods by ${topologyKey}: ${shown}; at most ${maxSkew} may lie between. Look which nodes were full, and roll the pods.`,
  ];
}

/** Nodes that count for the constraint. Those that joined after the last pod was placed do not: nothing moves pods to them. */
function eligibleNodes(snapshot: Snapshot, pod: KubernetesObject, constraint: Properties, placed: KubernetesObject[]) {
  const last =
    placed
      .map(({ metadata }) => metadata.creationTimestamp ?? "")
      .sort()
      .at(-1) ?? "";
  return snapshot
    .all("Node")
    .filter(
      ({ metadata, spec }) =>
        metadata.labels?.[constraint.topologyKey] !== undefined &&
        (constraint.nodeAffinityPolicy === "Ignore" || isWanted(pod.spec, metadata.labels)) &&
        (constraint.nodeTaintsPolicy !== "Honor" || isTolerated(pod.spec, spec?.taints ?? [])) &&
        (metadata.creationTimestamp === undefined || metadata.creationTimestamp < last || last === ""),
    );
}

function domainOf({ metadata }: KubernetesObject, topologyKey: string): string {
  return metadata.labels?.[topologyKey] ?? "";
}

/** `; web 1/1/1 on 3 nodes` for every workload that is more than one pod and asks to be spread, and for stores. */
function countsByZone(snapshot: Snapshot): string {
  const zones = [...new Set(snapshot.all("Node").map((node) => domainOf(node, ZONE)))].sort();
  const groups = new Map<KubernetesObject, KubernetesObject[]>();
  for (const pod of placedPods(snapshot)) {
    if (!pod.spec.topologySpreadConstraints && !pod.spec.affinity?.podAntiAffinity) continue;
    const workload = workloadOf(snapshot, pod);
    groups.set(workload, [...(groups.get(workload) ?? []), pod]);
  }
  for (const { installation, pods } of stores(snapshot)) groups.set(installation, pods);
  return [...groups]
    .filter(([, pods]) => pods.length > 1)
    .map(([workload, pods]) => {
      const nodes = pods.map(({ spec }) => snapshot.find("Node", spec.nodeName)).filter((node) => node !== undefined);
      const byZone = zones.map((zone) => nodes.filter((node) => domainOf(node, ZONE) === zone).length);
      return `; ${workload.metadata.name} ${byZone.join("/")} on ${new Set(nodes).size} nodes`;
    })
    .join("");
}
