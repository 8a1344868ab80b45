import { checkVersions } from "../internal/addon-versions";
import { instanceShape, retiredGpu } from "../internal/instance-types";
import { Problems } from "../internal/problems";
import type { NodePoolArgs } from "./node-pool";
import { checkGpuSupply } from "./node-pool-gpu-checks";

/** Throws everything that is wrong with a pool's arguments at once. */
export function checkNodePoolArgs(name: string, args: NodePoolArgs): void {
  const problems = new Problems();
  checkVersions(problems, args.kubernetesVersion, undefined);
  checkSizes(problems, args);
  checkZones(problems, args);
  checkInstanceTypes(problems, args);
  checkGpus(problems, args);
  checkGpuSupply(problems, args);
  checkTaints(problems, args);
  problems.throwIfAny("NodePool", name);
}

function checkSizes(problems: Problems, args: NodePoolArgs): void {
  const { minSize, maxSize, desiredSize, diskSizeGiB } = args;
  const isCount = (value: number) => Number.isInteger(value) && value >= 0;
  problems.check(isCount(minSize), {
    path: "minSize",
    rule: "must be a whole number, 0 or more",
    got: minSize,
    fix: "Correct it.",
  });
  problems.check(isCount(maxSize) && maxSize >= 1, {
    path: "maxSize",
    rule: "must be a whole number, 1 or more",
    got: maxSize,
    fix: "Correct it; leave the pool out if it must never have a node.",
  });
  problems.check(minSize <= maxSize, {
    path: "minSize",
    rule: `must not exceed maxSize (${maxSize})`,
    got: minSize,
    fix: "Raise maxSize or lower minSize.",
  });
  problems.check(
    desiredSize === undefined || (isCount(desiredSize) && desiredSize >= minSize && desiredSize <= maxSize),
    {
      path: "desiredSize",
      rule: `must lie between minSize (${minSize}) and maxSize (${maxSize})`,
      got: desiredSize,
      fix: "Correct it, or leave it out to start with minSize nodes.",
    },
  );
  problems.check(diskSizeGiB === undefined || (Number.isInteger(diskSizeGiB) && diskSizeGiB >= 20), {
    path: "diskSizeGiB",
    rule: "must be a whole number, 20 or more",
    got: diskSizeGiB,
    fix: "Leave room for images and logs: 100 is the default, 200 with GPUs.",
  });
}

function checkZones(problems: Problems, args: NodePoolArgs): void {
  const zones = args.zones ?? [];
  problems.check(!args.perZone || zones.length > 0, {
    path: "zones",
    rule: "must be given with perZone",
    fix: "List the zones of subnetIds, in the same order.",
  });
  problems.check(new Set(zones).size === zones.length, {
    path: "zones",
    rule: "must name each zone once",
    got: zones,
    fix: "Remove the repetition.",
  });
  if (args.zones !== undefined && Array.isArray(args.subnetIds)) {
    problems.check(args.subnetIds.length === zones.length, {
      path: "subnetIds",
      rule: `must hold one subnet for each of the ${zones.length} zones`,
      got: args.subnetIds.length,
      fix: "List one subnet a zone, in the order of zones.",
    });
  }
}

function checkInstanceTypes(problems: Problems, args: NodePoolArgs): void {
  const { instanceTypes } = args;
  problems.check(instanceTypes.length >= 1 && instanceTypes.length <= 20, {
    path: "instanceTypes",
    rule: "must hold 1 to 20 types",
    got: instanceTypes.length,
    fix: "Name at least one EC2 type, e.g. m7i.large.",
  });
  for (const [index, type] of instanceTypes.entries()) {
    const path = `instanceTypes[${index}]`;
    problems.check(/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(type), {
      path,
      rule: "must be an EC2 instance type",
      got: type,
      fix: "Write it like m7i.large.",
    });
    problems.check(!retiredGpu(type), {
      path,
      rule: "has GPUs of a retired generation (K80, V100), which today's drivers and model servers no longer serve",
      got: type,
      fix: "Take a g6e, g6, g5, p4d or p5 type.",
    });
  }
  const architectures = new Set(instanceTypes.flatMap((type) => instanceShape(type)?.architecture ?? []));
  problems.check(architectures.size <= 1, {
    path: "instanceTypes",
    rule: "must share one processor architecture, since a node group has one AMI",
    got: instanceTypes,
    fix: "Make a pool for each architecture.",
  });
}

function checkGpus(problems: Problems, args: NodePoolArgs): void {
  for (const [index, type] of args.instanceTypes.entries()) {
    const shape = instanceShape(type);
    if (shape === undefined) continue;
    problems.check(shape.gpu === undefined || args.gpu === true, {
      path: `instanceTypes[${index}]`,
      rule: "has GPUs, which the standard AMI has no driver for",
      got: type,
      fix: "Set gpu: true.",
    });
    problems.check(shape.gpu !== undefined || args.gpu !== true, {
      path: `instanceTypes[${index}]`,
      rule: "has no GPU, though the pool is declared with gpu: true",
      got: type,
      fix: "Take a GPU type, or remove gpu.",
    });
  }
  const gpus = new Set(
    args.instanceTypes.flatMap((type) => {
      const gpu = instanceShape(type)?.gpu;
      return gpu === undefined ? [] : [`${gpu.count} ${gpu.model}`];
    }),
  );
  problems.check(gpus.size <= 1, {
    path: "instanceTypes",
    rule: "must have the same number and model of GPUs, since the autoscaler sees one kind of node in a group",
    got: [...gpus],
    fix: "Make a pool for each kind.",
  });
}

function checkTaints(problems: Problems, args: NodePoolArgs): void {
  const taints = (args.taints ?? []).map(({ key, effect }) => `${key}:${effect}`);
  problems.check(new Set(taints).size === taints.length, {
    path: "taints",
    rule: "must name each key with an effect once",
    got: taints,
    fix: "Remove the repetition.",
  });
}
