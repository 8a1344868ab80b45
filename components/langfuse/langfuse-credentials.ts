import * as pulumi from "@pulumi/pulumi";
import type { CredentialName } from "./credential-rules";
import { CredentialSource } from "./credential-source";
import { activeSlot, CredentialSlot, revisionSummary, slotSummary, slotUser } from "./rotation";

export interface LangfuseCredentialsArgs {
  /** How often each store's credentials were rotated. Default: never. */
  readonly rotation?: LangfuseRotationArgs;
  /** Values of the user's own, used instead of generated ones. Default none: everything is generated. */
  readonly given?: LangfuseGivenCredentialsArgs;
  /** Durable: the salt and the encryption key are protected from deletion, since data is lost with them. */
  readonly durable: boolean;
}

/**
 * Revisions by store, whole numbers from 0; raise one by one to rotate. Each store has two passwords, `a` for even and `b`
 * for odd revisions. The store learns the new one first, consumers switch afterwards, and the one before goes on working.
 */
export interface LangfuseRotationArgs {
  /** Default 0. */
  readonly postgres?: number;
  /** Default 0. */
  readonly redis?: number;
  /** Default 0. */
  readonly clickhouse?: number;
  /** Raised by one, makes pods read again the secrets that no rotation covers. Default 0. */
  readonly application?: number;
}

/**
 * Values of the user's own, under the names that `recoveryValues` has: a recovery copy can be given back as it is.
 * Passwords are letters and digits only, because Langfuse builds URLs from them without encoding.
 */
export interface LangfuseGivenCredentialsArgs {
  /** Hashes API keys; at least 16 characters. Never change it. */
  readonly salt?: pulumi.Input<string>;
  /** 64 lower-case hexadecimal characters. Never change it. */
  readonly encryptionKey?: pulumi.Input<string>;
  /** Signs sessions; at least 16 characters. A change signs everybody out. */
  readonly nextAuthSecret?: pulumi.Input<string>;
  /** Of the database's master user; only the Job that makes login roles uses it. */
  readonly postgresMasterPassword?: pulumi.Input<string>;
  /** Of the login role `langfuse_a`. */
  readonly postgresPasswordA?: pulumi.Input<string>;
  /** Of the login role `langfuse_b`. */
  readonly postgresPasswordB?: pulumi.Input<string>;
  /** 16 to 128 characters. */
  readonly redisTokenA?: pulumi.Input<string>;
  /** 16 to 128 characters. */
  readonly redisTokenB?: pulumi.Input<string>;
  /** Of the ClickHouse user `langfuse_a`. */
  readonly clickhousePasswordA?: pulumi.Input<string>;
  /** Of the ClickHouse user `langfuse_b`. */
  readonly clickhousePasswordB?: pulumi.Input<string>;
  /** Of the ClickHouse user `default`. */
  readonly clickhouseDefaultPassword?: pulumi.Input<string>;
  /** Shared by the ClickHouse hosts of a cluster. */
  readonly clickhouseInterserverSecret?: pulumi.Input<string>;
  /** Of the user by which the operator asks ClickHouse. */
  readonly clickhouseOperatorPassword?: pulumi.Input<string>;
  /** `pk-lf-…` of the first project. */
  readonly projectPublicKey?: pulumi.Input<string>;
  /** `sk-lf-…` of the first project. */
  readonly projectSecretKey?: pulumi.Input<string>;
  /** At least 8 characters, any. */
  readonly userPassword?: pulumi.Input<string>;
}

/** Login roles and users of applications are named `langfuse_a` and `langfuse_b`. */
export const APPLICATION_USER = "langfuse";

/**
 * Every secret that Langfuse and its stores need, generated or given, and which of two logins is in use. It writes nothing
 * anywhere: `LangfuseSecrets` puts the values into Kubernetes, `RecoverySecret` keeps a copy. Generated values live in the
 * stack's state alone, and `retainOnDelete` could not keep them: hence the copy.
 */
