import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { PublicEntryArgs } from "./public-entry";

/** The load balancer's security group and the rules on both sides of it. */
export interface EntryFirewall {
  readonly group: aws.ec2.SecurityGroup;
  readonly rules: pulumi.Resource[];
}

/**
 * Who may reach the load balancer, and what it may reach: the controller's ports alone. The cluster's group refers to this
 * group, which holds for kept client addresses too.
 */
export function entryFirewall(name: string, args: PublicEntryArgs, opts: pulumi.CustomResourceOptions): EntryFirewall {
  const group = new aws.ec2.SecurityGroup(
    `${name}-sg`,
    { vpcId: args.vpcId, description: `Load balancer of ${name}` },
    opts,
  );
  const { httpPort, httpsPort, healthPort } = args.target;
  return {
    group,
    rules: [
      ...clientRules(name, args.allowedCidrs, group, opts),
      ...Object.entries({ http: httpPort, https: httpsPort, health: healthPort }).flatMap(([key, port]) => [
        new aws.vpc.SecurityGroupEgressRule(
          `${name}-egress-${key}`,
          {
            securityGroupId: group.id,
            referencedSecurityGroupId: args.clusterSecurityGroupId,
            ipProtocol: "tcp",
            fromPort: port,
            toPort: port,
            description: `To the ingress controller, ${key}`,
          },
          opts,
        ),
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-cluster-${key}`,
          {
            securityGroupId: args.clusterSecurityGroupId,
            referencedSecurityGroupId: group.id,
            ipProtocol: "tcp",
            fromPort: port,
            toPort: port,
            description: `From the load balancer of ${name}, ${key}`,
          },
          opts,
        ),
      ]),
    ],
  };
}

function clientRules(
  name: string,
  cidrs: string[],
  group: aws.ec2.SecurityGroup,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  return cidrs.flatMap((cidr) =>
    [80, 443].map(
      (port) =>
        new aws.vpc.SecurityGroupIngressRule(
          `${name}-client-${cidr.replace(/[^0-9]/g, "-")}-${port}`,
          {
            securityGroupId: group.id,
            cidrIpv4: cidr,
            ipProtocol: "tcp",
            fromPort: port,
            toPort: port,
            description: `Clients, port ${port}`,
          },
          opts,
        ),
    ),
  );
}
