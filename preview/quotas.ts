import { instanceShape } from "../components/internal/instance-types";
import { ingressBalancers } from "./ingress-balancers";
import { isCreated, type Plan, type PlannedResource } from "./plan";

/** How much of an AWS service quota a stack takes. */
export interface QuotaNeed {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  /** Taken as soon as the stack is up. */
  readonly min: number;
  /** Taken when every node pool has grown to its bound. */
  readonly max: number;
  /** What an account usually starts with; a new account may have less. */
  readonly usual: number;
  /** The command that shows what the account has. */
  readonly command: string;
}

interface Quota {
  readonly service: string;
  readonly code: string;
  readonly name: string;
  readonly usual: number;
}

const quota = (service: string, code: string, name: string, usual: number): Quota => ({ service, code, name, usual });

const STANDARD_SPOT = "L-34B43A08";

/** Quotas of vCPUs, by code: instance families are what AWS counts by. */
const VCPU_QUOTAS: Readonly<Record<string, Quota>> = Object.fromEntries(
  [
    quota("ec2", "L-1216C47A", "vCPUs, running on-demand standard instances (A, C, D, H, I, M, R, T, Z)", 5),
    quota("ec2", "L-DB2E81BA", "vCPUs, running on-demand G and VT instances", 0),
    quota("ec2", "L-417A185B", "vCPUs, running on-demand P instances", 0),
    quota("ec2", STANDARD_SPOT, "vCPUs, spot requests of standard instances", 5),
    quota("ec2", "L-3819A6DF", "vCPUs, spot requests of G and VT instances", 0),
    quota("ec2", "L-7212CCBC", "vCPUs, spot requests of P instances before P5", 0),
  ].map((each) => [each.code, each]),
);

/** Quotas that count things, and how to count them in a plan. */
const COUNTED: readonly (Quota & { readonly count: (plan: Plan) => number })[] = [
  { ...quota("vpc", "L-F678F1CE", "VPCs in the region", 5), count: created("aws:ec2/vpc:Vpc") },
  {
    ...quota("vpc", "L-A4707A72", "internet gateways in the region", 5),
    count: created("aws:ec2/internetGateway:InternetGateway"),
  },
  { ...quota("ec2", "L-0263D0A3", "Elastic IP addresses in the region", 5), count: created("aws:ec2/eip:Eip") },
  { ...quota("vpc", "L-FE5A380F", "NAT gateways in one zone", 5), count: natGatewaysPerZone },
  { ...quota("vpc", "L-29B6F2EB", "interface endpoints in one VPC", 50), count: interfaceEndpoints },
  { ...quota("eks", "L-1194D53C", "EKS clusters in the region", 100), count: created("aws:eks/cluster:Cluster") },
  {
    ...quota("eks", "L-6D54EA21", "managed node groups of one cluster", 30),
    count: created("aws:eks/nodeGroup:NodeGroup"),
  },
  { ...quota("rds", "L-7B6409FD", "RDS instances in the region", 40), count: created("aws:rds/instance:Instance") },
  { ...quota("elasticache", "L-DFE45DF3", "ElastiCache nodes in the region", 300), count: cacheNodes },
  {
    ...quota("elasticloadbalancing", "L-69A177A2", "Network Load Balancers in the region", 50),
    count: balancers("network"),
  },
  {
    ...quota("elasticloadbalancing", "L-53DA6B97", "Application Load Balancers in the region", 50),
    count: (plan) => balancers("application")(plan) + ingressBalancers(plan).length,
  },
  {
    ...quota("elasticfilesystem", "L-848C634D", "EFS file systems in the region", 1000),
    count: created("aws:efs/fileSystem:FileSystem"),
  },
  { ...quota("s3", "L-DC2B2D3D", "S3 buckets in the account", 10_000), count: created("aws:s3/bucket:Bucket") },
];

/** Every quota that the plan takes from, vCPUs first. */
export function quotaNeeds(plan: Plan, region: string | undefined): QuotaNeed[] {
  const counted = COUNTED.map(({ count, ...each }) => ({ ...each, min: count(plan), max: count(plan) }));
  return [...vcpuNeeds(plan), ...counted]
    .filter(({ max }) => max > 0)
    .map((need) => ({ ...need, command: command(need, region) }));
}

