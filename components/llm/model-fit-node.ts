import { allocatable, type Gpus, instanceShape } from "../internal/instance-types";
import type { Problem } from "../internal/problems";
import { mebibytes, milliCpu } from "../internal/quantities";
import { engineOf, parallelismOf } from "./engine-defaults";
import type { FitInput } from "./model-fit";
import { problemUnless } from "./model-fit-engine";
import { gpuMemory, hostMemory } from "./model-memory";
import { ModelQuantization } from "./model-server-kinds";

/** The image is built for CUDA 13, which knows no older GPUs. */
export const LEAST_COMPUTE_CAPABILITY = 75;
/** bfloat16 in hardware. */
const BFLOAT16_COMPUTE_CAPABILITY = 80;
/** Least that vLLM asks of a GPU, by format of the weights (`get_min_capability`; fp8 below 8.9 as a format of storage alone). */
export const QUANTIZATION_COMPUTE_CAPABILITY: Readonly<Record<ModelQuantization, number>> = {
  [ModelQuantization.None]: 0,
  [ModelQuantization.Awq]: 75,
  [ModelQuantization.Gptq]: 60,
  [ModelQuantization.Fp8]: 75,
};
/** The driver needs the rest of a GPU's memory. */
const MOST_UTILIZATION = 0.98;
/** DaemonSets of a node take the rest. */
const SHARE_OF_PODS = 0.9;

/** GPUs of types that the table leaves out because they are retired. */
const RETIRED: Readonly<Record<string, { readonly model: string; readonly computeCapability: number }>> = {
  p2: { model: "K80", computeCapability: 37 },
  p3: { model: "V100", computeCapability: 70 },
  p3dn: { model: "V100", computeCapability: 70 },
};

/** What the GPUs of the type are short of. Paths end at `instanceTypes`; `fitting` is what the messages recommend. */
export function gpuProblems(input: FitInput, fitting: readonly string[] | undefined): Problem[] {
  const { instanceType } = input;
  const retired = RETIRED[instanceType.split(".")[0] ?? ""];
  if (retired !== undefined) return tooOld(retired, instanceType, LEAST_COMPUTE_CAPABILITY, "vLLM's image", fitting);
  const gpu = instanceShape(instanceType)?.gpu;
  if (gpu === undefined) {
    return [{ path: "instanceTypes", rule: "must have GPUs", got: instanceType, fix: advice(fitting) }];
  }
  const quantization = input.facts.quantization ?? ModelQuantization.None;
  const old = [
    ...tooOld(gpu, instanceType, LEAST_COMPUTE_CAPABILITY, "vLLM's image", fitting),
    ...tooOld(gpu, instanceType, QUANTIZATION_COMPUTE_CAPABILITY[quantization], quantization, fitting),
    ...(engineOf(input.engine).dtype === "bfloat16"
      ? tooOld(gpu, instanceType, BFLOAT16_COMPUTE_CAPABILITY, "dtype bfloat16", fitting)
      : []),
  ];
  if (old.length > 0) return old;
  const counts = countProblems(input, gpu, fitting);
  return counts.length > 0 ? counts : memoryProblems(input, gpu, fitting);
}

function tooOld(
  { model, computeCapability }: { readonly model: string; readonly computeCapability: number },
  instanceType: string,
  least: number,
  who: string,
  fitting: readonly string[] | undefined,
): Problem[] {
  return problemUnless(computeCapability >= least, {
    path: "instanceTypes",
    rule: `must have GPUs of compute capability ${capability(least)} or higher, which ${who} needs; its ${model} have ${capability(computeCapability)}`,
    got: instanceType,
    fix: advice(fitting),
  });
}

function countProblems(input: FitInput, gpu: Gpus, fitting: readonly string[] | undefined): Problem[] {
  const { tensor, gpusPerPod } = parallelismOf(input.engine, input.nodesPerReplica);
  const { podsPerGpu = 1 } = input;
  const { gpuMemoryUtilization } = engineOf(input.engine);
  const most = Math.floor((MOST_UTILIZATION / podsPerGpu) * 100) / 100;
  return [
    ...problemUnless(gpusPerPod <= gpu.count, {
      path: "instanceTypes",
      rule: `must have ${gpusPerPod} GPUs in one node, as many as tensorParallelSize × pipelineParallelSize ask for; it has ${gpu.count}, ${gpusPerPod - gpu.count} too few`,
      got: input.instanceType,
      fix: advice(fitting),
    }),
    ...problemUnless(podsPerGpu === 1 || gpusPerPod === 1, {
      path: "engine.tensorParallelSize",
      rule: "must be 1 on shared GPUs: two shares may lie on one GPU, and the parts of a model would wait for each other",
      got: tensor,
      fix: "Place the server on a pool whose GPUs are not shared.",
    }),
    ...problemUnless(podsPerGpu === 1 || gpuMemoryUtilization <= most, {
      path: "engine.gpuMemoryUtilization",
      rule: `must be at most ${most} on GPUs that ${podsPerGpu} pods share: nothing else keeps one from the memory of another`,
      got: gpuMemoryUtilization,
      fix: "Lower it, or place the server on a pool whose GPUs are not shared.",
    }),
  ];
}

