import type { KubernetesApi } from "../api/api";
import type { KubernetesObject } from "../api/objects";
import type { NodeGroup } from "../aws/observer";
import { condition, isFinished } from "../checks/pods";
import type { Properties } from "../providers/provider";
import type { PendingPod } from "./fitting";
import { readyPods } from "./operator";
import { type ClusterView, plannedSizes } from "./scaling-plan";

const PODS = "app.kubernetes.io/name=aws-cluster-autoscaler";
/** Pods that the scheduler only has not got to yet are none of the autoscaler's. */
const PATIENCE_MILLISECONDS = 1000;

/** Asks the cloud for nodes. */
export type Scaler = (groupName: string, size: number) => Promise<void>;

/** Adds nodes for pods that find no room, as cluster-autoscaler does while one of its pods is ready. It takes none away. */
export class ClusterAutoscaler {
  /** Nodes that it asked for, by pool. */
  readonly added: Record<string, number> = {};
  /** When each waiting pod was seen first. */
  private seen = new Map<string, number>();

  constructor(
    private readonly api: KubernetesApi,
    private readonly groups: () => readonly NodeGroup[],
    private readonly scale: Scaler,
  ) {}

  async round(): Promise<void> {
    const waiting = (await this.api.list("v1", "Pod", { fieldSelector: "spec.nodeName=" })).filter(isUnschedulable);
    const now = performance.now();
    this.seen = new Map(waiting.map(({ metadata: { uid = "" } }) => [uid, this.seen.get(uid) ?? now]));
    const due = waiting.filter(
      ({ metadata: { uid = "" } }) => now - (this.seen.get(uid) ?? now) >= PATIENCE_MILLISECONDS,
    );
    if (due.length === 0 || (await readyPods(this.api, PODS)).length === 0) return;
    const sizes = plannedSizes(await this.view(due));
    await Promise.all([...sizes].map(([name, size]) => this.grow(name, size)));
  }

  private async grow(name: string, size: number): Promise<void> {
    const group = this.groups().find((one) => one.name === name);
    if (group === undefined) return;
    await this.scale(name, size);
    this.added[group.pool] = (this.added[group.pool] ?? 0) + size - group.size;
  }

  private async view(due: readonly KubernetesObject[]): Promise<ClusterView> {
    const list = (apiVersion: string, kind: string) => this.api.list(apiVersion, kind);
    const [nodes, pods, daemonSets, claims, volumes] = await Promise.all([
      list("v1", "Node"),
      list("v1", "Pod"),
      list("apps/v1", "DaemonSet"),
      list("v1", "PersistentVolumeClaim"),
      list("v1", "PersistentVolume"),
    ]);
    const byName = new Map(nodes.map(({ metadata }) => [metadata.name, metadata.labels ?? {}]));
    const placed = pods.flatMap((pod) => {
      const node = byName.get(pod.spec?.nodeName);
      return node === undefined || isFinished(pod) ? [] : [{ pod, node }];
    });
    const pending = due.map((pod) => ({ pod, volumes: boundVolumes(pod, claims, volumes) }));
    return { nodes, placed, pending: leastChoiceFirst(pending), daemonSets, groups: this.groups() };
  }
}

/** Whether the scheduler has looked at the pod and found no node; pods of DaemonSets are bound to theirs. */
function isUnschedulable(pod: KubernetesObject): boolean {
  const { metadata, status } = pod;
  if (metadata.deletionTimestamp !== undefined || isFinished(pod) || status?.nominatedNodeName) return false;
  if (metadata.ownerReferences?.some(({ kind }) => kind === "DaemonSet")) return false;
  const scheduled = condition(pod, "PodScheduled");
  return scheduled?.status === "False" && scheduled.reason === "Unschedulable";
}

function boundVolumes(
  { metadata, spec }: KubernetesObject,
  claims: readonly KubernetesObject[],
  volumes: readonly KubernetesObject[],
): KubernetesObject[] {
  const names = ((spec?.volumes ?? []) as Properties[]).map((volume) => volume.persistentVolumeClaim?.claimName);
  const own = claims.filter(
    (claim) => claim.metadata.namespace === metadata.namespace && names.includes(claim.metadata.name),
  );
  return volumes.filter((volume) => own.some((claim) => claim.spec?.volumeName === volume.metadata.name));
}

/** Pods that are bound to a zone first: they have the least choice. */
function leastChoiceFirst(pending: readonly PendingPod[]): PendingPod[] {
  return [...pending].sort((one, other) => other.volumes.length - one.volumes.length);
}
