import type { KubernetesObject } from "../api/objects";
import type { NodeGroup } from "../aws/observer";
import { isTolerated, isWanted } from "../checks/node-affinity";
import { allocatableOf, type Resources, requestsOf, total, without } from "../checks/requests";
import { type Candidate, canHost, type PendingPod, type PlacedPod } from "./fitting";
import { NODE_GROUP, nextZone, nodeObject, ZONE } from "./node-object";

/** What the autoscaler looks at. */
export interface ClusterView {
  readonly nodes: readonly KubernetesObject[];
  readonly placed: readonly PlacedPod[];
  readonly pending: readonly PendingPod[];
  readonly daemonSets: readonly KubernetesObject[];
  readonly groups: readonly NodeGroup[];
}

/** A node as the plan goes on. */
interface PlannedNode extends Candidate {
  free: Resources;
}

/**
 * New size of each group that should grow, so that every pending pod that fits somewhere has a node. As the autoscaler does, pods
 * are first tried on nodes that are there, then on new ones of the group that they leave the least room on.
 */
export function plannedSizes({ nodes, placed, pending, daemonSets, groups }: ClusterView): Map<string, number> {
  const planned: PlannedNode[] = nodes.map((node) => existing(node, placed));
  const pods: PlacedPod[] = [...placed];
  const sizes = new Map<string, number>();
  for (const waiting of pending) {
    const host = planned.find((node) => canHost(waiting, node, planned, pods));
    const node = host ?? grow(waiting);
    if (node === undefined) continue;
    node.free = without(node.free, requestsOf(waiting.pod.spec ?? {}));
    pods.push({ pod: waiting.pod, node: node.labels });
  }
  return sizes;

  function grow(waiting: PendingPod): PlannedNode | undefined {
    const options = groups
      .filter(({ name, size, maxSize }) => (sizes.get(name) ?? size) < maxSize)
      .map((group) => ({ group, node: template(group, planned, daemonSets) }))
      .filter(({ node }) => canHost(waiting, node, planned, pods))
      .map((option) => ({
        ...option,
        waste: waste(option.node, waiting),
        size: sizes.get(option.group.name) ?? option.group.size,
      }))
      .sort((one, other) => one.waste - other.waste || one.size - other.size);
    const [best] = options;
    if (best === undefined) return undefined;
    sizes.set(best.group.name, best.size + 1);
    planned.push(best.node);
    return best.node;
  }
}

function existing(node: KubernetesObject, placed: readonly PlacedPod[]): PlannedNode {
  const { labels = {}, name } = node.metadata;
  const own = placed.filter(({ pod }) => pod.spec?.nodeName === name);
  const used = total(own.map(({ pod }) => requestsOf(pod.spec ?? {})));
  const isOpen = node.spec?.unschedulable !== true;
  const closed = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };
  const taints = [...(node.spec?.taints ?? []), ...(isOpen ? [] : [closed])];
  return { labels, taints, free: without(allocatableOf(node), used) };
}

/** The node that the group would start next, with room taken by what runs on every node. */
function template(
  group: NodeGroup,
  planned: readonly Candidate[],
  daemonSets: readonly KubernetesObject[],
): PlannedNode {
  const own = planned.filter(({ labels }) => labels[NODE_GROUP] === group.name);
  const zone = nextZone(
    group.zones,
    own.map(({ labels }) => labels[ZONE]),
  );
  const node = nodeObject(group, `new-${planned.length}`, zone);
  const { labels = {} } = node.metadata;
  const everywhere = daemonSets
    .map(({ spec }) => spec?.template?.spec)
    .filter((spec) => isWanted(spec, labels) && isTolerated(spec, group.taints));
  return { labels, taints: group.taints, free: without(allocatableOf(node), total(everywhere.map(requestsOf))) };
}

/** Shares of CPU and memory that the pod leaves unused on the node. */
function waste({ free }: Candidate, { pod }: PendingPod): number {
  const left = without(free, requestsOf(pod.spec ?? {}));
  return left.cpu / free.cpu + left.memory / free.memory;
}
