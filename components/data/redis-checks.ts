import { Problems } from "../internal/problems";
import type { RedisArgs, RedisCreateArgs } from "./redis";
import { RedisEngine } from "./redis-options";

/** Langfuse needs Redis 7.0; ElastiCache has nothing of the Redis line after 7.1, and Valkey starts at 7.2. */
const VERSIONS: Readonly<Record<RedisEngine, RegExp>> = {
  [RedisEngine.Valkey]: /^(7\.2|[89]\.\d)$/,
  [RedisEngine.Redis]: /^7\.[01]$/,
};
const EXAMPLES: Readonly<Record<RedisEngine, string>> = { valkey: '"8.0"', redis: '"7.1"' };
const MOST_REPLICAS = 5;
const LONGEST_RETENTION_DAYS = 35;

/** Throws one error with everything that is wrong. */
export function checkRedisArgs(name: string, args: RedisArgs): void {
  const problems = new Problems();
  problems.exactlyOne("args", { create: args.create, existing: args.existing });
  if (args.create !== undefined) checkCreate(problems, args.create);
  problems.throwIfAny("Redis", name);
}

function checkCreate(problems: Problems, create: RedisCreateArgs): void {
  const { engine, engineVersion, replicas, snapshotRetentionDays: days } = create;
  problems.check(VERSIONS[engine].test(engineVersion), {
    path: "create.engineVersion",
    rule: `must be a major and minor version of ${engine} that the platform runs on, as text`,
    got: engineVersion,
    fix: `Write it like ${EXAMPLES[engine]}.`,
  });
  problems.check(Number.isInteger(replicas) && replicas >= 0 && replicas <= MOST_REPLICAS, {
    path: "create.replicas",
    rule: `must be a whole number from 0 to ${MOST_REPLICAS}`,
    got: replicas,
    fix: "Use 1 for a copy in a second zone.",
  });
  problems.check(days === undefined || (Number.isInteger(days) && days >= 0 && days <= LONGEST_RETENTION_DAYS), {
    path: "create.snapshotRetentionDays",
    rule: `must be a whole number from 0 to ${LONGEST_RETENTION_DAYS}`,
    got: days,
    fix: "Use 0 for no daily snapshots.",
  });
  problems.check(Object.keys(create.clientSecurityGroupIds).length > 0, {
    path: "create.clientSecurityGroupIds",
    rule: "must name at least one security group",
    got: "none",
    fix: "Add the cluster's security group; otherwise nobody can connect.",
  });
}
