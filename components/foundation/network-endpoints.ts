import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** What the endpoints need to know of the VPC. */
export interface EndpointArgs {
  readonly vpc: aws.ec2.Vpc;
  readonly cidr: string;
  readonly region: string;
  readonly privateSubnets: readonly aws.ec2.Subnet[];
  readonly routeTables: readonly aws.ec2.RouteTable[];
  /** Short names of services, e.g. `ecr.api`. */
  readonly services: readonly string[];
}

/**
 * The interface endpoints without which nodes and pods cannot work in a VPC that has no NAT gateway: images, credentials,
 * the cluster's API, load balancing, autoscaling, logs, keys and secrets.
 */
export const ENDPOINTS_WITHOUT_NAT = [
  "ecr.api",
  "ecr.dkr",
  "sts",
  "eks",
  "eks-auth",
  "ec2",
  "elasticloadbalancing",
  "autoscaling",
  "logs",
  "kms",
  "secretsmanager",
];

/** The S3 gateway endpoint (free, and image layers come from S3), and an interface endpoint in every zone for each service. */
export function createEndpoints(name: string, args: EndpointArgs, parent: pulumi.Resource): pulumi.Resource[] {
  const serviceName = (service: string) =>
    `${args.region.startsWith("cn-") ? "cn.com.amazonaws" : "com.amazonaws"}.${args.region}.${service}`;
  const gateway = new aws.ec2.VpcEndpoint(
    `${name}-s3`,
    {
      vpcId: args.vpc.id,
      // China's S3 keeps the plain prefix that its other services do not have.
      serviceName: `com.amazonaws.${args.region}.s3`,
      vpcEndpointType: "Gateway",
      routeTableIds: args.routeTables.map((table) => table.id),
      tags: { Name: `${name}-s3` },
    },
    { parent },
  );
  if (args.services.length === 0) return [gateway];

  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-endpoints`,
    { description: "Interface endpoints", vpcId: args.vpc.id, tags: { Name: `${name}-endpoints` } },
    { parent },
  );
  const ingress = new aws.vpc.SecurityGroupIngressRule(
    `${name}-endpoints-https`,
    {
      description: "HTTPS from the VPC: nodes boot before any group of theirs could be named here",
      securityGroupId: securityGroup.id,
      cidrIpv4: args.cidr,
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    },
    { parent },
  );
  const endpoints = args.services.map(
    (service) =>
      new aws.ec2.VpcEndpoint(
        `${name}-endpoint-${service.replaceAll(".", "-")}`,
        {
          vpcId: args.vpc.id,
          serviceName: serviceName(service),
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: args.privateSubnets.map((subnet) => subnet.id),
          securityGroupIds: [securityGroup.id],
          tags: { Name: `${name}-${service}` },
        },
        { parent },
      ),
  );
  return [gateway, ingress, ...endpoints];
}
