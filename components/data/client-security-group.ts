import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Who may reach a store, and where. */
export interface ClientSecurityGroupArgs {
  /** What the group guards; ASCII, since EC2 refuses more. Changing it replaces the group. */
  readonly description: string;
  readonly vpcId: pulumi.Input<string>;
  readonly port: pulumi.Input<number>;
  /** Security groups of the clients, by a name of the caller's. */
  readonly clients: Record<string, pulumi.Input<string>>;
}

/**
 * A security group that admits other groups on one port and lets nothing out. Rules are resources of their own: inline rules
 * and separate ones erase each other.
 */
export function clientSecurityGroup(
  name: string,
  args: ClientSecurityGroupArgs,
  opts: pulumi.CustomResourceOptions,
): { group: aws.ec2.SecurityGroup; rules: aws.vpc.SecurityGroupIngressRule[] } {
  const group = new aws.ec2.SecurityGroup(name, { description: args.description, vpcId: args.vpcId }, opts);
  const rules = Object.entries(args.clients).map(
    ([key, client]) =>
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-from-${key}`,
        {
          securityGroupId: group.id,
          referencedSecurityGroupId: client,
          ipProtocol: "tcp",
          fromPort: args.port,
          toPort: args.port,
          description: `From ${key}`,
        },
        opts,
      ),
  );
  return { group, rules };
}
