import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** What routing needs to know of the VPC. */
export interface RoutingArgs {
  readonly vpc: aws.ec2.Vpc;
  readonly zones: readonly string[];
  readonly publicSubnets: readonly aws.ec2.Subnet[];
  readonly privateSubnets: readonly aws.ec2.Subnet[];
  readonly dataSubnets: readonly aws.ec2.Subnet[];
  readonly natGateways: string;
}

/** Route tables, and the resources behind each way out. */
export interface Routing {
  readonly privateRouteTables: aws.ec2.RouteTable[];
  /** All that private subnets need to get out. */
  readonly egress: pulumi.Resource[];
  /** All that public subnets need. */
  readonly publicRoutes: pulumi.Resource[];
}

/**
 * Internet gateway, NAT gateways and route tables. Each private subnet has its own table, also with a single NAT gateway: moving
 * to one NAT a zone then changes a route in place instead of re-associating subnets under running nodes.
 */
export function createRouting(name: string, args: RoutingArgs, parent: pulumi.Resource): Routing {
  const { vpc, zones } = args;
  const table = (role: string) =>
    new aws.ec2.RouteTable(`${name}-${role}`, { vpcId: vpc.id, tags: { Name: `${name}-${role}` } }, { parent });
  const associate = (role: string, subnet: aws.ec2.Subnet | undefined, routeTable: aws.ec2.RouteTable) =>
    new aws.ec2.RouteTableAssociation(
      `${name}-${role}`,
      { subnetId: subnet?.id ?? "", routeTableId: routeTable.id },
      { parent },
    );

  const gateway = new aws.ec2.InternetGateway(`${name}-internet`, { vpcId: vpc.id, tags: { Name: name } }, { parent });
  const publicTable = table("public");
  const internetRoute = new aws.ec2.Route(
    `${name}-public-internet`,
    { routeTableId: publicTable.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id },
    { parent },
  );
  const publicAssociations = zones.map((zone, index) =>
    associate(`public-${zone}`, args.publicSubnets[index], publicTable),
  );

  // The data subnets' table has no route out: stores answer, they never call.
  const dataTable = table("data");
  for (const [index, zone] of zones.entries()) associate(`data-${zone}`, args.dataSubnets[index], dataTable);

  const natGateways = createNatGateways(
    name,
    args,
    { gateway, routes: [internetRoute, ...publicAssociations] },
    parent,
  );
  const privateRouteTables = zones.map((zone) => table(`private-${zone}`));
  const privateRoutes = privateRouteTables.flatMap((routeTable, index) => {
    const nat = natGateways[index] ?? natGateways[0];
    if (nat === undefined) return [];
    return [
      new aws.ec2.Route(
        `${name}-private-internet-${zones[index]}`,
        { routeTableId: routeTable.id, destinationCidrBlock: "0.0.0.0/0", natGatewayId: nat.id },
        { parent },
      ),
    ];
  });
  const privateAssociations = privateRouteTables.map((routeTable, index) =>
    associate(`private-${zones[index]}`, args.privateSubnets[index], routeTable),
  );
  return {
    privateRouteTables,
    egress: [...natGateways, ...privateRoutes, ...privateAssociations],
    publicRoutes: [internetRoute, ...publicAssociations],
  };
}

/** What NAT gateways go out through. */
interface PublicWay {
  readonly gateway: aws.ec2.InternetGateway;
  readonly routes: pulumi.Resource[];
}

function createNatGateways(
  name: string,
  { zones, publicSubnets, natGateways }: RoutingArgs,
  { gateway, routes }: PublicWay,
  parent: pulumi.Resource,
): aws.ec2.NatGateway[] {
  const natZones = natGateways === "none" ? [] : natGateways === "single" ? zones.slice(0, 1) : zones;
  return natZones.map((zone, index) => {
    const address = new aws.ec2.Eip(
      `${name}-nat-${zone}`,
      { domain: "vpc", tags: { Name: `${name}-nat-${zone}` } },
      // An address can only be used once the VPC has its internet gateway.
      { parent, dependsOn: [gateway] },
    );
    return new aws.ec2.NatGateway(
      `${name}-nat-${zone}`,
      {
        allocationId: address.allocationId,
        subnetId: publicSubnets[index]?.id ?? "",
        tags: { Name: `${name}-${zone}` },
      },
      // NAT traffic leaves through the public subnet's route, so that must stand before it and stay until after it.
      { parent, dependsOn: routes },
    );
  });
}
