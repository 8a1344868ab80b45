import type * as pulumi from "@pulumi/pulumi";
import type { SecretKey } from "./langfuse-store-args";

/** Sign-in providers that the charts know by name. */
export const LangfuseSsoProvider = {
  Auth0: "auth0",
  AzureAd: "azureAd",
  Cognito: "cognito",
  Custom: "custom",
  Github: "github",
  GithubEnterprise: "githubEnterprise",
  Gitlab: "gitlab",
  Google: "google",
  Keycloak: "keycloak",
  Okta: "okta",
  Workos: "workos",
} as const;
export type LangfuseSsoProvider = (typeof LangfuseSsoProvider)[keyof typeof LangfuseSsoProvider];

/** What exists after the first start. Identifiers are kept, names are only used on creation. */
export interface LangfuseInitializationArgs {
  /** The organisation. */
  readonly organization: LangfuseInitialEntity;
  /** Its project. */
  readonly project: LangfuseInitialProject;
  /** Default: none; somebody then comes in by single sign-on. */
  readonly user?: LangfuseInitialUser;
}

/** An identifier and a name. */
export interface LangfuseInitialEntity {
  /** Identifier; a change makes another one. */
  readonly id: pulumi.Input<string>;
  /** Name, used on creation. */
  readonly name: pulumi.Input<string>;
}

/** The first project with its keys; the smoke Job uses them. */
export interface LangfuseInitialProject {
  /** Identifier; a change makes another project. */
  readonly id: pulumi.Input<string>;
  /** Name, used on creation. */
  readonly name: pulumi.Input<string>;
  /** Days after which traces are deleted, at least 3. Default never. */
  readonly retentionDays?: number;
  /** `pk-lf-…`. */
  readonly publicKey: SecretKey;
  /** `sk-lf-…`. */
  readonly secretKey: SecretKey;
}

/** The first user, owner of the organisation. */
export interface LangfuseInitialUser {
  /** Address to sign in with. */
  readonly email: pulumi.Input<string>;
  /** Name, used on creation. */
  readonly name: pulumi.Input<string>;
  /** Password, used on creation. */
  readonly password: SecretKey;
}

/** Single sign-on. */
export interface LangfuseSsoArgs {
  /** Providers by their name in `LangfuseSsoProvider`. */
  readonly providers: Record<string, LangfuseSsoProviderArgs>;
  /** Whether passwords stop working. Default false. */
  readonly disablePasswords?: boolean;
}

/** One provider; options are named as in Langfuse's documentation, in camelCase: `clientId`, `issuer`, `tenantId`. */
export interface LangfuseSsoProviderArgs {
  /** Options that are not secret. Default none. */
  readonly options?: Record<string, pulumi.Input<string>>;
  /** Options that are secret, e.g. `clientSecret`. Default none. */
  readonly secretOptions?: Record<string, SecretKey>;
}

/** Outgoing mail. */
export interface LangfuseSmtpArgs {
  /** `smtp(s)://user:password@host:port`. */
  readonly connectionUrl: SecretKey;
  /** Sender. */
  readonly fromAddress: pulumi.Input<string>;
}
