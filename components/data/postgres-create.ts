import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { clientSecurityGroup } from "./client-security-group";
import { physicalPrefix } from "./physical-prefix";
import type { PostgresCreateArgs } from "./postgres";

/** The master user where the arguments name none. */
export const MASTER_USERNAME = "platform";

/** What applications rely on, set by us; `immediate` since all of these are dynamic. */
export const FIXED_PARAMETERS: Readonly<Record<string, string>> = {
  "rds.force_ssl": "1",
  timezone: "UTC",
  // Milliseconds: what takes longer than a second is written to the log, which an ordinary query of the platform does not.
  log_min_duration_statement: "1000",
  log_lock_waits: "1",
};

const LOG_EXPORTS = ["postgresql", "upgrade"];
/** Seven days are free; longer periods need the advanced mode of Database Insights. */
const PERFORMANCE_INSIGHTS_DAYS = 7;

/** The instance and everything around it. */
export function createPostgres(
  name: string,
  args: PostgresCreateArgs,
  opts: pulumi.CustomResourceOptions,
): { instance: aws.rds.Instance; rules: pulumi.Resource[] } {
  const port = args.port ?? 5432;
  const { group, rules } = clientSecurityGroup(
    `${name}-clients`,
    { description: "Clients of PostgreSQL", vpcId: args.vpcId, port, clients: args.clientSecurityGroupIds },
    opts,
  );
  const subnets = new aws.rds.SubnetGroup(`${name}-subnets`, { subnetIds: args.subnetIds }, opts);
  const parameters = parameterGroup(name, args, opts);
  const identifier = instanceIdentifier(name, opts);
  const logs = logGroups(name, identifier, args, opts);
  const instance = new aws.rds.Instance(
    `${name}-instance`,
    {
      identifier,
      ...engine(args),
      dbName: args.databaseName ?? "langfuse",
      username: args.masterUsername ?? MASTER_USERNAME,
      password: pulumi.secret(args.masterPassword),
      port,
      multiAz: args.multiAz,
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [group.id],
      publiclyAccessible: false,
      parameterGroupName: parameters.name,
      ...observation(args),
      // Otherwise a change waits for the maintenance window while Pulumi believes it done.
      applyImmediately: true,
      ...storage(args),
      ...lifecycle(name, args, opts),
    },
    { ...opts, protect: args.durable, dependsOn: logs },
  );
  return { instance, rules };
}

/** The major version alone: minor ones move by themselves, and naming one would read as a downgrade later. */
function engine(args: PostgresCreateArgs) {
  return {
    engine: "postgres",
    engineVersion: args.engineVersion,
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: true,
    instanceClass: args.instanceClass,
  };
}

function observation(args: PostgresCreateArgs) {
  return {
    enabledCloudwatchLogsExports: LOG_EXPORTS,
    performanceInsightsEnabled: true,
    performanceInsightsRetentionPeriod: PERFORMANCE_INSIGHTS_DAYS,
    performanceInsightsKmsKeyId: args.kmsKeyArn,
  };
}

/** gp3 without iops and throughput, which RDS refuses below 400 GiB; bigger volumes get four times the baseline by themselves. */
function storage(args: PostgresCreateArgs) {
  return {
    storageType: "gp3",
    allocatedStorage: args.allocatedStorageGiB,
    ...(args.maxAllocatedStorageGiB === undefined ? {} : { maxAllocatedStorage: args.maxAllocatedStorageGiB }),
    storageEncrypted: true,
    kmsKeyId: args.kmsKeyArn,
  };
}

/** Backups, and what is left behind when the instance goes. */
function lifecycle(name: string, args: PostgresCreateArgs, opts: pulumi.CustomResourceOptions) {
  const kept = {
    backupRetentionPeriod: args.backupRetentionDays,
    copyTagsToSnapshot: true,
    deletionProtection: args.durable,
    deleteAutomatedBackups: !args.durable,
    skipFinalSnapshot: !args.durable,
  };
  if (!args.durable) return kept;
  const snapshot = new random.RandomId(
    `${name}-final-snapshot`,
    {
      byteLength: 4,
      // What replaces the instance renews the name as well: a snapshot's name is taken once and for all.
      keepers: {
        database: args.databaseName ?? "langfuse",
        username: args.masterUsername ?? MASTER_USERNAME,
        kmsKeyArn: args.kmsKeyArn,
      },
    },
    opts,
  );
  return { ...kept, finalSnapshotIdentifier: pulumi.interpolate`${physicalPrefix(name)}-final-${snapshot.hex}` };
}

/**
 * RDS writes to log groups named after the instance, and would make them without retention if they were not there first: so
 * the name is decided before the instance. Random, so that no two platforms and no two lives of one platform share it.
 */
function instanceIdentifier(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const suffix = new random.RandomId(`${name}-identifier`, { byteLength: 4 }, opts);
  return pulumi.interpolate`${physicalPrefix(name)}-${suffix.hex}`;
}

function logGroups(
  name: string,
  identifier: pulumi.Output<string>,
  args: PostgresCreateArgs,
  opts: pulumi.CustomResourceOptions,
): aws.cloudwatch.LogGroup[] {
  return LOG_EXPORTS.map(
    (log) =>
      new aws.cloudwatch.LogGroup(
        `${name}-log-${log}`,
        {
          name: pulumi.interpolate`/aws/rds/instance/${identifier}/${log}`,
          retentionInDays: args.logRetentionDays ?? 30,
          ...(args.logKmsKeyArn === undefined ? {} : { kmsKeyId: args.logKmsKeyArn }),
        },
        opts,
      ),
  );
}

/** The family is part of the logical name: a major upgrade needs the new group before the old one can go. */
function parameterGroup(name: string, args: PostgresCreateArgs, opts: pulumi.CustomResourceOptions) {
  const family = `postgres${args.engineVersion}`;
  const extra = Object.entries(args.parameters ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return new aws.rds.ParameterGroup(
    `${name}-parameters-${family}`,
    {
      family,
      description: `Parameters of ${name}`,
      parameters: [
        ...Object.entries(FIXED_PARAMETERS).map(([key, value]) => ({ name: key, value, applyMethod: "immediate" })),
        ...extra.map(([key, value]) => ({ name: key, value, applyMethod: "pending-reboot" })),
      ],
    },
    opts,
  );
}
