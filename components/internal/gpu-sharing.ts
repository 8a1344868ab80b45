import { canPartition } from "./gpu-hardware";
import type { Problem } from "./problems";
import { stableJson } from "./stable-json";

/** What the device plugin calls the kinds of resources when GPUs are cut into partitions. */
export const MigStrategy = {
  /** Every partition counts as `nvidia.com/gpu`. */
  Single: "single",
  /** A partition counts under its profile, e.g. `nvidia.com/mig-1g.10gb`. */
  Mixed: "mixed",
} as const;
export type MigStrategy = (typeof MigStrategy)[keyof typeof MigStrategy];

/** How the pods of a node share its GPUs: exactly one of the three. Plain values. */
export interface GpuSharingArgs {
  /** Pods take turns on a GPU. Nothing keeps one from the memory of another. */
  readonly timeSlicing?: GpuReplicasArgs;
  /** Pods use a GPU at the same time through NVIDIA's MPS, each with an equal part of its memory. NVIDIA calls it experimental. */
  readonly mps?: GpuReplicasArgs;
  /** GPUs are cut in hardware when the node starts: A100, H100, H200 and B200 only. */
  readonly mig?: GpuPartitionArgs;
}

/** GPUs that are counted several times. */
export interface GpuReplicasArgs {
  /** How many pods a GPU takes, 2 to 48. */
  readonly replicas: number;
}

/** GPUs in partitions of equal size. */
export interface GpuPartitionArgs {
  /** How partitions are counted. Default `single`. */
  readonly strategy?: MigStrategy;
  /** NVIDIA's name of a partition, e.g. `1g.10gb`. */
  readonly profile: string;
  /** Partitions of each GPU, 1 to 7, as many as NVIDIA's table gives for the profile. */
  readonly partitions: number;
}

/** The resource that a whole GPU counts as. */
export const GPU_RESOURCE = "nvidia.com/gpu";

/** Label by which the device plugin chooses the configuration of a node. */
const CONFIG_LABEL = "nvidia.com/device-plugin.config";

/** Label of nodes that run MPS' control daemon; without GPU feature discovery nobody else sets it. */
const MPS_LABEL = "nvidia.com/mps.capable";

/** Name of the device plugin's configuration for this way of sharing; equal ways have equal names. */
export function sharingName({ timeSlicing, mps, mig }: GpuSharingArgs): string {
  if (timeSlicing !== undefined) return `time-slicing-${timeSlicing.replicas}`;
  if (mps !== undefined) return `mps-${mps.replicas}`;
  return `mig-${mig?.strategy ?? MigStrategy.Single}`;
}

/** The device plugin's configuration, as a file of its own format. JSON is YAML. */
export function sharingConfiguration({ timeSlicing, mps, mig }: GpuSharingArgs): string {
  const resources = (replicas: number) => [{ name: GPU_RESOURCE, replicas }];
  if (timeSlicing !== undefined) {
    // A second replica of the same GPU is no second GPU: a pod that asks for two is told so.
    const slices = { failRequestsGreaterThanOne: true, resources: resources(timeSlicing.replicas) };
    return stableJson({ version: "v1", sharing: { timeSlicing: slices } });
  }
  if (mps !== undefined) return stableJson({ version: "v1", sharing: { mps: { resources: resources(mps.replicas) } } });
  return stableJson({ version: "v1", flags: { migStrategy: mig?.strategy ?? MigStrategy.Single } });
}

/** Labels of nodes whose GPUs are shared; none without sharing. */
export function sharingLabels(sharing: GpuSharingArgs | undefined): Record<string, string> {
  if (sharing === undefined) return {};
  return { [CONFIG_LABEL]: sharingName(sharing), ...(sharing.mps === undefined ? {} : { [MPS_LABEL]: "true" }) };
}

/** What a node with so many GPUs offers to pods. */
export function gpuResources(gpus: number, sharing: GpuSharingArgs | undefined): Record<string, number> {
  const { mig } = sharing ?? {};
  if (mig !== undefined) {
    const name = mig.strategy === MigStrategy.Mixed ? `nvidia.com/mig-${mig.profile}` : GPU_RESOURCE;
    return { [name]: gpus * mig.partitions };
  }
  return { [GPU_RESOURCE]: gpus * ((sharing?.timeSlicing ?? sharing?.mps)?.replicas ?? 1) };
}

/** Everything that is wrong with a way of sharing on nodes with these models of GPUs. */
export function sharingProblems(path: string, sharing: GpuSharingArgs, models: readonly string[] = []): Problem[] {
  const given = (["timeSlicing", "mps", "mig"] as const).filter((key) => sharing[key] !== undefined);
  const problems: Problem[] = [];
  if (given.length !== 1) {
    problems.push({
      path,
      rule: "exactly one of timeSlicing, mps, mig must be given",
      got: given.length === 0 ? "none" : given.join(" and "),
      fix: given.length === 0 ? "Add timeSlicing, mps or mig." : `Keep one of ${given.join(", ")}.`,
    });
  }
  for (const key of ["timeSlicing", "mps"] as const) {
    const replicas = sharing[key]?.replicas;
    if (replicas === undefined || isWithin(replicas, 2, 48)) continue;
    problems.push({
      path: `${path}.${key}.replicas`,
      rule: "must be a whole number from 2 to 48",
      got: replicas,
      fix: "Correct it, or leave sharing out for one pod a GPU.",
    });
  }
  return [...problems, ...(sharing.mig === undefined ? [] : partitionProblems(`${path}.mig`, sharing.mig, models))];
}

function partitionProblems(path: string, mig: GpuPartitionArgs, models: readonly string[]): Problem[] {
  const problems: Problem[] = [];
  if (!isWithin(mig.partitions, 1, 7)) {
    problems.push({
      path: `${path}.partitions`,
      rule: "must be a whole number from 1 to 7",
      got: mig.partitions,
      fix: "Take the number of instances that NVIDIA's table of MIG profiles gives.",
    });
  }
  if (!/^[1-7]g\.\d+gb$/.test(mig.profile)) {
    problems.push({
      path: `${path}.profile`,
      rule: "must be the name of a MIG profile",
      got: mig.profile,
      fix: "Write it as `nvidia-smi mig -lgip` does, such as 1g.10gb.",
    });
  }
  const whole = models.filter((model) => !canPartition(model));
  if (whole.length > 0) {
    problems.push({
      path,
      rule: "needs GPUs that can be cut into partitions",
      got: [...new Set(whole)].join(", "),
      fix: "Take a p4d, p5, p5en or p6 type, or share by timeSlicing.",
    });
  }
  return problems;
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
