import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { isCidr, MAX_ZONES, prefixLength, subnetPlan } from "../internal/cidr";
import { ready } from "../internal/gates";
import { Problems } from "../internal/problems";
import { createEndpoints } from "./network-endpoints";
import { createFlowLogs } from "./network-flow-logs";
import { createRouting } from "./network-routing";

/** How private subnets reach the internet. */
export const NatGateways = {
  /** Not at all; everything AWS must then be reached through interface endpoints. */
  None: "none",
  /** Through one zone: cheapest, and gone with that zone. */
  Single: "single",
  /** Each zone through its own. */
  PerZone: "perZone",
} as const;
export type NatGateways = (typeof NatGateways)[keyof typeof NatGateways];

export interface NetworkArgs {
  /** Region, e.g. `us-east-1`; part of endpoint service names. */
  readonly region: string;
  /** Make a VPC. Exactly one of `create` and `existing`. */
  readonly create?: CreateNetworkArgs;
  /** Use a VPC that somebody else manages; nothing is created then. */
  readonly existing?: ExistingNetworkArgs;
}

export interface CreateNetworkArgs {
  /** The VPC's IPv4 range, /16 to /20, no host bits. Changing it replaces the network. */
  readonly cidr: string;
  /** Two to seven availability zones by name (`us-east-1a`) or id (`use1-az1`; names differ between accounts). Order matters: append only. */
  readonly zones: string[];
  /** Way out of the private subnets. Default `perZone`. */
  readonly natGateways?: NatGateways;
  /** AWS services to reach without the internet, by short name, e.g. `ecr.api`. S3 always has its (free) gateway endpoint. Default none. */
  readonly interfaceEndpoints?: string[];
  /** Keep a record of connections in S3. Default: none is kept. */
  readonly flowLogs?: FlowLogArgs;
}

export interface FlowLogArgs {
  /** Days until a record is deleted, at least 1. */
  readonly retentionDays: number;
  /** Delete records together with the network; otherwise the bucket outlives it. Default false. */
  readonly disposable?: boolean;
}

export interface ExistingNetworkArgs {
  /** Id of the VPC, with DNS support and DNS host names on. */
  readonly vpcId: pulumi.Input<string>;
  /** The VPC's IPv4 range. */
  readonly cidr: pulumi.Input<string>;
  /** The zones, in the order of each list of subnets. */
  readonly zones: string[];
  /** One public subnet a zone, for the load balancer. */
  readonly publicSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** One private subnet a zone, for nodes and pods, with a way out. */
  readonly privateSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Ranges of the private subnets. */
  readonly privateSubnetCidrs: pulumi.Input<pulumi.Input<string>[]>;
  /** One subnet a zone for the stores. */
  readonly dataSubnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Ranges of the data subnets. */
  readonly dataSubnetCidrs: pulumi.Input<pulumi.Input<string>[]>;
}

/**
 * The VPC: public subnets for load balancers, private subnets for nodes and pods, data subnets (no way out) for stores, one
 * of each a zone; NAT, routes, S3 gateway endpoint, interface endpoints, flow logs. Or an adopted VPC, of which nothing is managed.
 */
export class Network extends pulumi.ComponentResource {
  /** For security groups, load balancers and controllers. */
  readonly vpcId: pulumi.Output<string>;
  /** Range of the whole VPC. */
  readonly vpcCidr: pulumi.Output<string>;
  /** Zones in the order of every list below. */
  readonly zones: pulumi.Output<string[]>;
  /** For load balancers that the internet reaches. */
  readonly publicSubnetIds: pulumi.Output<string[]>;
  /** For nodes, pods and internal load balancers. */
  readonly privateSubnetIds: pulumi.Output<string[]>;
  /** For network policies: nodes, pods and the control plane have addresses in here. */
  readonly privateSubnetCidrs: pulumi.Output<string[]>;
  /** For stores; no way leads out of them. */
  readonly dataSubnetIds: pulumi.Output<string[]>;
  /** For network policies of those who use the stores. */
  readonly dataSubnetCidrs: pulumi.Output<string[]>;
  /** Gate: nodes in private subnets can reach registries and AWS. Whatever starts machines waits for it, and goes before it. */
  readonly egressReady: pulumi.Output<string>;
  /** Gate: public subnets reach the internet gateway, so an internet-facing load balancer can be made. */
  readonly publicReady: pulumi.Output<string>;

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:Network", name, {}, opts);
    checkNetworkArgs(name, args);
    const network = args.existing ? adoptNetwork(args.existing) : createNetwork(name, args, this);

    this.vpcId = network.vpcId;
    this.vpcCidr = network.vpcCidr;
    this.zones = network.zones;
    this.publicSubnetIds = network.publicSubnetIds;
    this.privateSubnetIds = network.privateSubnetIds;
    this.privateSubnetCidrs = network.privateSubnetCidrs;
    this.dataSubnetIds = network.dataSubnetIds;
    this.dataSubnetCidrs = network.dataSubnetCidrs;
    this.egressReady = network.egressReady;
    this.publicReady = network.publicReady;
    this.registerOutputs({ ...network });
  }
}

