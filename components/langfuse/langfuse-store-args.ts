import type * as pulumi from "@pulumi/pulumi";

/** A value that stays in a Kubernetes Secret; pods read it by `secretKeyRef`. */
export interface SecretKey {
  /** Name of the Secret, in Langfuse's namespace. */
  readonly secretName: pulumi.Input<string>;
  /** Key inside the Secret. */
  readonly key: string;
}

/** A user of a store. */
export interface LangfuseLogin {
  /** Name of the user. */
  readonly username: pulumi.Input<string>;
  /** Its password; letters and digits only. */
  readonly password: SecretKey;
}

/** PostgreSQL, 15 or newer, with its time zone on UTC. */
export interface LangfusePostgresArgs {
  /** Host name, without port. */
  readonly host: pulumi.Input<string>;
  /** TCP port. Default 5432. */
  readonly port?: pulumi.Input<number>;
  /** Name of the database, which exists. */
  readonly database: pulumi.Input<string>;
  /** Login role that the pods use now; the value toggles on a rotation and then rolls the pods. */
  readonly username: pulumi.Input<string>;
  /** Its password; letters and digits only, since the image builds a URL from it without encoding. */
  readonly password: SecretKey;
  /**
   * Whom the migration Job logs in as. One that no rotation changes, so that new credentials alone never run migrations again.
   * Default: the user of the pods.
   */
  readonly migrationLogin?: LangfuseLogin;
  /** Arguments of the connection string about TLS. Default `sslmode=require`. */
  readonly sslArguments?: pulumi.Input<string>;
  /** Connections that one pod opens at most. Default 10. */
  readonly connectionLimit?: pulumi.Input<number>;
  /** Lets a Job make and rotate the login roles with the master's credentials. Default: the role exists already. */
  readonly roles?: LangfuseDatabaseRolesArgs;
}

/** The login roles of the database, which share the ownership of every object through one group role. */
export interface LangfuseDatabaseRolesArgs {
  /** The master user: may create roles, need not be a superuser. Only the roles Job uses it. */
  readonly masterUsername: pulumi.Input<string>;
  /** The master's password. */
  readonly masterPassword: SecretKey;
  /** Group role (no login) that owns the objects. Default `langfuse_owner`. */
  readonly ownerRole?: string;
  /** Password by login role, e.g. `langfuse_a` and `langfuse_b`; role names are lower-case identifiers. */
  readonly logins: Record<string, SecretKey>;
}

/** Redis or Valkey, 7.0 or newer, cluster mode off, `maxmemory-policy noeviction`. */
export interface LangfuseRedisArgs {
  /** Host name of the primary, without port. */
  readonly host: pulumi.Input<string>;
  /** TCP port. Default 6379. */
  readonly port?: pulumi.Input<number>;
  /** Whether connections use TLS. Default true. */
  readonly tls?: pulumi.Input<boolean>;
  /** User name. Default `default`. */
  readonly username?: pulumi.Input<string>;
  /** Password; letters and digits only. Default: none is sent. */
  readonly password?: SecretKey;
  /** Number of the logical database. Default 0. */
  readonly database?: number;
}

/** ClickHouse 24.3 or newer (25.12 or newer for Langfuse 4), in UTC. */
export interface LangfuseClickHouseArgs {
  /** Host name that reaches the replicas of exactly one shard, without scheme and port. */
  readonly host: pulumi.Input<string>;
  /** Port of the HTTP interface. Default 8123, or 8443 with TLS. */
  readonly httpPort?: pulumi.Input<number>;
  /** Port of the native protocol, which migrations speak. Default 9000, or 9440 with TLS. */
  readonly nativePort?: pulumi.Input<number>;
  /** Database, which exists on every host. Default `default`. */
  readonly database?: pulumi.Input<string>;
  /** User; in a cluster it must also be able to read `system.clusters`, `system.tables` and `system.replicas`, for the smoke Job. */
  readonly username: pulumi.Input<string>;
  /** Password; letters and digits only. */
  readonly password: SecretKey;
  /** Whom the migration Job logs in as, as for PostgreSQL. Default: the user of the pods. */
  readonly migrationLogin?: LangfuseLogin;
  /**
   * Whether the tables are replicated in a cluster that must be named `default`. Default true. Never change it for a stack
   * that holds data: the two kinds of tables do not turn into each other.
   */
  readonly clustered?: boolean;
  /** How many replicas the shard has; the smoke Job then insists on that number. Default: at least one. */
  readonly replicas?: number;
  /** TLS on both ports. Default: none, traffic stays inside the cluster. */
  readonly tls?: LangfuseClickHouseTlsArgs;
  /** Memory in bytes after which a GROUP BY of one query spills to disk. Default: the image's own, 32 GB, too much for a small server. */
  readonly maxBytesBeforeExternalGroupBy?: number;
}

/** How ClickHouse's certificate is trusted. */
export interface LangfuseClickHouseTlsArgs {
  /** The authority's certificate in PEM, in a Secret of Langfuse's namespace. Default: a public authority. */
  readonly authority?: SecretKey;
}

/** A bucket for one purpose. */
export interface LangfuseBucketArgs {
  /** Name of the bucket, which exists. */
  readonly name: pulumi.Input<string>;
  /** Region of the bucket. */
  readonly region: pulumi.Input<string>;
  /** Prefix of the keys, ending with a slash. Default none. */
  readonly prefix?: string;
  /** URL of an S3-compatible service. Default: AWS by region. */
  readonly endpoint?: pulumi.Input<string>;
  /** ARN of the KMS key to name in each request, never empty. Default: the bucket's own encryption decides, which is enough on AWS. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Access key id, for services without pod identity. Default: the pod's identity. */
  readonly accessKeyId?: SecretKey;
  /** Secret access key beside `accessKeyId`. */
  readonly secretAccessKey?: SecretKey;
}

/** Where objects go. */
export interface LangfuseBucketsArgs {
  /** Raw events, read again by the worker. */
  readonly events: LangfuseBucketArgs;
  /** Images and files of traces; browsers upload to it directly. */
  readonly media: LangfuseBucketArgs;
  /** Exports that users download. */
  readonly exports: LangfuseBucketArgs;
  /** Address buckets by path instead of host name, for some S3-compatible services. Default false. */
  readonly forcePathStyle?: pulumi.Input<boolean>;
  /** Life of links to media, in seconds. Default 3600, at most 21600: a link dies with the pod's session, which lasts up to six hours. */
  readonly mediaLinkSeconds?: number;
  /** Life of links to exports, in hours. Default 6, at most 6 for the same reason. */
  readonly exportLinkHours?: number;
  /** Largest media file in bytes. Default 1000000000. */
  readonly mediaMaxBytes?: number;
}
