import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { clientSecurityGroup } from "./client-security-group";
import { physicalPrefix } from "./physical-prefix";
import type { RedisCreateArgs } from "./redis";
import { type RedisEngine, RedisTokenUpdate } from "./redis-options";

const PORT = 6379;

/** The parameter group family of an engine's version, e.g. `valkey8`, `redis7`. */
export function parameterFamily(engine: RedisEngine, engineVersion: string): string {
  return `${engine}${engineVersion.split(".")[0]}`;
}

/** The replication group and everything around it. */
export function createRedis(
  name: string,
  args: RedisCreateArgs,
  opts: pulumi.CustomResourceOptions,
): { group: aws.elasticache.ReplicationGroup; rules: pulumi.Resource[] } {
  const { group: clients, rules } = clientSecurityGroup(
    `${name}-clients`,
    { description: "Clients of Redis", vpcId: args.vpcId, port: PORT, clients: args.clientSecurityGroupIds },
    opts,
  );
  const subnets = new aws.elasticache.SubnetGroup(
    `${name}-subnets`,
    { subnetIds: args.subnetIds, description: `Subnets of ${name}` },
    opts,
  );
  const group = new aws.elasticache.ReplicationGroup(
    `${name}-group`,
    {
      description: `${name}: queue and cache`,
      ...nodes(args),
      port: PORT,
      subnetGroupName: subnets.name,
      securityGroupIds: [clients.id],
      parameterGroupName: parameterGroup(name, args, opts).name,
      ...protection(args),
      logDeliveryConfigurations: [slowLog(name, args, opts)],
      // Otherwise a change waits for the maintenance window while Pulumi believes it done.
      applyImmediately: true,
      ...snapshots(name, args, opts),
    },
    { ...opts, protect: args.durable },
  );
  return { group, rules };
}

function nodes(args: RedisCreateArgs) {
  const replicated = args.replicas >= 1;
  return {
    engine: args.engine,
    engineVersion: args.engineVersion,
    // A version that moved by itself reads as a downgrade on the next run, and a downgrade replaces the group.
    autoMinorVersionUpgrade: false,
    nodeType: args.nodeType,
    numCacheClusters: 1 + args.replicas,
    automaticFailoverEnabled: replicated,
    multiAzEnabled: replicated,
  };
}

/** Said in full, since the defaults differ between the engines. */
function protection(args: RedisCreateArgs) {
  return {
    transitEncryptionEnabled: true,
    transitEncryptionMode: "required",
    atRestEncryptionEnabled: true,
    kmsKeyId: args.kmsKeyArn,
    authToken: pulumi.secret(args.authToken),
    authTokenUpdateStrategy: args.authTokenUpdate ?? RedisTokenUpdate.Rotate,
  };
}

/** A queue that drops keys when memory runs out loses work silently, so nothing is evicted: writes fail and are seen. */
function parameterGroup(name: string, args: RedisCreateArgs, opts: pulumi.CustomResourceOptions) {
  const family = parameterFamily(args.engine, args.engineVersion);
  return new aws.elasticache.ParameterGroup(
    // The family is part of the logical name: an upgrade needs the new group before the old one can go.
    `${name}-parameters-${family}`,
    {
      family,
      description: `Parameters of ${name}`,
      parameters: [{ name: "maxmemory-policy", value: "noeviction" }],
    },
    opts,
  );
}

function slowLog(name: string, args: RedisCreateArgs, opts: pulumi.CustomResourceOptions) {
  const logs = new aws.cloudwatch.LogGroup(
    `${name}-slow-log`,
    {
      retentionInDays: args.logRetentionDays ?? 30,
      ...(args.logKmsKeyArn === undefined ? {} : { kmsKeyId: args.logKmsKeyArn }),
    },
    opts,
  );
  return { destination: logs.name, destinationType: "cloudwatch-logs", logFormat: "json", logType: "slow-log" };
}

function snapshots(name: string, args: RedisCreateArgs, opts: pulumi.CustomResourceOptions) {
  const daily = { snapshotRetentionLimit: args.snapshotRetentionDays ?? (args.durable ? 1 : 0) };
  if (!args.durable) return daily;
  const snapshot = new random.RandomId(
    `${name}-final-snapshot`,
    // What replaces the group renews the name as well: a snapshot's name is taken once and for all.
    { byteLength: 4, keepers: { engine: args.engine, engineVersion: args.engineVersion, kmsKeyArn: args.kmsKeyArn } },
    opts,
  );
  return { ...daily, finalSnapshotIdentifier: pulumi.interpolate`${physicalPrefix(name)}-final-${snapshot.hex}` };
}