interface NetworkOutputs {
  readonly vpcId: pulumi.Output<string>;
  readonly vpcCidr: pulumi.Output<string>;
  readonly zones: pulumi.Output<string[]>;
  readonly publicSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetIds: pulumi.Output<string[]>;
  readonly privateSubnetCidrs: pulumi.Output<string[]>;
  readonly dataSubnetIds: pulumi.Output<string[]>;
  readonly dataSubnetCidrs: pulumi.Output<string[]>;
  readonly egressReady: pulumi.Output<string>;
  readonly publicReady: pulumi.Output<string>;
}

function adoptNetwork(existing: ExistingNetworkArgs): NetworkOutputs {
  return {
    vpcId: pulumi.output(existing.vpcId),
    vpcCidr: pulumi.output(existing.cidr),
    zones: pulumi.output(existing.zones),
    publicSubnetIds: pulumi.output(existing.publicSubnetIds),
    privateSubnetIds: pulumi.output(existing.privateSubnetIds),
    privateSubnetCidrs: pulumi.output(existing.privateSubnetCidrs),
    dataSubnetIds: pulumi.output(existing.dataSubnetIds),
    dataSubnetCidrs: pulumi.output(existing.dataSubnetCidrs),
    egressReady: pulumi.output("ready"),
    publicReady: pulumi.output("ready"),
  };
}

function createNetwork(name: string, args: NetworkArgs, parent: pulumi.Resource): NetworkOutputs {
  const create = args.create as CreateNetworkArgs;
  const { cidr, zones } = create;
  const plan = subnetPlan(cidr, zones);
  const vpc = new aws.ec2.Vpc(
    `${name}-vpc`,
    { cidrBlock: cidr, enableDnsSupport: true, enableDnsHostnames: true, tags: { Name: name } },
    { parent },
  );
  const subnets = (kind: "public" | "private" | "data", tags: Record<string, string>) =>
    zones.map(
      (zone) =>
        new aws.ec2.Subnet(
          `${name}-${kind}-${zone}`,
          {
            vpcId: vpc.id,
            cidrBlock: plan[zone]?.[kind],
            ...(zone.includes("-az") ? { availabilityZoneId: zone } : { availabilityZone: zone }),
            tags: { Name: `${name}-${kind}-${zone}`, ...tags },
          },
          { parent },
        ),
    );
  const publicSubnets = subnets("public", { "kubernetes.io/role/elb": "1" });
  const privateSubnets = subnets("private", { "kubernetes.io/role/internal-elb": "1" });
  const dataSubnets = subnets("data", {});

  const natGateways = create.natGateways ?? NatGateways.PerZone;
  const routing = createRouting(name, { vpc, zones, publicSubnets, privateSubnets, dataSubnets, natGateways }, parent);
  const endpoints = createEndpoints(
    name,
    {
      vpc,
      cidr,
      region: args.region,
      privateSubnets,
      routeTables: routing.privateRouteTables,
      services: create.interfaceEndpoints ?? [],
    },
    parent,
  );
  if (create.flowLogs) createFlowLogs(name, vpc, create.flowLogs, parent);

  const ids = (members: aws.ec2.Subnet[]) => pulumi.all(members.map((subnet) => subnet.id));
  const ranges = (kind: "private" | "data") => pulumi.output(zones.map((zone) => plan[zone]?.[kind] ?? ""));
  return {
    vpcId: vpc.id,
    vpcCidr: pulumi.output(cidr),
    zones: pulumi.output(zones),
    publicSubnetIds: ids(publicSubnets),
    privateSubnetIds: ids(privateSubnets),
    privateSubnetCidrs: ranges("private"),
    dataSubnetIds: ids(dataSubnets),
    dataSubnetCidrs: ranges("data"),
    egressReady: ready([...routing.egress, ...endpoints]),
    publicReady: ready(routing.publicRoutes),
  };
}

function checkNetworkArgs(name: string, args: NetworkArgs): void {
  const problems = new Problems();
  problems.exactlyOne("network", { create: args.create, existing: args.existing });
  const { create, existing } = args;
  if (create) {
    const valid = isCidr(create.cidr);
    problems.check(valid, {
      path: "create.cidr",
      rule: "must be an IPv4 range without host bits, e.g. 10.20.0.0/16",
      got: create.cidr,
      fix: "Write the first address of the range.",
    });
    problems.check(!valid || (prefixLength(create.cidr) >= 16 && prefixLength(create.cidr) <= 20), {
      path: "create.cidr",
      rule: "must be between /16 (the largest VPC) and /20 (pods take whole /28 blocks of the private subnets)",
      got: create.cidr,
      fix: "Choose a range of that size.",
    });
    problems.check(create.flowLogs === undefined || create.flowLogs.retentionDays >= 1, {
      path: "create.flowLogs.retentionDays",
      rule: "must be at least 1",
      got: create.flowLogs?.retentionDays,
      fix: "Raise it, or leave flowLogs out.",
    });
  }
  const zones = create?.zones ?? existing?.zones ?? [];
  problems.check(zones.length >= 2 && zones.length <= MAX_ZONES && new Set(zones).size === zones.length, {
    path: `${create ? "create" : "existing"}.zones`,
    rule: `must be 2 to ${MAX_ZONES} different zones (EKS and RDS want at least two)`,
    got: zones,
    fix: "List each zone once.",
  });
  problems.throwIfAny("Network", name);
}
