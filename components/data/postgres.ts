import * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import { checkPostgresArgs } from "./postgres-checks";
import { createPostgres, MASTER_USERNAME } from "./postgres-create";

/** How clients of an existing server use TLS; the modes that Prisma's connection string knows. */
export const PostgresSslMode = { Disable: "disable", Prefer: "prefer", Require: "require" } as const;
export type PostgresSslMode = (typeof PostgresSslMode)[keyof typeof PostgresSslMode];

export interface PostgresArgs {
  /** An RDS instance of our own. Exactly one of `create` and `existing`. */
  readonly create?: PostgresCreateArgs;
  /** A server that somebody else runs; nothing is made. */
  readonly existing?: PostgresExistingArgs;
}

/** An RDS for PostgreSQL instance. */
export interface PostgresCreateArgs {
  /**
   * Major version as text, `"16"` or `"17"`. Minor versions move by themselves in the maintenance window, so naming one would
   * ask for a downgrade later. Raising the major upgrades in place, with an outage of minutes.
   */
  readonly engineVersion: string;
  /** RDS instance class, e.g. `db.m7g.large`; it decides how many connections are accepted. Changing it restarts the database. */
  readonly instanceClass: string;
  /** First size of the gp3 volume in GiB, at least 20. It grows, and never shrinks. */
  readonly allocatedStorageGiB: number;
  /** Up to where RDS grows the volume by itself, in GiB; at least a tenth above the first size. Default: it does not. */
  readonly maxAllocatedStorageGiB?: number;
  /** Whether a standby runs in a second zone and takes over within about two minutes. */
  readonly multiAz: boolean;
  /** Days back to which the database can be restored, 0 to 35; durable needs at least 1. */
  readonly backupRetentionDays: number;
  /** Accepts a durable database without backups (`backupRetentionDays: 0`). Default false. */
  readonly acceptNoBackups?: boolean;
  /** VPC of the security group. Changing it replaces the group. */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets in at least two zones, without a route to the internet. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Security groups that may connect, by a short name that stays, e.g. `cluster`: pods share their node's group. */
  readonly clientSecurityGroupIds: Record<string, pulumi.Input<string>>;
  /** Database made on creation. Default `langfuse`. Changing it replaces the instance. */
  readonly databaseName?: pulumi.Input<string>;
  /** Master user, which applications do not use. Default `platform`. Changing it replaces the instance. */
  readonly masterUsername?: pulumi.Input<string>;
  /** Its password; letters and digits. A change takes effect within minutes and at once ends what the old one could do. */
  readonly masterPassword: pulumi.Input<string>;
  /** Key of volume, snapshots and Performance Insights. Changing it replaces the instance. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Key of the exported logs; its policy must admit CloudWatch Logs. Default: the one that CloudWatch owns. */
  readonly logKmsKeyArn?: pulumi.Input<string>;
  /** Days that the exported logs are kept. Default 30. */
  readonly logRetentionDays?: pulumi.Input<number>;
  /** TCP port. Default 5432. */
  readonly port?: pulumi.Input<number>;
  /**
   * More parameters in PostgreSQL's own words; they take effect at the next restart, which both kinds of parameters allow.
   * Default none.
   */
  readonly parameters?: Record<string, pulumi.Input<string>>;
  /**
   * Durable: protected, deletion refused by RDS too, a final snapshot and the automated backups stay behind.
   * Otherwise everything goes with the stack.
   */
  readonly durable: boolean;
}

/** A PostgreSQL server of somebody else's, 15 or newer and in UTC. */
export interface PostgresExistingArgs {
  /** Host name, without port. */
  readonly host: pulumi.Input<string>;
  /** TCP port. Default 5432. */
  readonly port?: pulumi.Input<number>;
  /** The database, which exists. */
  readonly database: pulumi.Input<string>;
  /** The user that applications log in with, owner of the database. Its password goes into a Kubernetes Secret, not here. */
  readonly username: pulumi.Input<string>;
  /** Default `require`. */
  readonly sslMode?: PostgresSslMode;
}

/**
 * The relational database: an RDS for PostgreSQL instance with its subnet group, parameter group, security group and log
 * groups, or the address of an existing server. Login roles of applications are made inside the database by whoever
 * deploys the application, with the master user.
 */
export class Postgres extends pulumi.ComponentResource {
  /** For connection strings. */
  readonly host: pulumi.Output<string>;
  /** For connection strings and network policies. */
  readonly port: pulumi.Output<number>;
  /** For connection strings. */
  readonly database: pulumi.Output<string>;
  /** The master user of a created instance; the application's user of an existing server. */
  readonly username: pulumi.Output<string>;
  /** Arguments of the connection string, e.g. `sslmode=require`. */
  readonly sslArguments: pulumi.Output<string>;
  /** RDS identifier, for alarms and commands; empty for an existing server. */
  readonly identifier: pulumi.Output<string>;
  /** Gate: the database answers, and its clients are let in. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:Postgres", name, {}, opts);
    checkPostgresArgs(name, args);
    if (args.create !== undefined) {
      const { instance, rules } = createPostgres(name, args.create, { parent: this });
      this.host = instance.address;
      this.port = instance.port;
      this.database = pulumi.output(args.create.databaseName ?? DEFAULT_DATABASE);
      // Known before the instance, so that the Secret that holds it need not wait for one.
      this.username = pulumi.output(args.create.masterUsername ?? MASTER_USERNAME);
      this.sslArguments = pulumi.output(`sslmode=${PostgresSslMode.Require}`);
      this.identifier = instance.identifier;
      this.ready = ready([instance, ...rules]);
    } else {
      const existing = args.existing as PostgresExistingArgs;
      this.host = pulumi.output(existing.host);
      this.port = pulumi.output(existing.port ?? DEFAULT_PORT);
      this.database = pulumi.output(existing.database);
      this.username = pulumi.output(existing.username);
      this.sslArguments = pulumi.output(`sslmode=${existing.sslMode ?? PostgresSslMode.Require}`);
      this.identifier = pulumi.output("");
      this.ready = ready();
    }
    this.registerOutputs({
      host: this.host,
      port: this.port,
      database: this.database,
      username: this.username,
      sslArguments: this.sslArguments,
      identifier: this.identifier,
      ready: this.ready,
    });
  }
}

const DEFAULT_DATABASE = "langfuse";
const DEFAULT_PORT = 5432;
