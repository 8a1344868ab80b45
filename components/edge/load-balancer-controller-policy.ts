import type { PolicyStatement } from "../internal/iam";

/**
 * What the AWS Load Balancer Controller v3.5.0 may do in AWS: the project's published policy, statement by statement, in the
 * partition given (`aws`, `aws-cn`, `aws-us-gov`). It changes with the chart's version. Statements without a condition on the
 * tag `elbv2.k8s.aws/cluster` are that wide upstream too, because the resources they act on need not carry the tag.
 */
export function loadBalancerControllerStatements(partition = "aws"): PolicyStatement[] {
  const local = (arn: string) => arn.replace(/^arn:aws:/, `arn:${partition}:`);
  return STATEMENTS.map((statement) => ({
    ...statement,
    Resource:
      typeof statement.Resource === "string" ? local(statement.Resource) : (statement.Resource ?? []).map(local),
  }));
}

type Condition = NonNullable<PolicyStatement["Condition"]>;

function allow(actions: string[], resources: string | string[] = "*", condition?: Condition): PolicyStatement {
  const statement: PolicyStatement = { Effect: "Allow", Action: actions, Resource: resources };
  return condition === undefined ? statement : { ...statement, Condition: condition };
}

/** The resource carries the tag of a cluster. */
const OWNED: Condition = { Null: { "aws:ResourceTag/elbv2.k8s.aws/cluster": "false" } };

/** The request sets the tag of a cluster. */
const BEING_TAGGED: Condition = { Null: { "aws:RequestTag/elbv2.k8s.aws/cluster": "false" } };

/** The resource carries the tag of a cluster and the request leaves that tag alone. */
const OWNED_AND_TAG_KEPT: Condition = {
  Null: { "aws:RequestTag/elbv2.k8s.aws/cluster": "true", "aws:ResourceTag/elbv2.k8s.aws/cluster": "false" },
};

