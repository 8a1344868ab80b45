import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import { Problems } from "../internal/problems";
import { LANGFUSE_SECRETS } from "./langfuse-secret-names";

export interface LangfuseSecretsArgs {
  /** Langfuse's namespace; it exists. */
  readonly namespace: pulumi.Input<string>;
  /** The namespace of the ClickHouse servers; it exists. Needed with `clickhouseServer`. */
  readonly dataNamespace?: pulumi.Input<string>;
  /** Passwords of the database's login roles. */
  readonly postgres: PasswordSecretArgs;
  /** The database's master user. Default: no Secret, for a database whose roles somebody else makes. */
  readonly postgresMaster?: MasterSecretArgs;
  /** Redis tokens. Default: no Secret, for a server without password. */
  readonly redis?: PasswordSecretArgs;
  /** Passwords of Langfuse's ClickHouse users. */
  readonly clickhouse: PasswordSecretArgs;
  /** What ClickHouse servers of our own need. Default: no Secret, for servers that somebody else runs. */
  readonly clickhouseServer?: ClickHouseServerSecretArgs;
  /** Secrets of the application itself. */
  readonly app: AppSecretArgs;
  /** Keys of the first project and password of the first user. Default: no Secret, for a Langfuse that starts empty. */
  readonly initialization?: InitializationSecretArgs;
  /** More values by key, e.g. a licence key or the URL of a mail server. Default: no Secret. */
  readonly additional?: Record<string, pulumi.Input<string>>;
}

/** Passwords of one store. Exactly one of `create` and `existing`. */
export interface PasswordSecretArgs {
  /** A Secret of ours, with these values. */
  readonly create?: PasswordValuesArgs;
  /** A Secret that exists, or will: pods wait for it. */
  readonly existing?: ExistingSecretArgs;
}

/** Two passwords between which a rotation toggles, or the one of a store that is not rotated here. */
export interface PasswordValuesArgs {
  /** Password of slot `a`, the first one in use. */
  readonly passwordA: pulumi.Input<string>;
  /** Default none. */
  readonly passwordB?: pulumi.Input<string>;
}

/** A Secret whose content somebody else's controller owns. */
export interface ExistingSecretArgs {
  /** Its name, in the namespace where ours would be. */
  readonly name: pulumi.Input<string>;
}

/** The database's master user. */
export interface MasterSecretArgs {
  /** Name of the user. */
  readonly username: pulumi.Input<string>;
  /** Its password. */
  readonly password: pulumi.Input<string>;
}

/** Secrets of ClickHouse servers. */
export interface ClickHouseServerSecretArgs {
  /** Of the user `langfuse_a`. */
  readonly passwordA: pulumi.Input<string>;
  /** Of the user `langfuse_b`. */
  readonly passwordB: pulumi.Input<string>;
  /** For the user `default`. */
  readonly defaultPassword: pulumi.Input<string>;
  /** For queries between hosts. */
  readonly interserverSecret: pulumi.Input<string>;
}

/** Secrets of the application. Exactly one of `create` and `existing`. */
export interface AppSecretArgs {
  /** A Secret of ours, with these values. */
  readonly create?: AppValuesArgs;
  /** A Secret that exists, or will: pods wait for it. */
  readonly existing?: ExistingSecretArgs;
}

/** Values of the application's Secret. */
export interface AppValuesArgs {
  /** Hashes API keys. Never change it. */
  readonly salt: pulumi.Input<string>;
  /** Encrypts what users store; 64 hexadecimal characters. Never change it. */
  readonly encryptionKey: pulumi.Input<string>;
  /** Signs sessions. A change signs everybody out. */
  readonly nextAuthSecret: pulumi.Input<string>;
}

/** What the first start makes. */
export interface InitializationSecretArgs {
  /** Public API key of the first project. */
  readonly projectPublicKey: pulumi.Input<string>;
  /** Secret API key of the first project. */
  readonly projectSecretKey: pulumi.Input<string>;
  /** Password of the first user. */
  readonly userPassword: pulumi.Input<string>;
}

/**
 * The Kubernetes Secrets of Langfuse and of its ClickHouse servers, under the names and keys of `LANGFUSE_SECRETS`. They need
 * values and namespaces only, so they exist long before the stores. A rotation adds under the other key and never changes
 * the one that running pods read. Rolling the pods is not done here: `LangfuseCredentials.revisions` is made for it.
 */
export class LangfuseSecrets extends pulumi.ComponentResource {
  /** For pods that use the database. */
  readonly postgresSecretName: pulumi.Output<string>;
  /** For the Job that makes login roles; empty without one. */
  readonly postgresMasterSecretName: pulumi.Output<string>;
  /** For pods that use Redis; empty without a password. */
  readonly redisSecretName: pulumi.Output<string>;
  /** For pods that use ClickHouse. */
  readonly clickhouseSecretName: pulumi.Output<string>;
  /** For ClickHouse servers; empty without servers of our own. */
  readonly clickhouseServerSecretName: pulumi.Output<string>;
  /** For Langfuse. */
  readonly appSecretName: pulumi.Output<string>;
  /** For Langfuse's first start, and for the person who signs in first; empty without one. */
  readonly initializationSecretName: pulumi.Output<string>;
  /** For whatever else Langfuse reads; empty without any. */
  readonly additionalSecretName: pulumi.Output<string>;
  /** Gate: the Secrets of Langfuse's namespace exist. */
  readonly ready: pulumi.Output<string>;
  /** Gate: the Secret of the data namespace exists. */
  readonly serverReady: pulumi.Output<string>;

