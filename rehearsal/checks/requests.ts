import { mebibytes, milliCpu } from "../../components/internal/quantities";
import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";

/** What a pod asks for, or a node has: thousandths of a core, MiB, pods, whole GPUs, MiB of disk. */
export interface Resources {
  readonly cpu: number;
  readonly memory: number;
  readonly pods: number;
  readonly gpu: number;
  readonly disk: number;
}

/** The five that are counted. */
export const RESOURCES = ["cpu", "memory", "pods", "gpu", "disk"] as const;

const GPU = "nvidia.com/gpu";
const NONE: Resources = { cpu: 0, memory: 0, pods: 0, gpu: 0, disk: 0 };

/** What the scheduler counts for a pod: containers and sidecars together, or the largest init container beside the sidecars before it. */
export function requestsOf({ containers = [], initContainers = [], overhead = {} }: Properties): Resources {
  let sidecars = NONE;
  let starting = NONE;
  for (const container of initContainers as Properties[]) {
    const own = requestsOfContainer(container);
    starting = combined(starting, combined(sidecars, own, sum), Math.max);
    if (container.restartPolicy === "Always") sidecars = combined(sidecars, own, sum);
  }
  const running = total([sidecars, ...(containers as Properties[]).map(requestsOfContainer)]);
  return { ...combined(combined(starting, running, Math.max), amounts(overhead), sum), pods: 1 };
}

/** What a node leaves for pods. */
export function allocatableOf(node: KubernetesObject): Resources {
  return amounts(node.status?.allocatable ?? {});
}

/** The sum of all. */
export function total(all: readonly Resources[]): Resources {
  return all.reduce((one, other) => combined(one, other, sum), NONE);
}

/** `one` without `other`. */
export function without(one: Resources, other: Resources): Resources {
  return combined(one, other, (left, right) => left - right);
}

/** Whether `wanted` has room in `free`. */
export function fits(wanted: Resources, free: Resources): boolean {
  return RESOURCES.every((name) => wanted[name] <= free[name]);
}

/** Shares of what there is, e.g. `cpu 41 %, memory 80 %`; what there is none of is left out. */
export function shares(used: Resources, available: Resources): string {
  return RESOURCES.filter((name) => available[name] > 0)
    .map((name) => `${name} ${Math.round((100 * used[name]) / available[name])} %`)
    .join(", ");
}

/** A limit without a request is a request. */
function requestsOfContainer({ resources = {} }: Properties): Resources {
  return amounts({ ...resources.limits, ...resources.requests });
}

function amounts(quantities: Properties): Resources {
  return {
    cpu: milliCpu(String(quantities.cpu ?? 0)),
    memory: mebibytes(String(quantities.memory ?? 0)),
    pods: Number(quantities.pods ?? 0),
    gpu: Number(quantities[GPU] ?? 0),
    disk: mebibytes(String(quantities["ephemeral-storage"] ?? 0)),
  };
}

function combined(one: Resources, other: Resources, by: (left: number, right: number) => number): Resources {
  return {
    cpu: by(one.cpu, other.cpu),
    memory: by(one.memory, other.memory),
    pods: by(one.pods, other.pods),
    gpu: by(one.gpu, other.gpu),
    disk: by(one.disk, other.disk),
  };
}

function sum(left: number, right: number): number {
  return left + right;
}
