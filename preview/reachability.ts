import { ingressBalancers } from "./ingress-balancers";
import type { Plan, PlannedResource } from "./plan";

/** Who gets to what; each entry is a sentence about one door. */
export interface Reachability {
  /** The Kubernetes API: from where `pulumi up` and people reach it. */
  readonly cluster: string[];
  /** The roles that the cluster lets in. */
  readonly people: string[];
  /** What the world, or the listed networks, can open. */
  readonly public: string[];
}

/** The doors that the plan opens. */
export function reachabilityOf(plan: Plan): Reachability {
  return { cluster: clusterDoors(plan), people: people(plan), public: publicDoors(plan) };
}

function clusterDoors(plan: Plan): string[] {
  const clusters = ofType(plan, "aws:eks/cluster:Cluster");
  if (clusters.length === 0)
    return ["The cluster exists already: its own endpoint settings decide who reaches its API."];
  return clusters.flatMap(({ inputs }) => {
    const access = (inputs.vpcConfig ?? {}) as {
      endpointPublicAccess?: boolean;
      endpointPrivateAccess?: boolean;
      publicAccessCidrs?: string[];
    };
    // EKS opens the public endpoint to the world unless told otherwise.
    const cidrs = access.publicAccessCidrs?.length ? access.publicAccessCidrs : ["0.0.0.0/0"];
    const open = access.endpointPublicAccess ?? true;
    return [
      open
        ? `Kubernetes API: public endpoint, from ${cidrs.join(", ")} only. \`pulumi up\` must run from there${access.endpointPrivateAccess ? " or from inside the VPC" : ""}.`
        : "Kubernetes API: private endpoint only. `pulumi up` must run inside the VPC or in a network that is routed to it.",
      ...(access.endpointPrivateAccess ? ["Kubernetes API: private endpoint, from inside the VPC."] : []),
    ];
  });
}

function people(plan: Plan): string[] {
  const creator = ofType(plan, "aws:eks/cluster:Cluster").some(({ inputs }) => {
    const access = inputs.accessConfig as { bootstrapClusterCreatorAdminPermissions?: boolean } | undefined;
    return access?.bootstrapClusterCreatorAdminPermissions === true;
  });
  const policies = ofType(plan, "aws:eks/accessPolicyAssociation:AccessPolicyAssociation").map(
    ({ inputs }) => `${inputs.principalArn} (${String(inputs.policyArn).split("/").at(-1)})`,
  );
  return [...(creator ? ["The role that first runs `pulumi up` (administrator)"] : []), ...new Set(policies)];
}

function publicDoors(plan: Plan): string[] {
  const hosts = new Set(
    plan.resources
      .filter(({ type }) => type === "kubernetes:networking.k8s.io/v1:Ingress")
      .flatMap(({ inputs }) => (inputs.spec as { rules?: { host?: string }[] } | undefined)?.rules ?? [])
      .flatMap(({ host }) => host ?? [])
      .concat(routedHosts(plan)),
  );
  const balancers = ofType(plan, "aws:lb/loadBalancer:LoadBalancer").map((balancer) => {
    const scope = balancer.inputs.internal === true ? "inside the VPC only" : "from the internet";
    const doors = ingressRules(plan, balancer);
    return `Load balancer ${balancer.name}: ${scope}${doors.length > 0 ? `, ${doors.join(", ")}` : ""}.`;
  });
  const ofIngresses = ingressBalancers(plan).map(({ name, internal, from }) => {
    const scope = internal ? "inside the VPC only" : `from the internet, ports 80 and 443 from ${from.join(" and ")}`;
    return `Load balancer ${name}: ${scope}.`;
  });
  return [
    ...balancers,
    ...ofIngresses,
    ...(hosts.size > 0 ? [`Host names served: ${[...hosts].sort().join(", ")}.`] : []),
  ];
}

/** Hosts of Traefik's own routes, which name them inside a rule. */
function routedHosts(plan: Plan): string[] {
  return plan.resources
    .filter(({ type }) => type.endsWith(":IngressRoute"))
    .flatMap(({ inputs }) => (inputs.spec as { routes?: { match?: string }[] } | undefined)?.routes ?? [])
    .flatMap(({ match = "" }) => [...match.matchAll(/\bHost\(`([^`]+)`\)/g)].map(([, host = ""]) => host));
}

/** `port 443 from 0.0.0.0/0`, read from the rules of the load balancer's security groups. */
function ingressRules(plan: Plan, balancer: PlannedResource): string[] {
  const groups = new Set(balancer.propertyDependencies.securityGroups ?? []);
  const cidrsByPort = new Map<string, string[]>();
  for (const rule of ofType(plan, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")) {
    if (!(rule.propertyDependencies.securityGroupId ?? []).some((urn) => groups.has(urn))) continue;
    const { fromPort, toPort, cidrIpv4, cidrIpv6, prefixListId, referencedSecurityGroupId } = rule.inputs;
    const port = fromPort === toPort ? `port ${fromPort}` : `ports ${fromPort} to ${toPort}`;
    const from = cidrIpv4 ?? cidrIpv6 ?? prefixListId ?? referencedSecurityGroupId;
    cidrsByPort.set(port, [...(cidrsByPort.get(port) ?? []), String(from)]);
  }
  return [...cidrsByPort].map(([port, cidrs]) => `${port} from ${[...new Set(cidrs)].join(" and ")}`);
}

function ofType(plan: Plan, type: string): PlannedResource[] {
  return plan.resources.filter((resource) => resource.type === type);
}
