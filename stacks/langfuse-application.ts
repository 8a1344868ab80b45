import type * as pulumi from "@pulumi/pulumi";
import {
  LANGFUSE_SECRETS,
  type LangfuseArgs,
  type LangfuseSecrets,
  type LangfuseSsoProviderArgs,
  type SecretKey,
} from "../components";
import type { Settings } from "./settings";
import { SSO_SECRETS } from "./settings/sections/sso";

/** Entries of `secrets` in the settings that Langfuse's pods read: they go into the additional Secret under their own names. */
export function additionalSecrets({ secrets, langfuse }: Settings): Record<string, pulumi.Output<string>> {
  const names = [
    "langfuseLicenseKey",
    ...(langfuse.smtp ? ["smtpConnectionUrl"] : []),
    ...Object.entries(SSO_SECRETS).flatMap(([provider, name]) => (isOn(langfuse, provider) ? [name] : [])),
    ...Object.values(langfuse.secretEnvironment),
  ];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = secrets[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** What Langfuse is told besides its stores. */
export function langfuseApplication(
  settings: Settings,
  secrets: LangfuseSecrets,
  revision: pulumi.Output<string>,
): Pick<
  LangfuseArgs,
  "secrets" | "initialization" | "sso" | "smtp" | "licenseKey" | "environment" | "secretEnvironment"
> {
  const { langfuse } = settings;
  const additional = (key: string): SecretKey => ({ secretName: secrets.additionalSecretName, key });
  const { existingSecret } = langfuse;
  const { keys } = LANGFUSE_SECRETS.app;
  const app = (key: string): SecretKey => ({ secretName: secrets.appSecretName, key });
  return {
    secrets: {
      salt: app(existingSecret?.saltKey ?? keys.salt),
      encryptionKey: app(existingSecret?.encryptionKeyKey ?? keys.encryptionKey),
      nextAuthSecret: app(existingSecret?.nextAuthSecretKey ?? keys.nextAuthSecret),
      revision,
    },
    initialization: initialization(settings, secrets),
    sso: {
      providers: Object.fromEntries(
        Object.entries(langfuse.sso).flatMap(([provider, options]) =>
          options === undefined ? [] : [[provider, ssoProvider(provider, options, additional)]],
        ),
      ),
      disablePasswords: !langfuse.passwordSignIn,
    },
    smtp: langfuse.smtp && { ...langfuse.smtp, connectionUrl: additional("smtpConnectionUrl") },
    licenseKey: settings.secrets.langfuseLicenseKey && additional("langfuseLicenseKey"),
    environment: langfuse.environment,
    secretEnvironment: Object.fromEntries(
      Object.entries(langfuse.secretEnvironment).map(([variable, name]) => [variable, additional(name)]),
    ),
  };
}

function initialization({ langfuse }: Settings, secrets: LangfuseSecrets): LangfuseArgs["initialization"] {
  const init = langfuse.initialization;
  if (init === undefined) return undefined;
  const { keys } = LANGFUSE_SECRETS.initialization;
  const secret = (key: string): SecretKey => ({ secretName: secrets.initializationSecretName, key });
  return {
    organization: init.organization,
    project: { ...init.project, publicKey: secret(keys.projectPublicKey), secretKey: secret(keys.projectSecretKey) },
    user: init.user && { ...init.user, password: secret(keys.userPassword) },
  };
}

function ssoProvider(
  provider: string,
  options: Readonly<Record<string, string | boolean | undefined>>,
  secret: (key: string) => SecretKey,
): LangfuseSsoProviderArgs {
  const given = Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  return {
    options: Object.fromEntries(given),
    secretOptions: { clientSecret: secret(SSO_SECRETS[provider as keyof typeof SSO_SECRETS]) },
  };
}

function isOn(langfuse: Settings["langfuse"], provider: string): boolean {
  return langfuse.sso[provider as keyof typeof langfuse.sso] !== undefined;
}
