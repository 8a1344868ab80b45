import type * as pulumi from "@pulumi/pulumi";

/** How nodes are bought. */
export const CapacityType = {
  OnDemand: "ON_DEMAND",
  /** Cheaper, and taken away with two minutes' notice. */
  Spot: "SPOT",
  /** Machines that were reserved, and paid for, for some days: a capacity block of EC2. */
  CapacityBlock: "CAPACITY_BLOCK",
} as const;
export type CapacityType = (typeof CapacityType)[keyof typeof CapacityType];

/** What a taint does to pods that do not tolerate it, in Kubernetes' words. */
export const TaintEffect = {
  NoSchedule: "NoSchedule",
  PreferNoSchedule: "PreferNoSchedule",
  NoExecute: "NoExecute",
} as const;
export type TaintEffect = (typeof TaintEffect)[keyof typeof TaintEffect];

/** A taint of every node of a pool. */
export interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: TaintEffect;
}

/** A capacity block that the machines of a pool come from. */
export interface CapacityBlockArgs {
  /** Id of the block's capacity reservation, `cr-…`. Changing it rolls the nodes. */
  readonly reservationId: string;
}

/** What the network cards that connect GPUs of several nodes need to know of the cluster. */
export interface NodePoolEfaArgs {
  /** VPC of the nodes. */
  readonly vpcId: pulumi.Input<string>;
  /** The cluster's own security group: a launch template that names any group must name it too. */
  readonly clusterSecurityGroupId: pulumi.Input<string>;
}
