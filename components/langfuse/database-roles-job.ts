import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { imageReference } from "../internal/images";
import { shortHash } from "../internal/stable-json";
import { DATABASE_ROLES_SCHEMA, DATABASE_ROLES_SCRIPT } from "./database-roles-script";
import type { LangfuseArgs } from "./langfuse-args";
import { type EnvironmentVariable, fromSecret, postgresHost, postgresParameters } from "./langfuse-env";
import { langfuseJob, SCRIPTS_MOUNT, scriptsOf } from "./langfuse-job";
import { LangfuseJobRole } from "./langfuse-names";
import type { LangfuseDatabaseRolesArgs } from "./langfuse-store-args";
import { langfusePins } from "./langfuse-versions";

const DEADLINE_SECONDS = 300;
const FILE = "roles.mjs";

/**
 * Makes the login roles of the database and gives them their passwords, with the master's credentials, which no other pod
 * sees. Runs again when a revision moves; the role that pods use now keeps its password meanwhile, so a rotation has no outage.
 */
export function databaseRolesJob(
  name: string,
  args: LangfuseArgs,
  roles: LangfuseDatabaseRolesArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.batch.v1.Job {
  const { postgres } = args;
  const owner = roles.ownerRole ?? "langfuse_owner";
  const logins = Object.keys(roles.logins).sort();
  const fingerprint = pulumi
    .all([postgresHost(postgres), postgres.database, args.secrets.revision ?? "0"])
    .apply((parts) => shortHash({ parts, owner, logins, DATABASE_ROLES_SCRIPT }));
  const files = { [FILE]: DATABASE_ROLES_SCRIPT, "roles.prisma": DATABASE_ROLES_SCHEMA };
  return langfuseJob(
    name,
    args,
    {
      role: LangfuseJobRole.Roles,
      fingerprint,
      image: imageReference(langfusePins(args.version).web, args.mirrors),
      command: ["node", `${SCRIPTS_MOUNT}/${FILE}`],
      environment: rolesEnvironment(args, roles, owner, logins),
      scripts: scriptsOf(name, args, LangfuseJobRole.Roles, files, opts),
      resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "512Mi" } },
      deadlineSeconds: DEADLINE_SECONDS,
      // As for migrations: Prisma's behaviour on a read-only file system is not documented.
      writableRoot: true,
    },
    opts,
  );
}

function rolesEnvironment(
  args: LangfuseArgs,
  roles: LangfuseDatabaseRolesArgs,
  owner: string,
  logins: string[],
): EnvironmentVariable[] {
  return [
    { name: "DATABASE_HOST", value: postgresHost(args.postgres) },
    { name: "DATABASE_NAME", value: args.postgres.database },
    { name: "DATABASE_ARGS", value: postgresParameters(args.postgres) },
    { name: "DATABASE_MASTER_USERNAME", value: roles.masterUsername },
    fromSecret("DATABASE_MASTER_PASSWORD", roles.masterPassword),
    { name: "DATABASE_OWNER", value: owner },
    { name: "DATABASE_LOGINS", value: logins.join(",") },
    ...logins.flatMap((login, index) => {
      const password = roles.logins[login];
      return password === undefined ? [] : [fromSecret(`DATABASE_LOGIN_PASSWORD_${index}`, password)];
    }),
  ];
}