function memoryProblems(input: FitInput, gpu: Gpus, fitting: readonly string[] | undefined): Problem[] {
  const { usableGiB, weightsGiB, overheadGiB, keyValueTokens } = gpuMemory(input, gpu);
  const engine = engineOf(input.engine);
  const each = `each ${gpu.model} gives ${amount(usableGiB)} GiB at gpuMemoryUtilization ${engine.gpuMemoryUtilization}`;
  const short = weightsGiB + overheadGiB - usableGiB;
  const fix = [smallerParts(input, gpu), advice(fitting)].filter((text) => text !== "").join(" ");
  if (short > 0) {
    return [
      {
        path: "instanceTypes",
        rule: `must hold the weights: ${each}, weights take ${amount(weightsGiB)} GiB and overhead ${amount(overheadGiB)} GiB of it, ${amount(short)} GiB too many`,
        got: input.instanceType,
        fix,
      },
    ];
  }
  const length = engine.maxModelLength ?? 1;
  return problemUnless(keyValueTokens >= length, {
    path: "instanceTypes",
    rule: `must hold one sequence of ${length} tokens: ${each}, and beside weights (${amount(weightsGiB)} GiB) and overhead (${amount(overheadGiB)} GiB) the KV cache holds ${keyValueTokens} tokens, ${length - keyValueTokens} too few`,
    got: input.instanceType,
    fix: `Lower engine.maxModelLength to ${keyValueTokens}. ${fix}`,
  });
}

/** More GPUs of the same node, where that is enough. */
function smallerParts(input: FitInput, gpu: Gpus): string {
  const tensor = parallelismOf(input.engine).tensor;
  const better = [2, 4, 8].find((size) => {
    const engine = { ...input.engine, tensorParallelSize: size };
    const attempt = { ...input, engine };
    if (size <= tensor || input.facts.attentionHeads % size !== 0 || (input.podsPerGpu ?? 1) > 1) return false;
    const { gpusPerPod } = parallelismOf(engine, input.nodesPerReplica);
    return gpusPerPod <= gpu.count && gpuMemory(attempt, gpu).keyValueTokens >= (engine.maxModelLength ?? 1);
  });
  return better === undefined ? "" : `Set engine.tensorParallelSize to ${better}.`;
}

/** What the node is short of besides GPUs. */
export function nodeProblems(input: FitInput, fitting: readonly string[] | undefined): Problem[] {
  const { resources, instanceType } = input;
  const space = allocatable(instanceType);
  if (resources === undefined || space === undefined || space.gpus === 0) return [];
  const cpu = Math.floor(space.cpuMillis * SHARE_OF_PODS);
  const memory = Math.floor(space.memoryMiB * SHARE_OF_PODS);
  const most = (number: string, short: string) =>
    `must be at most ${number}, 90 % of what type ${instanceType} leaves for pods; it is ${short} too much`;
  const wantedCpu = milliCpu(resources.requests.cpu ?? "0");
  const wantedMemory = mebibytes(resources.limits.memory ?? "0");
  const fix = `Lower it. ${advice(fitting)}`.trim();
  return [
    ...problemUnless(!(wantedCpu > cpu), {
      path: "resources.requests.cpu",
      rule: most(`${cpu}m`, `${wantedCpu - cpu}m`),
      got: resources.requests.cpu,
      fix,
    }),
    ...problemUnless(!(wantedMemory > memory), {
      path: "resources.limits.memory",
      rule: most(`${memory}Mi`, `${wantedMemory - memory}Mi`),
      got: resources.limits.memory,
      fix,
    }),
  ];
}

/** What is wrong with the memory limit by itself: /dev/shm, buffers and processes count against it. */
export function limitProblems(input: FitInput): Problem[] {
  const limit = mebibytes(input.resources?.limits.memory ?? "");
  const { sharedGiB, offloadedGiB, buffersGiB, processesGiB, totalGiB } = hostMemory(input);
  if (Number.isNaN(limit) || !Number.isFinite(totalGiB)) return [];
  const parts = [
    `/dev/shm ${amount(sharedGiB)}`,
    ...(buffersGiB > 0 ? [`buffers of the streamer ${amount(buffersGiB)}`] : []),
    ...(offloadedGiB > 0 ? [`offloaded KV cache ${amount(offloadedGiB)}`] : []),
    `processes ${amount(processesGiB)}`,
  ];
  return problemUnless(limit >= totalGiB * 1024, {
    path: "resources.limits.memory",
    rule: `must be at least ${Math.ceil(totalGiB)}Gi (${parts.join(", ")} GiB); it is ${amount(totalGiB - limit / 1024)} GiB short`,
    got: input.resources?.limits.memory,
    fix: "Raise it, or lower what counts against it.",
  });
}

function advice(fitting: readonly string[] | undefined): string {
  if (fitting === undefined) return "";
  if (fitting.length === 0) return "No type of our table fits these arguments.";
  return `These types fit: ${fitting.slice(0, 4).join(", ")}.`;
}

/** Compute capability as NVIDIA writes it. */
function capability(value: number): string {
  return `${Math.floor(value / 10)}.${value % 10}`;
}

function amount(gibibytes: number): string {
  return String(Math.round(gibibytes * 10) / 10);
}
