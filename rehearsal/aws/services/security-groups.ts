import type { Properties } from "../../providers/provider";
import { freshHex } from "../identifiers";
import type { LiveResource, RuleTable } from "../resource";

/** Security groups and their rules. */
export const SECURITY_GROUP_RULES: RuleTable = {
  "aws:ec2/securityGroup:SecurityGroup": {
    name: { property: "name" },
    defaults: { description: "Managed by Pulumi" },
    replaces: ["description", "vpcId"],
    tagged: true,
    idPrefix: "sg-",
    references: { vpcId: { to: "aws:ec2/vpc:Vpc", holds: true } },
    missing: (value) => `InvalidGroup.NotFound: The security group '${value}' does not exist`,
    inUse: ({ id }) => `DependencyViolation: resource ${id} has a dependent object`,
  },
  ...Object.fromEntries(
    ["Ingress", "Egress"].map((way) => [
      `aws:vpc/securityGroup${way}Rule:SecurityGroup${way}Rule`,
      {
        replaces: ["securityGroupId"],
        tagged: true,
        references: {
          securityGroupId: { to: "aws:ec2/securityGroup:SecurityGroup" },
          // A group that another group's rules name stays.
          referencedSecurityGroupId: {
            to: "aws:ec2/securityGroup:SecurityGroup",
            holds: ({ inputs }: LiveResource) => inputs.securityGroupId !== inputs.referencedSecurityGroupId,
          },
        },
        idFrom: "securityGroupRuleId",
        computed: () => ({ securityGroupRuleId: `sgr-${freshHex(17)}` }),
        unique: {
          key: ({ securityGroupId, ipProtocol, fromPort, toPort, ...peer }: Properties) =>
            JSON.stringify([
              securityGroupId,
              ipProtocol,
              fromPort,
              toPort,
              peer.cidrIpv4 ?? peer.cidrIpv6 ?? peer.referencedSecurityGroupId ?? peer.prefixListId,
            ]),
          message: () => "InvalidPermission.Duplicate: the specified rule already exists",
        },
      },
    ]),
  ),
};
