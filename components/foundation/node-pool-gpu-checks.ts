import { efaCards, hasCapacityBlocks } from "../internal/gpu-hardware";
import { sharingProblems } from "../internal/gpu-sharing";
import { instanceShape } from "../internal/instance-types";
import type { Problems } from "../internal/problems";
import type { NodePoolArgs } from "./node-pool";
import { CapacityType } from "./node-pool-kinds";

/** Notes what is wrong with how a pool gets GPUs, and with what its nodes do with them. */
export function checkGpuSupply(problems: Problems, args: NodePoolArgs): void {
  checkCapacityBlock(problems, args);
  checkEfa(problems, args);
  checkSharing(problems, args);
}

function checkCapacityBlock(problems: Problems, args: NodePoolArgs): void {
  const wanted = args.capacityType === CapacityType.CapacityBlock;
  problems.check(wanted === (args.capacityBlock !== undefined), {
    path: "capacityBlock",
    rule: `must be given exactly when capacityType is ${CapacityType.CapacityBlock}`,
    got: args.capacityType,
    fix: wanted ? "Add the block's reservationId." : "Remove it, or set capacityType.",
  });
  if (args.capacityBlock === undefined) return;
  const { reservationId } = args.capacityBlock;
  problems.check(/^cr-[0-9a-f]{8,17}$/.test(reservationId), {
    path: "capacityBlock.reservationId",
    rule: "must be the id of a capacity reservation",
    got: reservationId,
    fix: "Take it from `aws ec2 describe-capacity-reservations`; it looks like cr-0123456789abcdef0.",
  });
  problems.check(args.instanceTypes.length === 1 && args.instanceTypes.every(hasCapacityBlocks), {
    path: "instanceTypes",
    rule: "must be the one P type that the capacity block holds",
    got: args.instanceTypes,
    fix: "Name the block's type alone, e.g. p5.48xlarge.",
  });
  checkOneZone(problems, args, "a capacity block lies in one zone");
  problems.check(args.minSize === 0, {
    path: "minSize",
    rule: "must be 0 with a capacity block, which has no machines before it begins and none after it ends",
    got: args.minSize,
    fix: "Set it to 0; once the block has begun the autoscaler starts the nodes that pods need.",
  });
  problems.check((args.desiredSize ?? 0) === 0 || args.resize === true, {
    path: "desiredSize",
    rule: "must be 0 with a capacity block unless resize is set",
    got: args.desiredSize,
    fix: "Leave it out; to start nodes by hand once the block has begun, set resize for one run.",
  });
}

function checkEfa(problems: Problems, args: NodePoolArgs): void {
  if (args.efa === undefined) return;
  problems.check(args.gpu === true, {
    path: "efa",
    rule: "connects the GPUs of several nodes, and needs a pool with GPUs",
    got: args.instanceTypes,
    fix: "Set gpu: true, or remove efa.",
  });
  const cards = new Set(args.instanceTypes.map(efaCards));
  problems.check(cards.size === 1 && !cards.has(0), {
    path: "instanceTypes",
    rule: "must all have the same number of network cards for EFA, at least one",
    got: args.instanceTypes.map((type) => `${type}: ${efaCards(type)}`).join(", "),
    fix: "Take a g5, g6 or g6e type from 8xlarge on, or a p4d, p5 or p6 type; or remove efa.",
  });
  checkOneZone(problems, args, "nodes that EFA connects stand close to each other");
}

function checkOneZone(problems: Problems, args: NodePoolArgs, reason: string): void {
  problems.check(args.zones?.length === 1, {
    path: "zones",
    rule: `must be exactly one: ${reason}`,
    got: args.zones ?? "none",
    fix: "Name the one zone, and its subnet in subnetIds.",
  });
}

function checkSharing(problems: Problems, args: NodePoolArgs): void {
  if (args.gpuSharing === undefined) return;
  problems.check(args.gpu === true, {
    path: "gpuSharing",
    rule: "needs a pool with GPUs",
    got: args.instanceTypes,
    fix: "Set gpu: true, or remove gpuSharing.",
  });
  const models = args.instanceTypes.flatMap((type) => instanceShape(type)?.gpu?.model ?? []);
  for (const problem of sharingProblems("gpuSharing", args.gpuSharing, models)) problems.check(false, problem);
}
