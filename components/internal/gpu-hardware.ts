/**
 * What instance types with GPUs bring besides, one a line: type, GB of their own NVMe disks, network cards that speak EFA.
 * From the instance types of Karpenter, 2026-08-21. The types are those of `SHAPES`, and some near them.
 */
const HARDWARE = `
g4dn.xlarge 125 0
g4dn.2xlarge 225 0
g4dn.4xlarge 225 0
g4dn.8xlarge 900 1
g4dn.12xlarge 900 1
g4dn.16xlarge 900 1
g5.xlarge 250 0
g5.2xlarge 450 0
g5.4xlarge 600 0
g5.8xlarge 900 1
g5.12xlarge 3800 1
g5.16xlarge 1900 1
g5.24xlarge 3800 1
g5.48xlarge 7600 1
g6.xlarge 250 0
g6.2xlarge 450 0
g6.4xlarge 600 0
g6.8xlarge 900 1
g6.12xlarge 3760 1
g6.16xlarge 1880 1
g6.24xlarge 3760 1
g6.48xlarge 7520 1
g6e.xlarge 250 0
g6e.2xlarge 450 0
g6e.4xlarge 600 0
g6e.8xlarge 900 1
g6e.12xlarge 3800 1
g6e.16xlarge 1900 1
g6e.24xlarge 3800 2
g6e.48xlarge 7600 4
g7e.2xlarge 1900 0
g7e.4xlarge 1900 0
g7e.8xlarge 1900 1
g7e.12xlarge 3800 1
g7e.24xlarge 7600 2
g7e.48xlarge 15200 4
gr6.4xlarge 600 0
gr6.8xlarge 900 1
p4d.24xlarge 8000 4
p4de.24xlarge 8000 4
p5.4xlarge 3800 1
p5.48xlarge 30400 32
p5en.48xlarge 30400 16
p6-b200.48xlarge 30400 8
`;

interface Hardware {
  readonly localDiskGB: number;
  readonly efaCards: number;
}

const TABLE: ReadonlyMap<string, Hardware> = new Map(HARDWARE.trim().split("\n").map(readHardware));

/** Models of GPUs that can be cut into partitions (MIG), as `GPU_MEMORY_MIB` names them. */
const PARTITIONED_MODELS = ["A100", "A100-80GB", "H100", "H200", "B200"];

/** GB of NVMe disks that come with the type; 0 for none, and for a type that is not in the table. */
export function localDiskGB(instanceType: string): number {
  return TABLE.get(instanceType)?.localDiskGB ?? 0;
}

/** Network cards of the type that speak EFA; 0 for none, and for a type that is not in the table. */
export function efaCards(instanceType: string): number {
  return TABLE.get(instanceType)?.efaCards ?? 0;
}

/** Whether GPUs of the model can be cut into partitions (MIG). */
export function canPartition(model: string): boolean {
  return PARTITIONED_MODELS.includes(model);
}

/** Whether the type can be bought as a capacity block: P4, P5 and P6. */
export function hasCapacityBlocks(instanceType: string): boolean {
  return /^p[4-6][a-z-]*\d*\./.test(instanceType);
}

function readHardware(line: string): [string, Hardware] {
  const [type = "", localDisk, cards] = line.split(" ");
  return [type, { localDiskGB: Number(localDisk), efaCards: Number(cards) }];
}
