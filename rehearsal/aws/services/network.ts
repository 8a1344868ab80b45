import type { Properties } from "../../providers/provider";
import type { Cloud } from "../cloud";
import { changedPaths } from "../differences";
import { freshHex } from "../identifiers";
import { refusal } from "../refusal";
import type { LiveResource, RuleTable } from "../resource";
import { egressOf, vpcOf } from "./network-paths";

const VPC = "aws:ec2/vpc:Vpc";
const SUBNET = "aws:ec2/subnet:Subnet";
const ROUTE_TABLE = "aws:ec2/routeTable:RouteTable";
const NAT = "aws:ec2/natGateway:NatGateway";
const EIP = "aws:ec2/eip:Eip";
const INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway";
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const BUCKET = "aws:s3/bucket:Bucket";

const inVpc = { vpcId: { to: VPC, holds: true } } as const;
const vpcOnly = { vpcId: { to: VPC } } as const;

const notFound = (code: string, what: string) => (value: string) => `${code}: The ${what} '${value}' does not exist`;
const dependent = (what: string) => (resource: LiveResource) =>
  `DependencyViolation: The ${what} '${resource.id}' has dependencies and cannot be deleted`;

/** A computed id of EC2's form. */
const ec2Id = (prefix: string) => () => ({ id: `${prefix}${freshHex(17)}` });

/** VPCs and what routes through them. */
export const NETWORK_RULES: RuleTable = {
  [VPC]: {
    replaces: ["cidrBlock", "ipv4IpamPoolId", "ipv4NetmaskLength"],
    tagged: true,
    idPrefix: "vpc-",
    missing: notFound("InvalidVpcID.NotFound", "vpc ID"),
    inUse: dependent("vpc"),
  },
  [SUBNET]: {
    replaces: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId", "ipv6Native", "outpostArn"],
    tagged: true,
    idPrefix: "subnet-",
    references: inVpc,
    unique: {
      key: ({ vpcId, cidrBlock }) => `${vpcId} ${cidrBlock}`,
      message: ({ inputs }) => `InvalidSubnet.Conflict: The CIDR '${inputs.cidrBlock}' conflicts with another subnet`,
    },
    missing: notFound("InvalidSubnetID.NotFound", "subnet ID"),
    inUse: dependent("subnet"),
  },
  [INTERNET_GATEWAY]: {
    replaces: [],
    tagged: true,
    idPrefix: "igw-",
    references: inVpc,
    unique: {
      key: ({ vpcId }) => `${vpcId}`,
      message: ({ inputs }) =>
        `Resource.AlreadyAssociated: resource ${inputs.vpcId} is already attached to an internet gateway`,
    },
    missing: notFound("InvalidInternetGatewayID.NotFound", "internetGateway ID"),
    release: checkNothingPublic,
  },
  [EIP]: {
    replaces: ["address", "customerOwnedIpv4Pool", "domain", "networkBorderGroup", "publicIpv4Pool"],
    tagged: true,
    idPrefix: "eipalloc-",
    missing: notFound("InvalidAllocationID.NotFound", "allocation ID"),
    inUse: ({ id }) => `InvalidIPAddress.InUse: Address ${id} is in use`,
  },
  [NAT]: {
    replaces: ["allocationId", "subnetId", "connectivityType", "privateIp"],
    tagged: true,
    idPrefix: "nat-",
    references: { subnetId: { to: SUBNET, holds: true }, allocationId: { to: EIP, holds: true } },
    admit: ({ inputs }, cloud) => checkInternetGateway(vpcOf(inputs.subnetId, cloud), cloud),
    missing: notFound("NatGatewayNotFound", "NatGateway"),
    gone: (nat, cloud) => blameLostEgress(nat, cloud, `NAT gateway ${nat.logicalName}`),
  },
  [ROUTE_TABLE]: {
    replaces: ["vpcId"],
    tagged: true,
    idPrefix: "rtb-",
    references: inVpc,
    missing: notFound("InvalidRouteTableID.NotFound", "routeTable ID"),
    inUse: dependent("routeTable"),
  },
  "aws:ec2/route:Route": {
    replaces: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"],
    references: {
      routeTableId: { to: ROUTE_TABLE },
      natGatewayId: { to: NAT },
      gatewayId: { to: INTERNET_GATEWAY },
    },
    computed: () => ({ id: `r-rtb-${freshHex(17)}` }),
    unique: {
      key: ({ routeTableId, ...route }) =>
        `${routeTableId} ${route.destinationCidrBlock ?? route.destinationIpv6CidrBlock ?? route.destinationPrefixListId}`,
      message: ({ inputs }) =>
        `RouteAlreadyExists: The route identified by ${inputs.destinationCidrBlock} already exists`,
    },
    gone: (route, cloud) => blameLostEgress(route, cloud, `route ${route.logicalName}`),
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": {
    replaces: ["subnetId", "gatewayId"],
    references: { routeTableId: { to: ROUTE_TABLE, holds: true }, subnetId: { to: SUBNET } },
    computed: ec2Id("rtbassoc-"),
    unique: {
      key: ({ subnetId, gatewayId }) => `${subnetId ?? gatewayId}`,
      message: ({ inputs }) =>
        `Resource.AlreadyAssociated: the subnet ${inputs.subnetId} is already associated with another route table`,
    },
    gone: (association, cloud) => blameLostEgress(association, cloud, `association ${association.logicalName}`),
  },
  "aws:ec2/vpcEndpoint:VpcEndpoint": {
    replaces: ["vpcId", "serviceName", "vpcEndpointType", "serviceRegion"],
    tagged: true,
    idPrefix: "vpce-",
    references: {
      ...inVpc,
      "routeTableIds[]": { to: ROUTE_TABLE },
      "subnetIds[]": { to: SUBNET, holds: true },
      "securityGroupIds[]": { to: "aws:ec2/securityGroup:SecurityGroup", holds: true },
    },
  },
  "aws:ec2/flowLog:FlowLog": {
    replaces: [
      "vpcId",
      "subnetId",
      "eniId",
      "logDestination",
      "logDestinationType",
      "logFormat",
      "trafficType",
      "maxAggregationInterval",
      "iamRoleArn",
      "destinationOptions",
      "deliverCrossAccountRole",
    ],
    tagged: true,
    references: { ...vpcOnly, logDestination: { to: BUCKET } },
    computed: ec2Id("fl-"),
  },
  "aws:ec2/placementGroup:PlacementGroup": {
    name: { property: "name" },
    replaces: ["name", "strategy", "partitionCount", "spreadLevel"],
    tagged: true,
    missing: (value) => `InvalidPlacementGroup.Unknown: The Placement Group '${value}' is unknown`,
  },
  "aws:ec2/launchTemplate:LaunchTemplate": {
    name: { property: "name" },
    replaces: [],
    tagged: true,
    idPrefix: "lt-",
    references: { "placement.groupName": { to: "aws:ec2/placementGroup:PlacementGroup" } },
    volatile: ["latestVersion"],
    missing: notFound("InvalidLaunchTemplateId.NotFound", "launch template ID"),
    changed: (template, before) => {
      // Tags of the template itself are no part of its versions.
      if (changedPaths(before, template.inputs).every((path) => path.startsWith("tags"))) return;
      template.computed = { ...template.computed, latestVersion: Number(template.computed.latestVersion) + 1 };
    },
  },
};