/** Instance types of the plan's node pools that we know no shape of, so that no vCPUs are counted for them. */
export function uncountedInstanceTypes(plan: Plan): string[] {
  const types = ofType(plan, "aws:eks/nodeGroup:NodeGroup").flatMap(instanceTypes);
  return [...new Set(types)].filter((type) => instanceShape(type) === undefined).sort();
}

function command({ service, code }: Quota, region: string | undefined): string {
  const where = region === undefined ? "" : ` --region ${region}`;
  return `aws service-quotas get-service-quota --service-code ${service} --quota-code ${code}${where} --query Quota.Value`;
}

function vcpuNeeds(plan: Plan): (Quota & { min: number; max: number })[] {
  const needs = new Map<string, { min: number; max: number }>();
  for (const group of ofType(plan, "aws:eks/nodeGroup:NodeGroup")) {
    const code = vcpuQuotaOf(group);
    if (code === undefined) continue;
    const { desired, max } = scaling(group);
    const vcpus = Math.max(0, ...instanceTypes(group).map((type) => instanceShape(type)?.vcpus ?? 0));
    const sum = needs.get(code) ?? { min: 0, max: 0 };
    needs.set(code, { min: sum.min + desired * vcpus, max: sum.max + max * vcpus });
  }
  return Object.values(VCPU_QUOTAS).flatMap((each) => {
    const need = needs.get(each.code);
    return need === undefined ? [] : [{ ...each, ...need }];
  });
}

function vcpuQuotaOf(group: PlannedResource): string | undefined {
  const [shape] = instanceTypes(group).map((type) => instanceShape(type));
  return group.inputs.capacityType === "SPOT" ? shape?.spotQuotaCode : shape?.quotaCode;
}

function instanceTypes(group: PlannedResource): string[] {
  return (group.inputs.instanceTypes as string[] | undefined) ?? [];
}

/** A group starts with its desired size, which no bound says is its minimum. */
function scaling(group: PlannedResource): { desired: number; max: number } {
  const { desiredSize, minSize, maxSize } = group.inputs.scalingConfig as Record<string, number | undefined>;
  return { desired: Math.max(desiredSize ?? 0, minSize ?? 0), max: maxSize ?? 0 };
}

/** The most NAT gateways that any one zone gets. */
function natGatewaysPerZone(plan: Plan): number {
  const zones = new Map(
    ofType(plan, "aws:ec2/subnet:Subnet").map(({ urn, inputs }) => [
      urn,
      inputs.availabilityZone ?? inputs.availabilityZoneId,
    ]),
  );
  const byZone = new Map<unknown, number>();
  for (const gateway of ofType(plan, "aws:ec2/natGateway:NatGateway")) {
    const subnet = gateway.propertyDependencies.subnetId?.find((urn) => zones.has(urn));
    // A gateway in a subnet that is not ours counts for that subnet's own, unknown zone.
    const zone = subnet === undefined ? gateway.inputs.subnetId : zones.get(subnet);
    byZone.set(zone, (byZone.get(zone) ?? 0) + 1);
  }
  return Math.max(0, ...byZone.values());
}

function interfaceEndpoints(plan: Plan): number {
  return ofType(plan, "aws:ec2/vpcEndpoint:VpcEndpoint").filter(({ inputs }) => inputs.vpcEndpointType === "Interface")
    .length;
}

function cacheNodes(plan: Plan): number {
  const nodes = ofType(plan, "aws:elasticache/replicationGroup:ReplicationGroup").map(({ inputs }) => {
    const groups = Number(inputs.numNodeGroups ?? 1);
    return inputs.numCacheClusters === undefined
      ? groups * (1 + Number(inputs.replicasPerNodeGroup ?? 0))
      : Number(inputs.numCacheClusters);
  });
  return nodes.reduce((sum, count) => sum + count, 0);
}

function balancers(kind: string): (plan: Plan) => number {
  return (plan) =>
    ofType(plan, "aws:lb/loadBalancer:LoadBalancer").filter(
      ({ inputs }) => (inputs.loadBalancerType ?? "application") === kind,
    ).length;
}

function created(type: string): (plan: Plan) => number {
  return (plan) => ofType(plan, type).length;
}

function ofType(plan: Plan, type: string): PlannedResource[] {
  return plan.resources.filter((resource) => resource.type === type && isCreated(resource));
}