export class LangfuseCredentials extends pulumi.ComponentResource {
  /** For Langfuse. */
  readonly salt: pulumi.Output<string>;
  /** For Langfuse. */
  readonly encryptionKey: pulumi.Output<string>;
  /** For Langfuse. */
  readonly nextAuthSecret: pulumi.Output<string>;
  /** For the database, and for the Job that makes login roles in it. */
  readonly postgresMasterPassword: pulumi.Output<string>;
  /** For the login role `langfuse_a`. */
  readonly postgresPasswordA: pulumi.Output<string>;
  /** For the login role `langfuse_b`. */
  readonly postgresPasswordB: pulumi.Output<string>;
  /** The login role in use. */
  readonly postgresUsername: pulumi.Output<string>;
  /** The token of even revisions. */
  readonly redisTokenA: pulumi.Output<string>;
  /** The token of odd revisions. */
  readonly redisTokenB: pulumi.Output<string>;
  /** The token in use, for the server. */
  readonly redisToken: pulumi.Output<string>;
  /** For the user `langfuse_a`. */
  readonly clickhousePasswordA: pulumi.Output<string>;
  /** For the user `langfuse_b`. */
  readonly clickhousePasswordB: pulumi.Output<string>;
  /** The user in use. */
  readonly clickhouseUsername: pulumi.Output<string>;
  /** Changes whenever the password of one of the two users does, without any secret: for servers that read them at start. */
  readonly clickhousePasswordsRevision: pulumi.Output<string>;
  /** For the user `default`, which only cluster hosts may be. */
  readonly clickhouseDefaultPassword: pulumi.Output<string>;
  /** For queries between ClickHouse hosts. */
  readonly clickhouseInterserverSecret: pulumi.Output<string>;
  /** For the ClickHouse operator's own user. */
  readonly clickhouseOperatorPassword: pulumi.Output<string>;
  /** For the first project. */
  readonly projectPublicKey: pulumi.Output<string>;
  /** For the first project. */
  readonly projectSecretKey: pulumi.Output<string>;
  /** For the first user. */
  readonly userPassword: pulumi.Output<string>;
  /** All values by name, for a recovery copy; `given` takes them back. Secret as a whole. */
  readonly recoveryValues: pulumi.Output<Record<string, string>>;
  /** The revisions in one line, without any secret: a pod annotation that rolls the pods after a rotation. */
  readonly revisions: pulumi.Output<string>;

  constructor(name: string, args: LangfuseCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:LangfuseCredentials", name, {}, opts);
    const source = new CredentialSource(name, args, { parent: this });
    const { postgres = 0, redis = 0, clickhouse = 0 } = args.rotation ?? {};
    const value = (key: CredentialName) => source.value(key);

    this.salt = value("salt");
    this.encryptionKey = value("encryptionKey");
    this.nextAuthSecret = value("nextAuthSecret");
    this.postgresMasterPassword = value("postgresMasterPassword");
    this.postgresPasswordA = value("postgresPasswordA");
    this.postgresPasswordB = value("postgresPasswordB");
    this.postgresUsername = pulumi.output(slotUser(APPLICATION_USER, activeSlot(postgres)));
    this.redisTokenA = value("redisTokenA");
    this.redisTokenB = value("redisTokenB");
    this.redisToken = activeSlot(redis) === CredentialSlot.A ? this.redisTokenA : this.redisTokenB;
    this.clickhousePasswordA = value("clickhousePasswordA");
    this.clickhousePasswordB = value("clickhousePasswordB");
    this.clickhouseUsername = pulumi.output(slotUser(APPLICATION_USER, activeSlot(clickhouse)));
    this.clickhousePasswordsRevision = pulumi.output(slotSummary(clickhouse));
    this.clickhouseDefaultPassword = value("clickhouseDefaultPassword");
    this.clickhouseInterserverSecret = value("clickhouseInterserverSecret");
    this.clickhouseOperatorPassword = value("clickhouseOperatorPassword");
    this.projectPublicKey = value("projectPublicKey");
    this.projectSecretKey = value("projectSecretKey");
    this.userPassword = value("userPassword");
    this.recoveryValues = source.all();
    this.revisions = pulumi.output(revisionSummary(args.rotation));
    this.registerOutputs({
      ...source.values,
      postgresUsername: this.postgresUsername,
      redisToken: this.redisToken,
      clickhouseUsername: this.clickhouseUsername,
      clickhousePasswordsRevision: this.clickhousePasswordsRevision,
      recoveryValues: this.recoveryValues,
      revisions: this.revisions,
    });
  }
}