const STATEMENTS: PolicyStatement[] = [
  allow(["iam:CreateServiceLinkedRole"], "*", {
    StringEquals: { "iam:AWSServiceName": "elasticloadbalancing.amazonaws.com" },
  }),
  allow([
    "ec2:DescribeAccountAttributes",
    "ec2:DescribeAddresses",
    "ec2:DescribeAvailabilityZones",
    "ec2:DescribeInternetGateways",
    "ec2:DescribeVpcs",
    "ec2:DescribeVpcPeeringConnections",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
    "ec2:DescribeInstances",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeTags",
    "ec2:GetCoipPoolUsage",
    "ec2:DescribeCoipPools",
    "ec2:GetSecurityGroupsForVpc",
    "ec2:DescribeIpamPools",
    "ec2:DescribeRouteTables",
    "elasticloadbalancing:DescribeLoadBalancers",
    "elasticloadbalancing:DescribeLoadBalancerAttributes",
    "elasticloadbalancing:DescribeListeners",
    "elasticloadbalancing:DescribeListenerCertificates",
    "elasticloadbalancing:DescribeSSLPolicies",
    "elasticloadbalancing:DescribeRules",
    "elasticloadbalancing:DescribeTargetGroups",
    "elasticloadbalancing:DescribeTargetGroupAttributes",
    "elasticloadbalancing:DescribeTargetHealth",
    "elasticloadbalancing:DescribeTags",
    "elasticloadbalancing:DescribeTrustStores",
    "elasticloadbalancing:DescribeListenerAttributes",
    "elasticloadbalancing:DescribeCapacityReservation",
  ]),
  allow([
    "cognito-idp:DescribeUserPoolClient",
    "acm:ListCertificates",
    "acm:DescribeCertificate",
    "iam:ListServerCertificates",
    "iam:GetServerCertificate",
    "waf-regional:GetWebACL",
    "waf-regional:GetWebACLForResource",
    "waf-regional:AssociateWebACL",
    "waf-regional:DisassociateWebACL",
    "wafv2:GetWebACL",
    "wafv2:GetWebACLForResource",
    "wafv2:AssociateWebACL",
    "wafv2:DisassociateWebACL",
    "shield:GetSubscriptionState",
    "shield:DescribeProtection",
    "shield:CreateProtection",
    "shield:DeleteProtection",
  ]),
  allow(["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress"]),
  allow(["ec2:CreateSecurityGroup"]),
  allow(["ec2:CreateTags"], "arn:aws:ec2:*:*:security-group/*", {
    ...BEING_TAGGED,
    StringEquals: { "ec2:CreateAction": "CreateSecurityGroup" },
  }),
  allow(["ec2:CreateTags", "ec2:DeleteTags"], "arn:aws:ec2:*:*:security-group/*", OWNED_AND_TAG_KEPT),
  allow(["ec2:AuthorizeSecurityGroupIngress", "ec2:RevokeSecurityGroupIngress", "ec2:DeleteSecurityGroup"], "*", OWNED),
  allow(["elasticloadbalancing:CreateLoadBalancer", "elasticloadbalancing:CreateTargetGroup"], "*", BEING_TAGGED),
  allow([
    "elasticloadbalancing:CreateListener",
    "elasticloadbalancing:DeleteListener",
    "elasticloadbalancing:CreateRule",
    "elasticloadbalancing:DeleteRule",
  ]),
  allow(
    ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
    [
      "arn:aws:elasticloadbalancing:*:*:targetgroup/*/*",
      "arn:aws:elasticloadbalancing:*:*:loadbalancer/net/*/*",
      "arn:aws:elasticloadbalancing:*:*:loadbalancer/app/*/*",
    ],
    OWNED_AND_TAG_KEPT,
  ),
  allow(
    ["elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"],
    [
      "arn:aws:elasticloadbalancing:*:*:listener/net/*/*/*",
      "arn:aws:elasticloadbalancing:*:*:listener/app/*/*/*",
      "arn:aws:elasticloadbalancing:*:*:listener-rule/net/*/*/*",
      "arn:aws:elasticloadbalancing:*:*:listener-rule/app/*/*/*",
    ],
  ),
  allow(
    [
      "elasticloadbalancing:ModifyLoadBalancerAttributes",
      "elasticloadbalancing:SetIpAddressType",
      "elasticloadbalancing:SetSecurityGroups",
      "elasticloadbalancing:SetSubnets",
      "elasticloadbalancing:DeleteLoadBalancer",
      "elasticloadbalancing:ModifyTargetGroup",
      "elasticloadbalancing:ModifyTargetGroupAttributes",
      "elasticloadbalancing:DeleteTargetGroup",
      "elasticloadbalancing:ModifyListenerAttributes",
      "elasticloadbalancing:ModifyCapacityReservation",
      "elasticloadbalancing:ModifyIpPools",
    ],
    "*",
    OWNED,
  ),
  allow(
    ["elasticloadbalancing:AddTags"],
    [
      "arn:aws:elasticloadbalancing:*:*:targetgroup/*/*",
      "arn:aws:elasticloadbalancing:*:*:loadbalancer/net/*/*",
      "arn:aws:elasticloadbalancing:*:*:loadbalancer/app/*/*",
    ],
    {
      ...BEING_TAGGED,
      StringEquals: { "elasticloadbalancing:CreateAction": ["CreateTargetGroup", "CreateLoadBalancer"] },
    },
  ),
  allow(
    ["elasticloadbalancing:RegisterTargets", "elasticloadbalancing:DeregisterTargets"],
    "arn:aws:elasticloadbalancing:*:*:targetgroup/*/*",
  ),
  allow([
    "elasticloadbalancing:SetWebAcl",
    "elasticloadbalancing:ModifyListener",
    "elasticloadbalancing:AddListenerCertificates",
    "elasticloadbalancing:RemoveListenerCertificates",
    "elasticloadbalancing:ModifyRule",
    "elasticloadbalancing:SetRulePriorities",
  ]),
];
