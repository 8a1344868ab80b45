import * as pulumi from "@pulumi/pulumi";
import {
  allReady,
  EXTERNAL_SECRETS_SERVICE_ACCOUNT,
  ExternalSecrets,
  externalSecretsPolicy,
  LANGFUSE_SECRETS,
  LangfuseSecrets,
} from "../components";
import type { ClusterFoundation } from "./cluster-foundation";
import type { Context, Providers } from "./context";
import type { DataStores } from "./data";
import { identityFactory } from "./identities";
import { additionalSecrets } from "./langfuse-application";
import { NAMESPACES, type Namespaces } from "./namespaces";

/** What the Kubernetes Secrets are made of. */
interface SecretsParts {
  readonly context: Context;
  readonly foundation?: ClusterFoundation;
  readonly namespaces: Namespaces;
  readonly stores: DataStores;
  readonly providers: Providers;
}

/** The Kubernetes Secrets, and the gate behind which those of the application are filled. */
export function createSecrets(parts: SecretsParts): { secrets: LangfuseSecrets; secretsReady: pulumi.Output<string> } {
  const { context, namespaces, stores, providers } = parts;
  const { settings } = context;
  const { credentials } = stores;
  const { postgres, redis, clickhouse, langfuse } = settings;
  const external = createExternalSecrets(parts);
  const appSecret = langfuse.existingSecret?.name ?? (external && LANGFUSE_SECRETS.appExternal.name);
  const slots = (passwordA: pulumi.Output<string>, passwordB: pulumi.Output<string>) => ({
    create: { passwordA, passwordB },
  });
  const existing = (store: { readonly secretName: string }) => ({ existing: { name: store.secretName } });
  const secrets = new LangfuseSecrets(
    "langfuse-secrets",
    {
      namespace: namespaces.langfuse?.namespaceName ?? NAMESPACES.langfuse,
      dataNamespace: namespaces.data?.namespaceName,
      postgres: postgres.existing
        ? existing(postgres.existing)
        : slots(credentials.postgresPasswordA, credentials.postgresPasswordB),
      postgresMaster: postgres.create && {
        username: stores.postgres.username,
        password: credentials.postgresMasterPassword,
      },
      redis: redis.existing ? existing(redis.existing) : slots(credentials.redisTokenA, credentials.redisTokenB),
      clickhouse: clickhouse.existing
        ? existing(clickhouse.existing)
        : slots(credentials.clickhousePasswordA, credentials.clickhousePasswordB),
      clickhouseServer: clickhouse.create && {
        passwordA: credentials.clickhousePasswordA,
        passwordB: credentials.clickhousePasswordB,
        defaultPassword: credentials.clickhouseDefaultPassword,
        interserverSecret: credentials.clickhouseInterserverSecret,
      },
      app:
        appSecret === undefined
          ? {
              create: {
                salt: credentials.salt,
                encryptionKey: credentials.encryptionKey,
                nextAuthSecret: credentials.nextAuthSecret,
              },
            }
          : { existing: { name: appSecret } },
      initialization: langfuse.initialization && {
        projectPublicKey: credentials.projectPublicKey,
        projectSecretKey: credentials.projectSecretKey,
        userPassword: credentials.userPassword,
      },
      additional: additionalSecrets(settings),
    },
    providers.kubernetes,
  );
  return { secrets, secretsReady: allReady(secrets.ready, external?.secretsReady) };
}

/**
 * The External Secrets operator, when asked for: it fills the application's Secret from the recovery copy. The stores' passwords
 * stay with this stack, because a rotation must reach the pods in the same run and not an hour later.
 */
function createExternalSecrets({
  context,
  foundation,
  namespaces,
  stores,
  providers,
}: SecretsParts): ExternalSecrets | undefined {
  const { region, mirrors } = context;
  const { recoverySecret, kmsKeyArn } = stores;
  const namespace = namespaces.externalSecrets;
  if (!foundation || !namespace || !namespaces.langfuse || !recoverySecret || kmsKeyArn === undefined) return undefined;
  const identityReady = identityFactory(context, foundation.cluster, providers.aws)(
    "external-secrets",
    { namespace: NAMESPACES.externalSecrets, serviceAccount: EXTERNAL_SECRETS_SERVICE_ACCOUNT },
    {
      policy: pulumi
        .all([recoverySecret.secretArn, kmsKeyArn])
        .apply(([secretArn, keyArn]) =>
          externalSecretsPolicy({ region, secretArns: [secretArn], kmsKeyArns: [keyArn] }),
        ),
    },
  );
  const { name, keys } = LANGFUSE_SECRETS.appExternal;
  return new ExternalSecrets(
    "external-secrets",
    {
      namespace: namespace.namespaceName,
      region,
      secrets: {
        app: {
          namespace: namespaces.langfuse.namespaceName,
          secretName: name,
          sourceArn: recoverySecret.secretArn,
          keys: {
            [keys.salt]: "salt",
            [keys.encryptionKey]: "encryptionKey",
            [keys.nextAuthSecret]: "nextAuthSecret",
          },
        },
      },
      placement: context.placement("externalSecrets"),
      identityReady,
      policiesReady: allReady(namespace.policiesReady, foundation.addons.dnsReady),
      sourceReady: recoverySecret.ready,
      mirrors,
    },
    providers.kubernetes,
  );
}
