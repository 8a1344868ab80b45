import * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import { checkRedisArgs } from "./redis-checks";
import { createRedis } from "./redis-create";
import type { RedisEngine, RedisTokenUpdate } from "./redis-options";

export interface RedisArgs {
  /** An ElastiCache replication group of our own. Exactly one of `create` and `existing`. */
  readonly create?: RedisCreateArgs;
  /** A server that somebody else runs; nothing is made. */
  readonly existing?: RedisExistingArgs;
}

/** An ElastiCache replication group, cluster mode off. */
export interface RedisCreateArgs {
  /** Valkey or Redis. Turning Redis into Valkey upgrades in place; the way back is a new group. */
  readonly engine: RedisEngine;
  /** Major and minor version as text: Valkey `"7.2"` or newer, Redis `"7.0"` or `"7.1"`. Lowering it replaces the group. */
  readonly engineVersion: string;
  /** ElastiCache node type, e.g. `cache.m7g.large`. */
  readonly nodeType: pulumi.Input<string>;
  /** Copies beside the primary, 0 to 5; from one on, failover is automatic and the nodes are in different zones. */
  readonly replicas: number;
  /** VPC of the security group. Changing it replaces the group. */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets, one per zone, without a route to the internet. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups that may connect, by a short name that stays, e.g. `cluster`: pods share their node's group. */
  readonly clientSecurityGroupIds: Record<string, pulumi.Input<string>>;
  /** The password of user `default`; 16 to 128 letters and digits. */
  readonly authToken: pulumi.Input<string>;
  /**
   * What a change of the token does to the one before. Default `Rotate`. `Set`, with the token unchanged, ends the old token
   * at once; go back to `Rotate` together with the next change.
   */
  readonly authTokenUpdate?: RedisTokenUpdate;
  /** Key of data at rest and of snapshots. Changing it replaces the group. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Key of the slow log; its policy must admit CloudWatch Logs. Default: the one that CloudWatch owns. */
  readonly logKmsKeyArn?: pulumi.Input<string>;
  /** Days that the slow log is kept. Default 30. */
  readonly logRetentionDays?: pulumi.Input<number>;
  /** Days that daily snapshots are kept, 0 (none) to 35. Default 1 when durable, else 0. */
  readonly snapshotRetentionDays?: number;
  /** Durable: protected, with a final snapshot. Otherwise it goes with the stack. */
  readonly durable: boolean;
}

/** A Redis or Valkey server of somebody else's, 7.0 or newer, cluster mode off, `maxmemory-policy noeviction`. */
export interface RedisExistingArgs {
  /** Host name of the primary, without port. */
  readonly host: pulumi.Input<string>;
  /** TCP port. Default 6379. */
  readonly port?: pulumi.Input<number>;
  /** Whether clients use TLS. Default true. */
  readonly tls?: boolean;
  /** User name. Default `default`. Its password goes into a Kubernetes Secret, not here. */
  readonly username?: pulumi.Input<string>;
}

/**
 * Queue and cache: an ElastiCache replication group with TLS, AUTH, encryption at rest and a parameter group that never
 * evicts, its security group and slow log; or the address of an existing server.
 */
export class Redis extends pulumi.ComponentResource {
  /** Host name of the primary. */
  readonly host: pulumi.Output<string>;
  /** For connection strings and network policies. */
  readonly port: pulumi.Output<number>;
  /** Whether clients must use TLS. */
  readonly tls: pulumi.Output<boolean>;
  /** The user whose password is the token. */
  readonly username: pulumi.Output<string>;
  /** Gate: the server answers with its current token, and its clients are let in. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: RedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:Redis", name, {}, opts);
    checkRedisArgs(name, args);
    if (args.create !== undefined) {
      const { group, rules } = createRedis(name, args.create, { parent: this });
      this.host = group.primaryEndpointAddress;
      this.port = group.port.apply((port) => port ?? DEFAULT_PORT);
      this.tls = pulumi.output(true);
      this.username = pulumi.output(DEFAULT_USER);
      this.ready = ready([group, ...rules]);
    } else {
      const existing = args.existing as RedisExistingArgs;
      this.host = pulumi.output(existing.host);
      this.port = pulumi.output(existing.port ?? DEFAULT_PORT);
      this.tls = pulumi.output(existing.tls ?? true);
      this.username = pulumi.output(existing.username ?? DEFAULT_USER);
      this.ready = ready();
    }
    this.registerOutputs({
      host: this.host,
      port: this.port,
      tls: this.tls,
      username: this.username,
      ready: this.ready,
    });
  }
}

const DEFAULT_PORT = 6379;
const DEFAULT_USER = "default";
