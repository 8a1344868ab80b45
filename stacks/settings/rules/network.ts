import { cidrContains, cidrsOverlap, prefixLength } from "../../../components/internal/cidr";
import type { Problem } from "../../../components/internal/problems";
import { rule, when } from "./rule";

/** Without a NAT gateway nodes and pods reach these through interface endpoints or not at all. */
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
] as const;
/** Dollars per endpoint, zone and month at list price. */
const ENDPOINT_DOLLARS = 7;

const DIRECTIONS = /^(north|south|east|west|central)(north|south|east|west)?$/;

/** The start of zone ids in a region: `use1` for us-east-1, `apse2` for ap-southeast-2. */
export function zoneIdPrefix(region: string): string {
  const parts = region.split("-");
  const middle = parts.slice(1, -1).map((part) => {
    const match = DIRECTIONS.exec(part);
    return match ? `${match[1]?.[0] ?? ""}${match[2]?.[0] ?? ""}` : (part[0] ?? "");
  });
  return [parts[0], ...middle, parts.at(-1)].join("");
}

const size = rule(["network"], ({ network }) =>
  when(
    network?.create !== undefined && (prefixLength(network.create.cidr) < 16 || prefixLength(network.create.cidr) > 20),
    {
      path: "network.create.cidr",
      rule: "must be between /16 (the largest VPC) and /20 (a smaller one is too small for pods, which take /28 blocks)",
      got: network?.create?.cidr,
      fix: "Choose a range of that size.",
    },
  ),
);

const zones = rule(["aws", "network"], ({ aws, network }) => {
  const given = network?.create?.zones ?? network?.existing?.zones ?? [];
  const path = `network.${network?.create ? "create" : "existing"}.zones`;
  const idPrefix = `${zoneIdPrefix(aws.region)}-az`;
  const isId = (zone: string) => zone.includes("-az");
  const problems: Problem[] = given.flatMap((zone, index) =>
    when(isId(zone) ? !zone.startsWith(idPrefix) : zone.slice(0, -1) !== aws.region, {
      path: `${path}[${index}]`,
      rule: `must be a zone of ${aws.region}`,
      got: zone,
      fix: `Write it like ${aws.region}a or ${idPrefix}1, or change aws.region.`,
    }),
  );
  return [
    ...problems,
    ...when(given.some(isId) && !given.every(isId), {
      path,
      rule: "must name all zones the same way: names and ids may mean the same zone",
      got: given,
      fix: `Write all of them as names (${aws.region}a) or all as ids (${idPrefix}1).`,
    }),
    ...when(given.includes("use1-az3"), {
      path,
      rule: "must not include use1-az3, where EKS runs no control plane",
      got: given,
      fix: "Choose another zone.",
    }),
  ];
});

const withoutNat = rule(["network", "images"], ({ network, images }) => {
  const create = network?.create;
  if (create?.natGateways !== "none") return [];
  const missing = ENDPOINTS_WITHOUT_NAT.filter((service) => !create.interfaceEndpoints.includes(service));
  const price = missing.length * create.zones.length * ENDPOINT_DOLLARS;
  return [
    ...when(missing.length > 0, {
      path: "network.create.natGateways",
      rule: `must not be none without the interface endpoints that nodes need; missing: ${missing.join(", ")}`,
      got: "none",
      fix: `Add them to network.create.interfaceEndpoints (about $${price} a month), or choose single or perZone.`,
    }),
    ...when(images.mirror === undefined, {
      path: "network.create.natGateways",
      rule: "must not be none without a mirror of images: public registries cannot be reached",
      got: "none",
      fix: "Set images.mirror to a registry in ECR, or choose single or perZone.",
    }),
  ];
});

const acmeWithoutNat = rule(["network", "certificates"], ({ network, certificates }) =>
  when(network?.create?.natGateways === "none" && certificates.issuer.startsWith("letsencrypt"), {
    path: "certificates.issuer",
    rule: "must not be Let's Encrypt without a way to the internet (network.create.natGateways is none)",
    got: certificates.issuer,
    fix: "Choose selfSigned or none, or another natGateways.",
  }),
);

const adopted = rule(["network"], ({ network }) => {
  const existing = network?.existing;
  if (existing === undefined) return [];
  const lists = [
    "publicSubnetIds",
    "privateSubnetIds",
    "privateSubnetCidrs",
    "dataSubnetIds",
    "dataSubnetCidrs",
  ] as const;
  const ranges = [
    ...existing.privateSubnetCidrs.map((cidr, index) => ({
      path: `network.existing.privateSubnetCidrs[${index}]`,
      cidr,
    })),
    ...existing.dataSubnetCidrs.map((cidr, index) => ({ path: `network.existing.dataSubnetCidrs[${index}]`, cidr })),
  ];
  return [
    ...lists.flatMap((list) =>
      when(existing[list].length !== existing.zones.length, {
        path: `network.existing.${list}`,
        rule: `must have one entry a zone, ${existing.zones.length} in all`,
        got: existing[list],
        fix: "List them in the order of zones.",
      }),
    ),
    ...ranges.flatMap(({ path, cidr }) =>
      when(!cidrContains(existing.cidr, cidr), {
        path,
        rule: `must lie inside the VPC's range ${existing.cidr}`,
        got: cidr,
        fix: "Correct it, or network.existing.cidr.",
      }),
    ),
    ...ranges.flatMap(({ path, cidr }, index) =>
      ranges.slice(0, index).flatMap((earlier) =>
        when(cidrsOverlap(earlier.cidr, cidr), {
          path,
          rule: `must not overlap ${earlier.path} (${earlier.cidr})`,
          got: cidr,
          fix: "Correct one of them: subnets of a VPC never overlap.",
        }),
      ),
    ),
  ];
});

/** Where EKS takes addresses of Services from. */
const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];
/** At least one of them is apart from any VPC of a private range. */
const SERVICE_RANGES = ["172.20.0.0/16", "10.100.0.0/16", "192.168.0.0/16"];

const services = rule(["network", "cluster"], ({ network, cluster }) => {
  const serviceCidr = cluster.create?.serviceCidr;
  if (serviceCidr === undefined) return [];
  const vpcCidr = network?.create?.cidr ?? network?.existing?.cidr;
  const length = prefixLength(serviceCidr);
  const inside = PRIVATE_RANGES.some((range) => cidrContains(range, serviceCidr));
  return [
    ...when(length < 12 || length > 24 || !inside, {
      path: "cluster.create.serviceCidr",
      rule: `must be a /12 to /24 inside ${PRIVATE_RANGES.join(", ")}`,
      got: serviceCidr,
      fix: "Choose such a range that overlaps neither the VPC nor networks connected to it, such as 172.20.0.0/16.",
    }),
    ...when(vpcCidr !== undefined && cidrsOverlap(serviceCidr, vpcCidr), {
      path: "cluster.create.serviceCidr",
      rule: `must not overlap the VPC's range ${vpcCidr}`,
      got: serviceCidr,
      fix: `Choose another private range, such as ${SERVICE_RANGES.find((range) => !cidrsOverlap(range, vpcCidr ?? range))}.`,
    }),
  ];
});

export const NETWORK_RULES = [size, zones, withoutNat, acmeWithoutNat, adopted, services];
