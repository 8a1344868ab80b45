import { checkVersions } from "../internal/addon-versions";
import { cidrContains, isCidr, prefixLength } from "../internal/cidr";
import type { KubernetesMinor } from "../internal/kubernetes-versions";
import { Problems } from "../internal/problems";
import type { ClusterArgs } from "./cluster";

/** Periods that CloudWatch Logs knows, in days. */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** The shortest prefix that a public range may have: two halves of the world are the world. */
const SHORTEST_PUBLIC_PREFIX = 8;

const PRIVATE_RANGES = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

const PRINCIPAL_ARN = /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/;

/** Throws everything that is wrong with a cluster's arguments at once; returns the minor. */
export function checkClusterArgs(name: string, args: ClusterArgs): KubernetesMinor {
  const problems = new Problems();
  checkVersions(problems, args.kubernetesVersion, args.addonVersions);
  checkEndpoint(problems, args);
  checkPrincipals(problems, args);
  checkServiceCidr(problems, args.serviceCidr);
  checkPackingWeights(problems, args.packingWeights);
  problems.check(args.logRetentionDays === undefined || RETENTION_DAYS.includes(args.logRetentionDays), {
    path: "logRetentionDays",
    rule: `must be one of ${RETENTION_DAYS.join(", ")}`,
    got: args.logRetentionDays,
    fix: "Take the next longer period.",
  });
  const prefix = args.namePrefix ?? name;
  problems.check(/^[A-Za-z0-9][A-Za-z0-9-]{0,79}$/.test(prefix), {
    path: "namePrefix",
    rule: "must be 1 to 80 letters, digits and dashes",
    got: prefix,
    fix: "Shorten it, or leave it out.",
  });
  if (Array.isArray(args.subnetIds)) {
    problems.check(args.subnetIds.length >= 2, {
      path: "subnetIds",
      rule: "must hold subnets in at least two zones",
      got: args.subnetIds.length,
      fix: "Add a subnet of another zone.",
    });
  }
  problems.throwIfAny("Cluster", name);
  return args.kubernetesVersion as KubernetesMinor;
}

function checkEndpoint(problems: Problems, args: ClusterArgs): void {
  const { publicAccessCidrs, reachedPrivately } = args.endpoint;
  problems.check(publicAccessCidrs.length > 0 || reachedPrivately === true, {
    path: "endpoint.publicAccessCidrs",
    rule: "is empty, so that nobody outside the VPC reaches the API server, Pulumi included",
    fix: "List the ranges that you deploy from, or set endpoint.reachedPrivately when you deploy from inside the VPC.",
  });
  for (const [index, cidr] of publicAccessCidrs.entries()) {
    const path = `endpoint.publicAccessCidrs[${index}]`;
    if (!isCidr(cidr)) {
      problems.check(false, {
        path,
        rule: "must be an IPv4 range without host bits",
        got: cidr,
        fix: "Write it like 198.51.100.0/24, a single address with /32.",
      });
      continue;
    }
    problems.check(prefixLength(cidr) >= SHORTEST_PUBLIC_PREFIX, {
      path,
      rule: "opens the API server to the world",
      got: cidr,
      fix: "List the ranges of your offices, VPN and runners.",
    });
    problems.check(!PRIVATE_RANGES.some((range) => cidrContains(range, cidr)), {
      path,
      rule: "is a private range, which never reaches a public endpoint",
      got: cidr,
      fix: "Remove it: private addresses use the private endpoint, which is always on.",
    });
  }
}

function checkPrincipals(problems: Problems, args: ClusterArgs): void {
  const seen = new Set<string>();
  for (const list of ["admins", "viewers"] as const) {
    for (const [index, arn] of (args[list] ?? []).entries()) {
      const path = `${list}[${index}]`;
      problems.check(PRINCIPAL_ARN.test(arn), {
        path,
        rule: "must be the ARN of an IAM role or user",
        got: arn,
        fix: "Write it like arn:aws:iam::111111111111:role/platform-admin; an assumed-role session has no entry of its own.",
      });
      problems.check(!seen.has(arn), {
        path,
        rule: "is listed more than once among admins and viewers",
        got: arn,
        fix: "Keep it once: a principal has one access entry.",
      });
      problems.check(arn !== args.assumeRoleArn, {
        path,
        rule: "is the role that creates the cluster, which is an administrator already; EKS answers 409",
        got: arn,
        fix: "Remove it.",
      });
      seen.add(arn);
    }
  }
}

function checkServiceCidr(problems: Problems, cidr: string | undefined): void {
  if (cidr === undefined) return;
  const fits = isCidr(cidr) && prefixLength(cidr) >= 12 && prefixLength(cidr) <= 24;
  problems.check(fits && PRIVATE_RANGES.some((range) => cidrContains(range, cidr)), {
    path: "serviceCidr",
    rule: "must be a /12 to /24 inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, without host bits",
    got: cidr,
    fix: "Take one that overlaps neither the VPC nor networks connected to it, e.g. 172.20.0.0/16.",
  });
}

function checkPackingWeights(problems: Problems, weights: Record<string, number> | undefined): void {
  if (weights === undefined) return;
  const count = Object.keys(weights).length;
  problems.check(count >= 1 && count <= 100, {
    path: "packingWeights",
    rule: "must weigh 1 to 100 resources",
    got: count,
    fix: "Name a resource, such as nvidia.com/gpu, or leave packingWeights out.",
  });
  for (const [resource, weight] of Object.entries(weights)) {
    problems.check(Number.isInteger(weight) && weight >= 1 && weight <= 100, {
      path: `packingWeights.${resource}`,
      rule: "must be a whole number from 1 to 100",
      got: weight,
      fix: "Correct it.",
    });
  }
}
