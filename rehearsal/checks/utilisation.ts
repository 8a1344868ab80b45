import type { KubernetesObject } from "../api/objects";
import type { NodeGroup } from "../aws/observer";
import { type Verdict, verdict } from "../verdict";
import { type CheckContext, podBasis } from "./context";
import { isTolerated, isWanted } from "./node-affinity";
import { isFinished, isReady, named } from "./pods";
import { unschedulable } from "./ready";
import { allocatableOf, requestsOf, shares, total } from "./requests";
import type { Snapshot } from "./snapshot";

const NODE_GROUP = "eks.amazonaws.com/nodegroup";

/** One line a node pool: its nodes, and how much of them is asked for; what waits for it, and which nodes are missing. */
export function checkUtilisation(context: CheckContext): Verdict[] {
  return poolsOf(context.nodeGroups).map(([pool, groups]) => {
    const nodes = groups.flatMap((group) => nodesOf(context.snapshot, group));
    const findings = groups.flatMap((group) => groupFindings(context.snapshot, group));
    return verdict(
      `node pool ${pool} holds its pods`,
      figure(context.snapshot, groups, nodes),
      findings,
      podBasis(context),
    );
  });
}

/** Node groups by pool; a pool may have one in each zone. */
export function poolsOf(nodeGroups: readonly NodeGroup[]): [string, NodeGroup[]][] {
  const pools = new Map<string, NodeGroup[]>();
  for (const group of nodeGroups) pools.set(group.pool, [...(pools.get(group.pool) ?? []), group]);
  return [...pools].sort(([one], [other]) => one.localeCompare(other));
}

/** The nodes that a group has started. */
export function nodesOf(snapshot: Snapshot, { name }: NodeGroup): KubernetesObject[] {
  return snapshot.selected("Node", { matchLabels: { [NODE_GROUP]: name } }, undefined);
}

/** Labels that nodes of the group have, as far as they are alike. */
export function labelsOf(snapshot: Snapshot, group: NodeGroup): Record<string, string> {
  const [node] = nodesOf(snapshot, group);
  return { "kubernetes.io/os": "linux", ...node?.metadata.labels, ...group.labels };
}

/** Pods that take room on the node. */
export function podsOn(snapshot: Snapshot, node: KubernetesObject): KubernetesObject[] {
  return snapshot.all("Pod").filter((pod) => pod.spec?.nodeName === node.metadata.name && !isFinished(pod));
}

function figure(snapshot: Snapshot, groups: readonly NodeGroup[], nodes: readonly KubernetesObject[]): string {
  const [fewest, most] = [sumOf(groups, "minSize"), sumOf(groups, "maxSize")];
  const count = `${nodes.length} ${groups[0]?.instanceType} of ${fewest}..${most}`;
  if (nodes.length === 0) return count;
  const used = nodes.map((node) => total(podsOn(snapshot, node).map(({ spec }) => requestsOf(spec))));
  return `${count}: ${shares(total(used), total(nodes.map(allocatableOf)))}`;
}

function sumOf(groups: readonly NodeGroup[], bound: "minSize" | "maxSize"): number {
  return groups.reduce((sum, group) => sum + group[bound], 0);
}

function groupFindings(snapshot: Snapshot, group: NodeGroup): string[] {
  const nodes = nodesOf(snapshot, group);
  const missing = group.size - nodes.length;
  return [
    ...(missing === 0
      ? []
      : [
          `Node group ${group.name}: has ${nodes.length} nodes in the cluster, ${group.size} in AWS. Look why they did not join, or leave.`,
        ]),
    ...nodes
      .filter((node) => !isReady(node))
      .map((node) => `${named(node)}: of node group ${group.name} is not ready. Look at its conditions.`),
    ...snapshot
      .all("Pod")
      .filter(({ spec }) => isWanted(spec, labelsOf(snapshot, group)) && isTolerated(spec, group.taints))
      .flatMap((pod) => waiting(pod, group)),
  ];
}

function waiting(pod: KubernetesObject, group: NodeGroup): string[] {
  const reason = unschedulable(pod);
  if (reason === undefined) return [];
  return [
    `${named(pod)}: would go to node group ${group.name} (${group.size} of at most ${group.maxSize} nodes), but: ${reason}. Take larger nodes or more of them, or ask for less.`,
  ];
}
