import type { LangfuseGivenCredentialsArgs } from "./langfuse-credentials";
import { CredentialSlot } from "./rotation";

/** The name of one value. */
export type CredentialName = keyof LangfuseGivenCredentialsArgs;

/** How one value is made, and what one of the user's own must look like. */
export interface CredentialRule {
  /** Characters that are generated, prefix not counted. */
  readonly length: number;
  /** Goes in front of what is generated. */
  readonly prefix?: string;
  /** Only 0-9 and a-f. */
  readonly hexadecimal?: boolean;
  /** Data is lost with it. */
  readonly irreplaceable?: boolean;
  /** The rotation that renews it, and its slot. */
  readonly rotates?: { readonly store: "postgres" | "redis" | "clickhouse"; readonly slot: CredentialSlot };
  /** What it is for, one line, for the settings' reference. */
  readonly purpose: string;
  /** What a value of the user's own must match, and how that is said. */
  readonly form: RegExp;
  readonly rule: string;
}

const PASSWORD = { length: 32, form: /^[A-Za-z0-9]{8,128}$/, rule: "must be 8 to 128 letters and digits" };
const TOKEN = { length: 64, form: /^[A-Za-z0-9]{16,128}$/, rule: "must be 16 to 128 letters and digits" };
const SIGNING = { length: 64, form: /^.{16,}$/, rule: "must have at least 16 characters" };

const rotating = (store: "postgres" | "redis" | "clickhouse", slot: CredentialSlot) => ({ rotates: { store, slot } });

/** Every generated value. The names are those of a recovery copy, of the settings below `secrets`, and of `given`. */
export const CREDENTIAL_RULES: Readonly<Record<CredentialName, CredentialRule>> = {
  salt: { ...SIGNING, irreplaceable: true, purpose: "Salt of Langfuse's API keys; losing it voids every key" },
  encryptionKey: {
    length: 64,
    hexadecimal: true,
    irreplaceable: true,
    purpose: "Key that encrypts what Langfuse stores; losing it loses that data",
    form: /^[0-9a-f]{64}$/,
    rule: "must be 64 lower-case hexadecimal characters",
  },
  nextAuthSecret: { ...SIGNING, purpose: "Signs sign-in sessions; a change signs everybody out" },
  postgresMasterPassword: { ...PASSWORD, purpose: "Password of PostgreSQL's master user" },
  postgresPasswordA: {
    ...PASSWORD,
    ...rotating("postgres", CredentialSlot.A),
    purpose: "Password of the PostgreSQL login role langfuse_a",
  },
  postgresPasswordB: {
    ...PASSWORD,
    ...rotating("postgres", CredentialSlot.B),
    purpose: "Password of the PostgreSQL login role langfuse_b",
  },
  redisTokenA: { ...TOKEN, ...rotating("redis", CredentialSlot.A), purpose: "Redis token of even revisions" },
  redisTokenB: { ...TOKEN, ...rotating("redis", CredentialSlot.B), purpose: "Redis token of odd revisions" },
  clickhousePasswordA: {
    ...PASSWORD,
    ...rotating("clickhouse", CredentialSlot.A),
    purpose: "Password of the ClickHouse user langfuse_a",
  },
  clickhousePasswordB: {
    ...PASSWORD,
    ...rotating("clickhouse", CredentialSlot.B),
    purpose: "Password of the ClickHouse user langfuse_b",
  },
  clickhouseDefaultPassword: {
    ...PASSWORD,
    purpose: "Password of the ClickHouse user default, which only servers may be",
  },
  clickhouseInterserverSecret: { ...PASSWORD, purpose: "Secret between ClickHouse servers" },
  clickhouseOperatorPassword: { ...PASSWORD, purpose: "Password of the ClickHouse operator" },
  projectPublicKey: {
    length: 32,
    prefix: "pk-lf-",
    purpose: "Public key of the first project",
    form: /^pk-lf-[A-Za-z0-9-]{16,}$/,
    rule: "must be pk-lf- and at least 16 letters, digits or dashes",
  },
  projectSecretKey: {
    length: 32,
    prefix: "sk-lf-",
    purpose: "Secret key of the first project",
    form: /^sk-lf-[A-Za-z0-9-]{16,}$/,
    rule: "must be sk-lf- and at least 16 letters, digits or dashes",
  },
  userPassword: {
    length: 24,
    purpose: "Password of the first user",
    form: /^.{8,}$/,
    rule: "must have at least 8 characters",
  },
};
