import type { KubernetesApi } from "../api/api";
import { type KubernetesObject, referenceTo } from "../api/objects";
import type { NodeGroup } from "../aws/observer";
import { isReady } from "../checks/pods";
import { eventually, unlessGone } from "./loop";
import { NODE_GROUP, nextZone, nodeLabels, nodeObject, regionOf, ZONE } from "./node-object";

const JOIN_SECONDS = 30;

/** Keeps as many nodes in the cluster as the cloud has instances. */
export class Nodes {
  private readonly known = new Map<string, NodeGroup>();
  private readonly turns = new Map<string, Promise<void>>();
  private joined = 0;

  constructor(private readonly api: KubernetesApi) {}

  /** Node groups as the cloud had them last. */
  get groups(): NodeGroup[] {
    return [...this.known.values()];
  }

  /** Nodes have joined or left when this resolves. */
  changed(group: NodeGroup): Promise<void> {
    this.known.set(group.name, group);
    return this.inTurn(group.name, () => this.resize(group));
  }

  /** Nodes are gone when this resolves. */
  deleted(group: NodeGroup): Promise<void> {
    this.known.delete(group.name);
    return this.inTurn(group.name, () => this.resize({ ...group, size: 0 }));
  }

  /** One change of a group after the other. */
  private inTurn(name: string, change: () => Promise<void>): Promise<void> {
    const turn = (this.turns.get(name) ?? Promise.resolve()).catch(() => {}).then(change);
    this.turns.set(name, turn);
    return turn;
  }

  private async resize(group: NodeGroup): Promise<void> {
    const nodes = await this.api.list("v1", "Node", { labelSelector: `${NODE_GROUP}=${group.name}` });
    const surplus = newestFirst(nodes).slice(0, Math.max(0, nodes.length - group.size));
    const staying = nodes.filter((node) => !surplus.includes(node));
    await Promise.all(surplus.map((node) => this.leave(node)));
    await Promise.all(staying.map((node) => this.relabel(node, group)));
    const zones = staying.map(({ metadata }) => metadata.labels?.[ZONE]);
    const joining: Promise<void>[] = [];
    while (zones.length < group.size) {
      const zone = nextZone(group.zones, zones);
      zones.push(zone);
      joining.push(this.join(group, zone));
    }
    await Promise.all(joining);
  }

  private async join(group: NodeGroup, zone: string): Promise<void> {
    this.joined += 1;
    const address = `10-64-${Math.floor(this.joined / 256)}-${this.joined % 256}`;
    // Names of instances that were lost do not come back, even in another run on the same cluster.
    const name = `ip-${address}-${Date.now().toString(36)}.${regionOf(zone)}.compute.internal`;
    const reference = referenceTo(await this.api.create(nodeObject(group, name, zone)));
    const isUp = await eventually(JOIN_SECONDS, async () => {
      const node = await this.api.read(reference);
      return node !== undefined && isReady(node) && !hasStartupTaint(node);
    });
    if (!isUp) {
      throw new Error(
        `Node ${name} of group ${group.name} is not Ready after ${JOIN_SECONDS} s. Look at the log of kwok, which plays its kubelet.`,
      );
    }
  }

  /** EKS puts changed labels and taints on live nodes, too. */
  private async relabel(node: KubernetesObject, group: NodeGroup): Promise<void> {
    const { name, labels = {} } = node.metadata;
    const wanted = nodeLabels(group, name, labels[ZONE] ?? "");
    const startup = ((node.spec?.taints ?? []) as { key: string }[]).filter(({ key }) => isOfKubernetes(key));
    const taints = [...group.taints, ...startup];
    const same = Object.entries(wanted).every(([key, value]) => labels[key] === value);
    if (same && taints.length === (node.spec?.taints ?? []).length) return;
    await this.api.patch(referenceTo(node), { metadata: { labels: wanted }, spec: { taints } });
  }

  /** The node is cordoned, then lost with its pods. */
  private async leave(node: KubernetesObject): Promise<void> {
    const reference = referenceTo(node);
    if ((await unlessGone(this.api.patch(reference, { spec: { unschedulable: true } }))) === undefined) return;
    await this.api.delete(reference);
    const pods = await this.api.list("v1", "Pod", { fieldSelector: `spec.nodeName=${node.metadata.name}` });
    await Promise.all(pods.map((pod) => lose(this.api, pod)));
  }
}

/** A pod that has failed is deleted at once; any other would wait for a kubelet that is gone. */
async function lose(api: KubernetesApi, pod: KubernetesObject): Promise<void> {
  const reference = referenceTo(pod);
  await unlessGone(api.patchStatus(reference, { phase: "Failed", reason: "NodeLost" }));
  await unlessGone(api.delete(reference));
}

function newestFirst(nodes: readonly KubernetesObject[]): KubernetesObject[] {
  const age = ({ metadata }: KubernetesObject) => metadata.creationTimestamp ?? "";
  return [...nodes].sort((one, other) => age(other).localeCompare(age(one)));
}

function hasStartupTaint({ spec }: KubernetesObject): boolean {
  return ((spec?.taints ?? []) as { key: string }[]).some(({ key }) => key === "node.kubernetes.io/not-ready");
}

function isOfKubernetes(key: string): boolean {
  return key.startsWith("node.kubernetes.io/");
}
