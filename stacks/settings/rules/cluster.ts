import { cidrContains, prefixLength } from "../../../components/internal/cidr";
import { rule, when } from "./rule";

/** Ranges that no public endpoint ever sees as the source of a connection. */
const PRIVATE_RANGES = [
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
];
/** A range this large is the world in pieces. */
const WORLD_PREFIX = 8;

const reach = rule(["cluster"], ({ cluster }) => {
  if (cluster.create === undefined) return [];
  const { publicAccessCidrs, reachedPrivately } = cluster.create.endpoint;
  const path = "cluster.create.endpoint.publicAccessCidrs";
  return [
    ...when(publicAccessCidrs.length === 0 && !reachedPrivately, {
      path,
      rule: "must name somebody who reaches the API server: with no public address and no private way the deployment locks itself out after ten minutes",
      got: publicAccessCidrs,
      fix: "List the public addresses of people and runners, or set cluster.create.endpoint.reachedPrivately: true.",
    }),
    ...publicAccessCidrs.flatMap((cidr, index) => [
      ...when(prefixLength(cidr) < WORLD_PREFIX, {
        path: `${path}[${index}]`,
        rule: "must not open the API server to the world",
        got: cidr,
        fix: "List your own addresses (`curl https://checkip.amazonaws.com`).",
      }),
      ...when(
        PRIVATE_RANGES.some((range) => cidrContains(range, cidr)),
        {
          path: `${path}[${index}]`,
          rule: "must be public: the public endpoint never sees private addresses, and EKS refuses them",
          got: cidr,
          fix: "List public addresses; who is inside the VPC uses the private endpoint (reachedPrivately).",
        },
      ),
    ]),
  ];
});

const principals = rule(["cluster"], ({ cluster }) => {
  const { admins = [], viewers = [] } = cluster.create ?? {};
  return viewers.flatMap((viewer, index) =>
    when(admins.includes(viewer), {
      path: `cluster.create.viewers[${index}]`,
      rule: "must not be an administrator too: EKS takes one entry for each principal",
      got: viewer,
      fix: "Take it out of viewers or out of admins.",
    }),
  );
});

const deployer = rule(["aws", "cluster"], ({ aws, cluster }) =>
  ["admins" as const, "viewers" as const].flatMap((list) =>
    (cluster.create?.[list] ?? []).flatMap((principal, index) =>
      when(principal === aws.assumeRoleArn, {
        path: `cluster.create.${list}[${index}]`,
        rule: "must not be the role that deploys (aws.assumeRoleArn): EKS makes it an administrator and answers a second entry with 409",
        got: principal,
        fix: "Take it out of the list.",
      }),
    ),
  ),
);

const accounts = rule(["aws", "cluster"], ({ aws, cluster }) =>
  ["admins" as const, "viewers" as const].flatMap((list) =>
    (cluster.create?.[list] ?? []).flatMap((principal, index) =>
      when(principal.split(":")[4] !== aws.accountId, {
        path: `cluster.create.${list}[${index}]`,
        rule: `must belong to account ${aws.accountId} (aws.accountId): principals of other accounts first assume a role of it`,
        got: principal,
        fix: "Correct the account in the ARN.",
      }),
    ),
  ),
);

const assumed = rule(["aws"], ({ aws }) =>
  when(aws.assumeRoleArn !== undefined && aws.assumeRoleArn.split(":")[4] !== aws.accountId, {
    path: "aws.assumeRoleArn",
    rule: `must be a role of account ${aws.accountId} (aws.accountId)`,
    got: aws.assumeRoleArn,
    fix: "Correct the role or the account.",
  }),
);

export const CLUSTER_RULES = [reach, principals, deployer, accounts, assumed];