/** An internet gateway stays attached as long as public addresses are mapped through it. */
function checkNothingPublic({ inputs }: LiveResource, cloud: Cloud): void {
  const mapped = [
    ...cloud.all(NAT).filter(({ inputs: { subnetId } }) => vpcOf(subnetId, cloud) === inputs.vpcId),
    ...cloud
      .all("aws:lb/loadBalancer:LoadBalancer")
      .filter((balancer) => !balancer.inputs.internal && vpcOf(balancer.inputs.subnets?.[0], cloud) === inputs.vpcId),
  ];
  if (mapped.length === 0) return;
  throw refusal(
    "DependencyViolation",
    `Network ${inputs.vpcId} has some mapped public address(es). Please unmap those before detaching the gateway (${mapped.map(({ logicalName }) => logicalName).join(", ")}).`,
  );
}

/** Throws unless the VPC has its internet gateway; a VPC of others is taken to have one. */
export function checkInternetGateway(vpc: string | undefined, cloud: Cloud): void {
  if (vpc === undefined || cloud.find(VPC, vpc) === undefined) return;
  if (cloud.all(INTERNET_GATEWAY).some(({ inputs }) => inputs.vpcId === vpc)) return;
  throw refusal("Gateway.NotAttached", `Network ${vpc} has no Internet gateway attached`);
}

/** Nodes that lose their way out while they live cannot be drained, and controllers on them cannot clean up. */
function blameLostEgress(lost: LiveResource, cloud: Cloud, what: string): void {
  const stranded = cloud
    .all(NODE_GROUP)
    .filter(({ inputs }) => nodesOf(inputs) > 0 && inputs.subnetIds.some((id: string) => !egressOf(id, cloud)));
  if (stranded.length === 0) return;
  const names = stranded.map(({ logicalName }) => logicalName).join(", ");
  cloud.hazards.push(`${what} (${lost.id}) was deleted while ${names} had no other way out`);
}

function nodesOf({ scalingConfig }: Properties): number {
  return Number(scalingConfig?.desiredSize ?? 0);
}
