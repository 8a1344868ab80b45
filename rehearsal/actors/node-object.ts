import { efaCards } from "../../components/internal/gpu-hardware";
import { Architectures, allocatable, instanceShape } from "../../components/internal/instance-types";
import type { KubernetesObject } from "../api/objects";
import type { NodeGroup } from "../aws/observer";

/** Label by which nodes of a group are found. */
export const NODE_GROUP = "eks.amazonaws.com/nodegroup";
/** Label of a node's zone. */
export const ZONE = "topology.kubernetes.io/zone";

/** Labels of a node of the group in `zone`. */
export function nodeLabels(group: NodeGroup, name: string, zone: string): Record<string, string> {
  const architecture = instanceShape(group.instanceType)?.architecture ?? Architectures.X86;
  return {
    "kubernetes.io/hostname": name,
    "kubernetes.io/os": "linux",
    "kubernetes.io/arch": architecture,
    "node.kubernetes.io/instance-type": group.instanceType,
    [ZONE]: zone,
    "topology.kubernetes.io/region": regionOf(zone),
    [NODE_GROUP]: group.name,
    "eks.amazonaws.com/capacityType": group.spot ? "SPOT" : "ON_DEMAND",
    ...group.labels,
  };
}

/** What a node of the group leaves for pods, as Kubernetes writes it. */
export function allocatableOfGroup({ name, instanceType, labels, diskGiB = 20 }: NodeGroup): Record<string, string> {
  const room = allocatable(instanceType);
  if (room === undefined) {
    throw new Error(
      `Node group ${name}: nobody knows how large an instance of type ${instanceType} is. Add it to components/internal/instance-shapes.ts.`,
    );
  }
  return {
    cpu: `${room.cpuMillis}m`,
    memory: `${room.memoryMiB}Mi`,
    pods: String(room.pods),
    // The kubelet keeps a gibibyte, and evicts pods when less than a tenth is left.
    "ephemeral-storage": `${Math.floor((diskGiB * 0.9 - 1) * 1024)}Mi`,
    ...(room.gpus === 0 ? {} : { "nvidia.com/gpu": String(room.gpus * sharers(labels)) }),
    ...(labels["vpc.amazonaws.com/efa.present"] === "true"
      ? { "vpc.amazonaws.com/efa": String(efaCards(instanceType)), "hugepages-2Mi": "10Gi" }
      : {}),
  };
}

/** How many pods share a GPU, by the label that chooses the device plugin's configuration. */
function sharers(labels: Readonly<Record<string, string>>): number {
  return Number(/^(?:time-slicing|mps)-(\d+)$/.exec(labels["nvidia.com/device-plugin.config"] ?? "")?.[1] ?? 1);
}

/** A node of the group as it joins. */
export function nodeObject(group: NodeGroup, name: string, zone: string): KubernetesObject {
  const available = allocatableOfGroup(group);
  const shape = instanceShape(group.instanceType);
  const capacity = { ...available, cpu: String(shape?.vcpus), memory: `${shape?.memoryMiB}Mi` };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: nodeLabels(group, name, zone) },
    spec: { providerID: `aws:///${zone}/i-${name}`, taints: group.taints.map((taint) => ({ ...taint })) },
    status: { capacity, allocatable: available },
  };
}

/** Where the group's next node starts: the zone that has the fewest of its nodes. */
export function nextZone(zones: readonly string[], used: readonly (string | undefined)[]): string {
  const count = (zone: string) => used.filter((one) => one === zone).length;
  return [...zones].sort((one, other) => count(one) - count(other))[0] ?? "";
}

/** `us-east-1` of `us-east-1a`. */
export function regionOf(zone: string): string {
  return zone.replace(/[a-z]$/, "");
}
