import * as z from "zod";
import { choice, cidr, createOrExisting, distinct, flag, text, whole } from "../fields";

/** Services that an interface endpoint can stand in for the internet. */
export const ENDPOINT_SERVICES = [
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
  "acm",
  "monitoring",
  "sqs",
  "ssm",
] as const;

/** An availability zone. */
export const zone = (description: string) =>
  text(
    description,
    /^([a-z]{2}(-[a-z]+)+-\d[a-z]|[a-z]{3,5}\d-az\d{1,2})$/,
    "must be the name or the id of an availability zone",
    "Write a name such as us-east-1a or an id such as use1-az1.",
  );

const zones = () =>
  distinct(z.array(zone("An availability zone by name (us-east-1a) or id (use1-az1).")).min(2).max(7));

const create = z
  .strictObject({
    cidr: cidr("The VPC's IPv4 range, /16 to /20, e.g. 10.20.0.0/16. A change replaces the network and all in it."),
    zones: zones().describe(
      "Two to seven availability zones, all by name (us-east-1a) or all by id (use1-az1; names differ between accounts). Append only.",
    ),
    natGateways: choice(
      "Way out of the private subnets: none (needs interfaceEndpoints), single (cheap; gone with its zone) or perZone. Default perZone.",
      ["none", "single", "perZone"],
    ).default("perZone"),
    interfaceEndpoints: distinct(z.array(choice("Short name of an AWS service.", ENDPOINT_SERVICES)))
      .default([])
      .describe(
        "AWS services reached without the internet, about $7 per endpoint, zone and month each. S3 always has its free gateway endpoint. Default none.",
      ),
    flowLogs: z
      .strictObject({
        enabled: flag("Whether connections are recorded. Default true.", true),
        retentionDays: whole("Days until a record is deleted. Default 30.", 1, 3653).default(30),
      })
      .prefault({})
      .describe("Record of connections in the VPC, kept in S3."),
  })
  .describe("Make a VPC.");

const subnetIds = (use: string) =>
  distinct(
    z.array(
      text(
        "Id of a subnet.",
        /^subnet-[0-9a-f]{8,17}$/,
        "must be the id of a subnet",
        "Copy it from `aws ec2 describe-subnets`.",
      ),
    ),
  ).describe(`One ${use} subnet a zone, in the order of zones.`);

const existing = z
  .strictObject({
    vpcId: text(
      "Id of the VPC, with DNS support and DNS host names on.",
      /^vpc-[0-9a-f]{8,17}$/,
      "must be the id of a VPC",
      "Copy it from `aws ec2 describe-vpcs`.",
    ),
    cidr: cidr("The VPC's IPv4 range."),
    zones: zones().describe("The zones of the subnets below, in their order."),
    publicSubnetIds: subnetIds("public (for the load balancer)"),
    privateSubnetIds: subnetIds("private (for nodes and pods; needs a way out)"),
    privateSubnetCidrs: z.array(cidr("An IPv4 range.")).describe("Ranges of the private subnets, in the same order."),
    dataSubnetIds: subnetIds("data (for the stores)"),
    dataSubnetCidrs: z.array(cidr("An IPv4 range.")).describe("Ranges of the data subnets, in the same order."),
  })
  .describe("Use a VPC that somebody else manages; nothing in it is changed.");

/** `network`: the VPC, made or adopted. Left out when the cluster is an existing one. */
export const networkSection = createOrExisting("The VPC.", create, existing).optional();
