import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { ready, valueAfter } from "../internal/gates";
import { efaCards } from "../internal/gpu-hardware";
import type { NodePoolArgs } from "./node-pool";
import type { NodePoolEfaArgs } from "./node-pool-kinds";

/** What a launch template says of EFA. */
export interface Fabric {
  readonly networkInterfaces: aws.types.input.ec2.LaunchTemplateNetworkInterface[];
  /** Name of the group that keeps the nodes close to each other. */
  readonly placementGroup: pulumi.Output<string>;
}

/**
 * Makes what EFA needs: a security group whose members reach each other without limit (EFA's traffic has no ports), a cluster
 * placement group, and one interface for each network card that speaks EFA. The first one carries the node's addresses; the
 * others carry EFA alone, so that they take no addresses from the subnet.
 */
export function createFabric(
  name: string,
  { instanceTypes }: NodePoolArgs,
  { vpcId, clusterSecurityGroupId }: NodePoolEfaArgs,
  opts: pulumi.CustomResourceOptions,
): Fabric {
  const group = new aws.ec2.SecurityGroup(`${name}-fabric`, { description: `EFA among nodes of ${name}`, vpcId }, opts);
  const among = { securityGroupId: group.id, referencedSecurityGroupId: group.id, ipProtocol: "-1" };
  const rules = [
    new aws.vpc.SecurityGroupIngressRule(`${name}-fabric-in`, { ...among, description: "From each other" }, opts),
    new aws.vpc.SecurityGroupEgressRule(`${name}-fabric-out`, { ...among, description: "To each other" }, opts),
  ];
  const placement = new aws.ec2.PlacementGroup(`${name}-fabric-placement`, { strategy: "cluster" }, opts);
  // Nodes that start before the rules are there would not find each other.
  const securityGroups = [clusterSecurityGroupId, valueAfter(group.id, ready(rules))];
  const cards = efaCards(instanceTypes[0] ?? "");
  return {
    networkInterfaces: Array.from({ length: cards }, (_, card) => ({
      networkCardIndex: card,
      deviceIndex: card === 0 ? 0 : 1,
      interfaceType: card === 0 ? "efa" : "efa-only",
      deleteOnTermination: "true",
      securityGroups,
    })),
    placementGroup: placement.name,
  };
}
