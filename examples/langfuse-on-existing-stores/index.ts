import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Langfuse, LangfuseCredentials, LangfuseSecrets, langfuseFlows, WorkloadNamespace } from "llm-platform";

// Langfuse on a cluster that exists, with databases and buckets that exist; their passwords lie in Secrets that somebody else made.
const config = new pulumi.Config();
const namespace = "langfuse";
const stores = { addresses: { cidrs: config.requireObject<string[]>("storeCidrs") } };

const options = {
  providers: [
    new kubernetes.Provider("kubernetes", {
      kubeconfig: config.requireSecret("kubeconfig"),
      // As long as this stays, a changed endpoint or certificate never replaces what runs in the cluster.
      clusterIdentifier: "shared",
      enableSecretMutable: true,
      enableConfigMapMutable: true,
    }),
  ],
};
const home = new WorkloadNamespace(
  "langfuse-home",
  {
    namespace,
    flows: langfuseFlows({
      namespace,
      postgres: stores,
      redis: stores,
      clickhouse: stores,
      ingressController: { pods: { namespace: "ingress" } },
    }),
  },
  options,
);
// Salt, encryption key and session secret are generated, once; keep the stack's state, or a copy of `recoveryValues`.
const credentials = new LangfuseCredentials("credentials", { durable: true });
const secrets = new LangfuseSecrets(
  "secrets",
  {
    namespace: home.namespaceName,
    postgres: { existing: { name: "langfuse-postgres" } },
    redis: { existing: { name: "langfuse-redis" } },
    clickhouse: { existing: { name: "langfuse-clickhouse" } },
    app: {
      create: {
        salt: credentials.salt,
        encryptionKey: credentials.encryptionKey,
        nextAuthSecret: credentials.nextAuthSecret,
      },
    },
  },
  options,
);
const password = (secretName: pulumi.Input<string>) => ({ secretName, key: "password" });
const application = (key: string) => ({ secretName: secrets.appSecretName, key });
const bucket = (use: string) => ({
  name: `${config.require("bucketPrefix")}-${use}`,
  region: config.require("region"),
});
const resources = { requests: { cpu: "500m", memory: "2Gi" }, limits: { cpu: "1", memory: "2Gi" } };

const langfuse = new Langfuse(
  "langfuse",
  {
    namespace: home.namespaceName,
    version: "3.225.4",
    host: config.require("host"),
    web: { replicas: 2, resources },
    worker: { replicas: 2, resources },
    postgres: {
      host: config.require("postgresHost"),
      database: "langfuse",
      username: "langfuse",
      password: password(secrets.postgresSecretName),
    },
    redis: { host: config.require("redisHost"), password: password(secrets.redisSecretName) },
    clickhouse: {
      host: config.require("clickhouseHost"),
      username: "langfuse",
      password: password(secrets.clickhouseSecretName),
      clustered: false,
    },
    buckets: { events: bucket("events"), media: bucket("media"), exports: bucket("exports") },
    secrets: {
      salt: application("salt"),
      encryptionKey: application("encryption-key"),
      nextAuthSecret: application("nextauth-secret"),
    },
    ingress: { className: "nginx", tlsSecretName: "langfuse-tls" },
    // Helm runs it as a program: relative to the project, so that the path is the same on every machine.
    postRenderer: "./node_modules/llm-platform/components/langfuse/post-renderer.js",
    gates: { secretsReady: secrets.ready, policiesReady: home.policiesReady },
  },
  options,
);

export const url = langfuse.url;
