import type { KubernetesObject } from "../api/objects";
import type { NodeGroup } from "../aws/observer";
import type { Properties } from "../providers/provider";
import { notRun, type Verdict, verdict } from "../verdict";
import { type CheckContext, podBasis } from "./context";
import { isTolerated, isWanted } from "./node-affinity";
import { isFinished, named, workloadOf } from "./pods";
import { allocatableOf, fits, type Resources, requestsOf, shares, total, without } from "./requests";
import { autoscalers, targetOf } from "./scale-targets";
import type { Snapshot } from "./snapshot";
import { labelsOf, nodesOf, podsOn, poolsOf } from "./utilisation";

const DRILL = "node pools hold every autoscaled workload at its maximum";

/** With every autoscaler at its maximum and every pool at its own, all pods still find room. */
export function checkHeadroom(context: CheckContext): Verdict[] {
  const { snapshot, nodeGroups } = context;
  const pools = poolsOf(nodeGroups).map(([pool, groups]) => judged(snapshot, pool, groups, nodeGroups));
  const scaled = pools.filter(({ further }) => further > 0);
  if (scaled.length === 0) return [notRun(DRILL, "no pod of the stack is autoscaled")];
  const figure = scaled.map(({ pool, shown }) => `${pool}: ${shown}`).join("; ");
  return [
    verdict(
      DRILL,
      figure,
      scaled.flatMap(({ findings }) => findings),
      podBasis(context),
    ),
  ];
}

function judged(snapshot: Snapshot, pool: string, groups: NodeGroup[], all: readonly NodeGroup[]) {
  const [node] = groups.flatMap((group) => nodesOf(snapshot, group));
  const further = autoscalers(snapshot).flatMap((scaler) => growth(snapshot, scaler, groups, all));
  if (node === undefined || further.length === 0) return { pool, further: 0, shown: "", findings: [] };
  const present = groups
    .flatMap((group) => nodesOf(snapshot, group))
    .flatMap((one) => podsOn(snapshot, one))
    .filter((pod) => !isDaemon(pod))
    .map(({ spec }) => requestsOf(spec));
  const most = groups.reduce((sum, { maxSize }) => sum + maxSize, 0);
  const free = without(
    allocatableOf(node),
    total(
      podsOn(snapshot, node)
        .filter(isDaemon)
        .map(({ spec }) => requestsOf(spec)),
    ),
  );
  const wanted = [...present, ...further.map(({ requests }) => requests)];
  const left = withoutRoom(
    wanted,
    Array.from({ length: most }, () => free),
  );
  const names = [...new Set(further.map(({ scaler }) => named(scaler)))].join(", ");
  const findings =
    left === 0
      ? []
      : [
          `Node pool ${pool}: ${most} nodes have no room for ${left} of the pods when ${names} reach their maximum. Raise the pool's maximum, or lower theirs.`,
        ];
  return {
    pool,
    further: further.length,
    shown: shares(total(wanted), total(Array.from({ length: most }, () => free))),
    findings,
  };
}

/** The pods that the autoscaler may still add, where these groups are the first that take them. */
function growth(snapshot: Snapshot, scaler: KubernetesObject, groups: NodeGroup[], all: readonly NodeGroup[]) {
  const target = targetOf(snapshot, scaler);
  const spec = target?.spec?.template?.spec as Properties | undefined;
  if (target === undefined || spec === undefined) return [];
  const home = all.find((group) => isWanted(spec, labelsOf(snapshot, group)) && isTolerated(spec, group.taints));
  if (home === undefined || !groups.includes(home)) return [];
  const present = snapshot
    .all("Pod", target.metadata.namespace)
    .filter((pod) => !isFinished(pod) && workloadOf(snapshot, pod) === target);
  const most = scaler.spec?.maxReplicas ?? scaler.spec?.maxReplicaCount ?? 0;
  const requests = requestsOf(spec);
  return Array.from({ length: Math.max(0, most - present.length) }, () => ({ scaler, requests }));
}

/** How many of `wanted` find no place, the largest placed first. */
export function withoutRoom(wanted: readonly Resources[], nodes: readonly Resources[]): number {
  const free = [...nodes];
  const sorted = [...wanted].sort((one, other) => other.memory - one.memory || other.cpu - one.cpu);
  return sorted.filter((pod) => {
    const index = free.findIndex((room) => fits(pod, room));
    const room = free[index];
    if (room === undefined) return true;
    free[index] = without(room, pod);
    return false;
  }).length;
}

function isDaemon({ metadata }: KubernetesObject): boolean {
  return metadata.ownerReferences?.some(({ kind }) => kind === "DaemonSet") ?? false;
}
