import type { Cloud } from "../cloud";
import type { LiveResource } from "../resource";

const SUBNET = "aws:ec2/subnet:Subnet";
const WORLD = "0.0.0.0/0";

/** Services that nodes must reach to join, where no route leads out. */
const JOINING = ["eks", "ecr.api", "ecr.dkr", "ec2", "sts"];

/** The VPC of a subnet that was made here. */
export function vpcOf(subnetId: string | undefined, cloud: Cloud): string | undefined {
  return subnetId === undefined ? undefined : cloud.find(SUBNET, subnetId)?.inputs.vpcId;
}

/** Whether nodes in a subnet reach the services that they join with; subnets of others are taken to have their way. */
export function egressOf(subnetId: string, cloud: Cloud): boolean {
  const subnet = cloud.find(SUBNET, subnetId);
  if (subnet === undefined) return true;
  const table = cloud
    .all("aws:ec2/routeTableAssociation:RouteTableAssociation")
    .find(({ inputs }) => inputs.subnetId === subnetId)?.inputs.routeTableId;
  const routes = cloud.all("aws:ec2/route:Route").filter(({ inputs }) => inputs.routeTableId === table);
  return routes.some((route) => leadsOut(route, cloud)) || hasJoiningEndpoints(subnet.inputs.vpcId, cloud);
}

function leadsOut({ inputs }: LiveResource, cloud: Cloud): boolean {
  if (inputs.destinationCidrBlock !== WORLD) return false;
  if (inputs.natGatewayId !== undefined) {
    return cloud.find("aws:ec2/natGateway:NatGateway", inputs.natGatewayId) !== undefined;
  }
  if (inputs.gatewayId === undefined) return true;
  return cloud.find("aws:ec2/internetGateway:InternetGateway", inputs.gatewayId) !== undefined;
}

function hasJoiningEndpoints(vpcId: string, cloud: Cloud): boolean {
  const services = cloud
    .all("aws:ec2/vpcEndpoint:VpcEndpoint")
    .filter(({ inputs }) => inputs.vpcId === vpcId && inputs.vpcEndpointType === "Interface")
    .map(({ inputs }) => `${inputs.serviceName}`);
  return JOINING.every((wanted) => services.some((service) => service.endsWith(`.${wanted}`)));
}

/** Whether a subnet group holds its subnets: as long as a store in it has network interfaces there. */
export function holdsInterfaces({ physicalName }: LiveResource, cloud: Cloud): boolean {
  return cloud
    .all()
    .some(({ inputs }) => inputs.dbSubnetGroupName === physicalName || inputs.subnetGroupName === physicalName);
}
