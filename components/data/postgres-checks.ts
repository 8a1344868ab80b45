import { Problems } from "../internal/problems";
import type { PostgresArgs, PostgresCreateArgs } from "./postgres";
import { FIXED_PARAMETERS } from "./postgres-create";

/** Major versions that the platform is tried with; Langfuse wants 15 or newer, RDS still offers these for years. */
export const POSTGRES_VERSIONS = ["16", "17"];
const SMALLEST_GIB = 20;
const LONGEST_RETENTION_DAYS = 35;

/** Throws one error with everything that is wrong. */
export function checkPostgresArgs(name: string, args: PostgresArgs): void {
  const problems = new Problems();
  problems.exactlyOne("args", { create: args.create, existing: args.existing });
  if (args.create !== undefined) checkCreate(problems, args.create);
  problems.throwIfAny("Postgres", name);
}

function checkCreate(problems: Problems, create: PostgresCreateArgs): void {
  problems.check(POSTGRES_VERSIONS.includes(create.engineVersion), {
    path: "create.engineVersion",
    rule: `must be a major version, one of ${POSTGRES_VERSIONS.join(", ")}, as text`,
    got: create.engineVersion,
    fix: 'Write it like "16", without a minor version.',
  });
  problems.check(create.instanceClass.startsWith("db."), {
    path: "create.instanceClass",
    rule: "must be an RDS instance class",
    got: create.instanceClass,
    fix: "Write it like db.m7g.large.",
  });
  checkStorage(problems, create);
  const { backupRetentionDays: days } = create;
  const least = create.durable && !create.acceptNoBackups ? 1 : 0;
  problems.check(Number.isInteger(days) && days >= least && days <= LONGEST_RETENTION_DAYS, {
    path: "create.backupRetentionDays",
    rule: `must be a whole number from ${least === 1 ? "1, since the database is durable," : "0"} to ${LONGEST_RETENTION_DAYS}`,
    got: days,
    fix: "Choose how far back a restore must reach.",
  });
  problems.check(Object.keys(create.clientSecurityGroupIds).length > 0, {
    path: "create.clientSecurityGroupIds",
    rule: "must name at least one security group",
    got: "none",
    fix: "Add the cluster's security group; otherwise nobody can connect.",
  });
  for (const parameter of Object.keys(create.parameters ?? {})) {
    problems.check(!(parameter in FIXED_PARAMETERS), {
      path: `create.parameters.${parameter}`,
      rule: "is set by the platform",
      fix: "Remove it.",
    });
  }
}

function checkStorage(problems: Problems, create: PostgresCreateArgs): void {
  const { allocatedStorageGiB: first, maxAllocatedStorageGiB: most } = create;
  problems.check(Number.isInteger(first) && first >= SMALLEST_GIB, {
    path: "create.allocatedStorageGiB",
    rule: `must be a whole number of at least ${SMALLEST_GIB}`,
    got: first,
    fix: "Raise it; gp3 volumes of RDS start there.",
  });
  problems.check(most === undefined || (Number.isInteger(most) && most >= first * 1.1), {
    path: "create.maxAllocatedStorageGiB",
    rule: "must be a whole number at least a tenth above allocatedStorageGiB",
    got: most,
    fix: "Raise it, or leave it out to keep the size fixed.",
  });
}
