import { gpuPools, gpuPoolsInUse } from "./gpu-pools";
import type { Settings } from "./settings";

/** What the owner of a stack should know of its machines with GPUs, one sentence each. */
export function gpuNotices(settings: Settings): string[] {
  const { llm, nodePools } = settings;
  const used = gpuPoolsInUse(settings);
  const pools = gpuPools(nodePools).flatMap((name) => {
    const pool = nodePools[name];
    return pool === undefined ? [] : [{ name, ...pool }];
  });
  return [
    ...pools
      .filter(({ name, minSize }) => minSize > 0 && used.includes(name))
      .map(
        ({ name, minSize }) => `nodePools.${name}: ${minSize} GPU machines run, and are billed, from the first minute.`,
      ),
    ...pools
      .filter(({ name, minSize, resize }) => minSize > 0 && used.includes(name) && !resize)
      .map(
        ({ name, minSize }) =>
          `nodePools.${name}: where the pool is there already and has fewer machines, EKS refuses minSize ${minSize}; desiredSize: ${minSize} and resize: true in the same run mend that.`,
      ),
    ...pools
      .filter(({ name, minSize }) => minSize > 0 && !used.includes(name))
      .map(({ name, minSize }) => `nodePools.${name}: minSize ${minSize} counts once a model server runs there.`),
    ...pools
      .filter(({ capacityType }) => capacityType === "capacityBlock")
      .map(
        ({ name }) =>
          `nodePools.${name}: EKS takes the machines away 40 minutes before the capacity block ends; what runs there then waits.`,
      ),
    ...(llm.enabled ? sharing(settings) : []),
  ];
}

function sharing({ llm: { gpu } }: Settings): string[] {
  return [
    ...Object.entries(gpu.sharing)
      .filter(([, { timeSlicing }]) => timeSlicing !== undefined)
      .map(
        ([pool]) => `llm.gpu.sharing.${pool}: nothing keeps a pod from the memory of others on the same GPU; mps does.`,
      ),
    ...(gpu.scheduler === "managed"
      ? ["llm.gpu.scheduler: managed makes EKS fill all machines one after the other, not only those with GPUs."]
      : []),
  ];
}