  constructor(name: string, args: LangfuseSecretsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:LangfuseSecrets", name, {}, opts);
    checkLangfuseSecretsArgs(name, args);
    const { namespace, dataNamespace = "" } = args;
    const make = (key: keyof typeof LANGFUSE_SECRETS, values: object | undefined, where = namespace) =>
      writeSecret(name, key, values, where, { parent: this });
    const additionalValues = Object.keys(args.additional ?? {}).length > 0 ? args.additional : undefined;

    const postgres = make("postgres", args.postgres.create);
    const master = make("postgresMaster", args.postgresMaster);
    const redis = make("redis", args.redis?.create);
    const clickhouse = make("clickhouse", args.clickhouse.create);
    const server = make("clickhouseServer", args.clickhouseServer, dataNamespace);
    const app = make("app", args.app.create);
    const initialization = make("initialization", args.initialization);
    const additional = make("additional", additionalValues);

    this.postgresSecretName = nameOf("postgres", postgres, args.postgres.existing);
    this.postgresMasterSecretName = nameOf("postgresMaster", master);
    this.redisSecretName = nameOf("redis", redis, args.redis?.existing);
    this.clickhouseSecretName = nameOf("clickhouse", clickhouse, args.clickhouse.existing);
    this.clickhouseServerSecretName = nameOf("clickhouseServer", server);
    this.appSecretName = nameOf("app", app, args.app.existing);
    this.initializationSecretName = nameOf("initialization", initialization);
    this.additionalSecretName = nameOf("additional", additional);
    const applications = [postgres, master, redis, clickhouse, app, initialization, additional];
    this.ready = ready(applications.filter((secret) => secret !== undefined));
    this.serverReady = ready(server === undefined ? [] : [server]);
    this.registerOutputs({
      postgresSecretName: this.postgresSecretName,
      postgresMasterSecretName: this.postgresMasterSecretName,
      redisSecretName: this.redisSecretName,
      clickhouseSecretName: this.clickhouseSecretName,
      clickhouseServerSecretName: this.clickhouseServerSecretName,
      appSecretName: this.appSecretName,
      initializationSecretName: this.initializationSecretName,
      additionalSecretName: this.additionalSecretName,
      ready: this.ready,
      serverReady: this.serverReady,
    });
  }
}

/** Writes the values that are given, each under the key that `LANGFUSE_SECRETS` has for it, or under its own. */
function writeSecret(
  name: string,
  role: keyof typeof LANGFUSE_SECRETS,
  values: object | undefined,
  namespace: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret | undefined {
  if (values === undefined) return undefined;
  const { name: secretName, keys } = LANGFUSE_SECRETS[role];
  const keyOf: Readonly<Record<string, string>> = keys;
  const data = Object.fromEntries(
    Object.entries(values as Record<string, pulumi.Input<string> | undefined>).flatMap(([field, value]) =>
      value === undefined ? [] : [[keyOf[field] ?? field, encoded(value)]],
    ),
  );
  return new kubernetes.core.v1.Secret(
    `${name}-${secretName}`,
    { metadata: { name: secretName, namespace }, type: "Opaque", data },
    opts,
  );
}

/** `data` and not `stringData`: a key that goes from `stringData` stays in the live object. */
function encoded(value: pulumi.Input<string>): pulumi.Output<string> {
  return pulumi.secret(value).apply((text) => Buffer.from(text, "utf8").toString("base64"));
}

/** The name, known in every preview, with the dependency on the Secret. */
function nameOf(
  role: keyof typeof LANGFUSE_SECRETS,
  secret: kubernetes.core.v1.Secret | undefined,
  existing?: ExistingSecretArgs,
): pulumi.Output<string> {
  if (secret !== undefined) return ready([secret]).apply(() => LANGFUSE_SECRETS[role].name);
  return pulumi.output(existing?.name ?? "");
}

function checkLangfuseSecretsArgs(name: string, args: LangfuseSecretsArgs): void {
  const problems = new Problems();
  const choices = { postgres: args.postgres, redis: args.redis, clickhouse: args.clickhouse, app: args.app };
  for (const [path, choice] of Object.entries(choices)) {
    if (choice !== undefined) problems.exactlyOne(path, { create: choice.create, existing: choice.existing });
  }
  problems.check(args.clickhouseServer === undefined || args.dataNamespace !== undefined, {
    path: "dataNamespace",
    rule: "is needed with clickhouseServer",
    got: "none",
    fix: "Name the namespace of the ClickHouse servers.",
  });
  for (const key of Object.keys(args.additional ?? {})) {
    problems.check(/^[-._a-zA-Z0-9]+$/.test(key), {
      path: `additional.${key}`,
      rule: "must be letters, digits, dashes, dots or underscores",
      got: key,
      fix: "Choose another key.",
    });
  }
  problems.throwIfAny("LangfuseSecrets", name);
}
