import type { ContainerResources } from "../internal/pods";
import { Problems } from "../internal/problems";
import { mebibytes } from "../internal/quantities";
import type { ClickHouseArgs } from "./clickhouse";
import type { ClickHouseKeeperArgs } from "./clickhouse-keeper";
import { CLICKHOUSE_NAME } from "./clickhouse-names";

/** A complete version: four numbers and perhaps a flavour such as `-alpine`. */
const FULL_TAG = /^\d+\.\d+\.\d+\.\d+(-[a-z]+)?$/;

const USER_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,62}$/;

/** Users that the server or the operator already has. */
const RESERVED_USERS = ["default", "clickhouse_operator"];

/** Share of a node's memory that one server may take: the rest is for the node's own agents and a restart's overlap. */
const NODE_SHARE = 0.9;

/** Throws when `args` cannot work. */
export function checkClickHouseKeeperArgs(name: string, args: ClickHouseKeeperArgs): void {
  const problems = new Problems();
  checkName(problems, "installation", args.installation);
  checkTag(problems, args.imageTag);
  problems.check(args.imageTag === undefined || !args.imageTag.includes("distroless"), {
    path: "imageTag",
    rule: "must not be a distroless image, whose liveness probe has no shell",
    got: args.imageTag,
    fix: "Take the tag without -distroless.",
  });
  problems.check([1, 3, 5].includes(args.replicas), {
    path: "replicas",
    rule: "must be 1, 3 or 5, so that a majority exists",
    got: args.replicas,
    fix: "Use 3.",
  });
  if (args.resources !== undefined) checkMemory(problems, args.resources);
  problems.throwIfAny("ClickHouseKeeper", name);
}

/** Throws when `args` cannot work. */
export function checkClickHouseArgs(name: string, args: ClickHouseArgs): void {
  const problems = new Problems();
  checkName(problems, "installation", args.installation);
  if (args.clusterName !== undefined) checkName(problems, "clusterName", args.clusterName);
  checkTag(problems, args.imageTag);
  for (const count of ["shards", "replicas", "zones"] as const) {
    problems.check(Number.isInteger(args[count]) && args[count] >= 1, {
      path: count,
      rule: "must be a whole number of at least 1",
      got: args[count],
      fix: "Use 1 or more.",
    });
  }
  checkUsers(problems, args);
  checkMemory(problems, args.resources);
  checkNode(problems, args);
  problems.throwIfAny("ClickHouse", name);
}

function checkName(problems: Problems, path: string, value: string): void {
  problems.check(CLICKHOUSE_NAME.test(value), {
    path,
    rule: "must be a DNS label that starts with a letter, of at most 15 characters",
    got: value,
    fix: "Shorten it to letters, digits and dashes.",
  });
}

function checkTag(problems: Problems, tag: string | undefined): void {
  problems.check(tag === undefined || FULL_TAG.test(tag), {
    path: "imageTag",
    rule: "must be a full version of four numbers, so that two pulls give the same server",
    got: tag,
    fix: "Write it out, e.g. 25.12.10.7.",
  });
}

function checkUsers(problems: Problems, args: ClickHouseArgs): void {
  const seen = new Set<string>();
  for (const [index, user] of (args.users ?? []).entries()) {
    const path = `users[${index}]`;
    problems.check(USER_NAME.test(user.name) && !RESERVED_USERS.includes(user.name), {
      path: `${path}.name`,
      rule: `must be letters, digits and underscores, and none of ${RESERVED_USERS.join(", ")}`,
      got: user.name,
      fix: "Choose another name.",
    });
    problems.check(!seen.has(user.name), {
      path: `${path}.name`,
      rule: "must be unique",
      got: user.name,
      fix: "Remove one of the two.",
    });
    seen.add(user.name);
    problems.check(!Array.isArray(user.networks) || user.networks.length > 0, {
      path: `${path}.networks`,
      rule: "must name at least one network, or the user can connect from the server's own pods only",
      got: user.networks,
      fix: "Add the CIDR that the pods of the application have.",
    });
  }
}

function checkMemory(problems: Problems, resources: ContainerResources): void {
  const request = mebibytes(resources.requests.memory ?? "");
  const limit = mebibytes(resources.limits.memory ?? "");
  problems.check(Number.isFinite(limit) && request === limit, {
    path: "resources",
    rule: "memory request and limit must be given and equal, since the server plans with its limit",
    got: { request: resources.requests.memory, limit: resources.limits.memory },
    fix: "Set requests.memory to the limit.",
  });
}

function checkNode(problems: Problems, args: ClickHouseArgs): void {
  const allocatable = args.nodeAllocatableMemoryMiB;
  const limit = mebibytes(args.resources.limits.memory ?? "");
  if (allocatable === undefined || !Number.isFinite(limit)) return;
  problems.check(limit <= allocatable * NODE_SHARE, {
    path: "resources.limits.memory",
    rule: `must be at most ${Math.floor(allocatable * NODE_SHARE)}Mi, 90 % of what a node of the pool leaves for pods`,
    got: args.resources.limits.memory,
    fix: "Lower it, or choose a larger instance type for the pool.",
  });
}
