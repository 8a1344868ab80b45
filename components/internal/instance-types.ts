import { GPU_COMPUTE_CAPABILITY, GPU_MEMORY_MIB, SHAPES } from "./instance-shapes";

/** Processor architectures, as Kubernetes labels nodes (`kubernetes.io/arch`). */
export const Architectures = { X86: "amd64", Arm: "arm64" } as const;
export type Architectures = (typeof Architectures)[keyof typeof Architectures];

/** The GPUs of an instance type. */
export interface Gpus {
  readonly count: number;
  /** Model without the maker, e.g. `L40S`. */
  readonly model: string;
  /** Of each GPU. */
  readonly memoryMiB: number;
  /** Compute capability times ten, e.g. 89. */
  readonly computeCapability: number;
}

/** What we know of an EC2 instance type. */
export interface InstanceShape {
  readonly vcpus: number;
  /** As EC2 advertises it; a node reports less. */
  readonly memoryMiB: number;
  readonly architecture: Architectures;
  /** Absent without GPUs. */
  readonly gpu?: Gpus;
  /** Most pods with VPC CNI's prefix delegation, under EKS' caps of 110 (below 30 vCPUs) and 250. */
  readonly maxPods: number;
  /** Most pods with one address each; also what the kubelet's memory reservation is computed from. */
  readonly maxPodsWithoutPrefixes: number;
  /** Service quota of running on-demand instances, counted in vCPUs. */
  readonly quotaCode: string;
  /** Service quota of spot requests, counted in vCPUs; absent where we know none. */
  readonly spotQuotaCode?: string;
  /** List price of us-east-1, Linux, 2026-07-20: an estimate. */
  readonly onDemandUsdPerHour: number;
}

/** What a node leaves for pods. DaemonSets come off it. */
export interface Allocatable {
  readonly cpuMillis: number;
  readonly memoryMiB: number;
  readonly pods: number;
  readonly gpus: number;
}

/** Quota codes by class of instance: running on-demand, spot requests. */
const QUOTAS = {
  standard: { quotaCode: "L-1216C47A", spotQuotaCode: "L-34B43A08" },
  graphics: { quotaCode: "L-DB2E81BA", spotQuotaCode: "L-3819A6DF" },
  p4: { quotaCode: "L-417A185B", spotQuotaCode: "L-7212CCBC" },
  p5: { quotaCode: "L-417A185B" },
} as const;

/** Addresses in the block that prefix delegation hands to an interface in place of one address. */
const PREFIX_SIZE = 16;

/**
 * Part of the advertised memory that hypervisor and firmware may keep. The true share depends on the type; this is the cautious
 * figure that Karpenter assumes for all.
 */
const MEMORY_OVERHEAD = 0.075;

/** Memory under which the kubelet evicts pods. */
const EVICTION_MIB = 100;

const ROWS = SHAPES.trim().split("\n").map(readShape);
const TABLE: ReadonlyMap<string, InstanceShape> = new Map(ROWS);

/** The instance types that we know, one for each line of the table. */
export const INSTANCE_TYPES: readonly string[] = ROWS.map(([type]) => type);

/** What we know of `instanceType`; undefined when it is not in the table. */
export function instanceShape(instanceType: string): InstanceShape | undefined {
  return TABLE.get(instanceType);
}

/** Keeps pods that use no GPU away from nodes that have some; device plugins and model servers tolerate it by convention. */
export const GPU_TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" } as const;

/** Whether the type has NVIDIA GPUs: by the table, and by its family where that does not know it (g4ad has AMD's). */
export function hasGpus(instanceType: string): boolean {
  const shape = instanceShape(instanceType);
  if (shape !== undefined) return shape.gpu !== undefined;
  return /^(g|gr|p)\d/.test(instanceType) && !/^g4ad\./.test(instanceType);
}

/** Whether the type has GPUs of a retired generation (p2: K80, p3: V100). */
export function retiredGpu(instanceType: string): boolean {
  return /^p[23]([a-z]*)\./.test(instanceType);
}

/** Value of the accelerator label of a GPU node, e.g. `nvidia-l40s`; plain `nvidia` for a type that we do not know. */
export function accelerator(instanceType: string): string {
  const model = instanceShape(instanceType)?.gpu?.model;
  return model === undefined ? "nvidia" : `nvidia-${model.toLowerCase()}`;
}

/**
 * CPU, memory, pods and GPUs that an EKS node (AL2023, VPC CNI with prefix delegation) leaves for pods, a little less than
 * in truth. Undefined for a type that is not in the table.
 */
export function allocatable(instanceType: string): Allocatable | undefined {
  const shape = instanceShape(instanceType);
  if (shape === undefined) return undefined;
  // The reservation follows the table without prefixes even where maxPods is set higher.
  const reservedMiB = 255 + 11 * shape.maxPodsWithoutPrefixes;
  return {
    cpuMillis: shape.vcpus * 1000 - reservedCpuMillis(shape.vcpus),
    memoryMiB: Math.floor(shape.memoryMiB * (1 - MEMORY_OVERHEAD) - reservedMiB - EVICTION_MIB),
    pods: shape.maxPods,
    gpus: shape.gpu?.count ?? 0,
  };
}

/** 6 % of the first core, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest. */
function reservedCpuMillis(vcpus: number): number {
  const share = (from: number, to: number, percent: number) => Math.max(0, Math.min(vcpus, to) - from) * 10 * percent;
  return share(0, 1, 6) + share(1, 2, 1) + share(2, 4, 0.5) + share(4, Number.POSITIVE_INFINITY, 0.25);
}

function readShape(line: string): [string, InstanceShape] {
  const [type = "", vcpus, memoryGiB, interfaces, addresses, price, gpus] = line.split(" ");
  const podAddresses = Number(interfaces) * (Number(addresses) - 1);
  const cap = Number(vcpus) < 30 ? 110 : 250;
  const gpu = gpus === undefined ? undefined : readGpus(gpus);
  return [
    type,
    {
      vcpus: Number(vcpus),
      memoryMiB: Number(memoryGiB) * 1024,
      architecture: /^[a-z]+\d+g[a-z]*\./.test(type) ? Architectures.Arm : Architectures.X86,
      ...(gpu === undefined ? {} : { gpu }),
      maxPods: Math.min(cap, podAddresses * PREFIX_SIZE + 2),
      maxPodsWithoutPrefixes: podAddresses + 2,
      ...quotas(type),
      onDemandUsdPerHour: Number(price),
    },
  ];
}

function readGpus(text: string): Gpus {
  const [count, model = ""] = text.split("x");
  const memoryMiB = GPU_MEMORY_MIB[model];
  const computeCapability = GPU_COMPUTE_CAPABILITY[model];
  if (memoryMiB === undefined || computeCapability === undefined) {
    throw new Error(`the table of instance types has no memory size or no compute capability for the GPU ${model}`);
  }
  return { count: Number(count), model, memoryMiB, computeCapability };
}

function quotas(type: string): { quotaCode: string; spotQuotaCode?: string } {
  if (/^(g|vt)\d/.test(type)) return QUOTAS.graphics;
  if (/^p4/.test(type)) return QUOTAS.p4;
  if (/^p\d/.test(type)) return QUOTAS.p5;
  return QUOTAS.standard;
}
