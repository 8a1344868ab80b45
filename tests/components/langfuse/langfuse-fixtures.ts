import type { LangfuseArgs } from "../../../components/langfuse/langfuse-args";
import { LANGFUSE_SECRETS } from "../../../components/langfuse/langfuse-secret-names";

const { app, clickhouse, postgres, postgresMaster, redis } = LANGFUSE_SECRETS;

/** The least that Langfuse needs. */
export function minimalArgs(): LangfuseArgs {
  const resources = { requests: { cpu: "1", memory: "2Gi" }, limits: { cpu: "2", memory: "4Gi" } };
  return {
    namespace: "langfuse",
    version: "3.225.4",
    host: "langfuse.example.com",
    web: { replicas: 2, resources },
    worker: { replicas: 2, resources },
    postgres: {
      host: "postgres.internal",
      database: "langfuse",
      username: "langfuse_a",
      password: { secretName: postgres.name, key: postgres.keys.passwordA },
    },
    redis: { host: "redis.internal", password: { secretName: redis.name, key: redis.keys.passwordA } },
    clickhouse: {
      host: "shard-0.langfuse-data.svc",
      username: "langfuse_a",
      password: { secretName: clickhouse.name, key: clickhouse.keys.passwordA },
    },
    buckets: {
      events: { name: "events", region: "eu-west-1" },
      media: { name: "media", region: "eu-west-1" },
      exports: { name: "exports", region: "eu-west-1" },
    },
    secrets: {
      salt: { secretName: app.name, key: app.keys.salt },
      encryptionKey: { secretName: app.name, key: app.keys.encryptionKey },
      nextAuthSecret: { secretName: app.name, key: app.keys.nextAuthSecret },
    },
  };
}

/** Everything switched on, as in production. */
export function fullArgs(version = "3.225.4"): LangfuseArgs {
  const args = minimalArgs();
  const { resources } = args.web;
  return {
    ...args,
    version,
    web: {
      autoscaling: { minReplicas: 3, maxReplicas: 20, cpuPercent: 70 },
      resources,
      minAvailable: 2,
      placement: { nodeSelector: { "node-type": "cpu" } },
    },
    worker: {
      autoscaling: { minReplicas: 3, maxReplicas: 30, cpuPercent: 60, queueLength: 100 },
      resources: { ...resources, limits: { cpu: "4", memory: "8Gi" } },
      minAvailable: 2,
      placement: { nodeSelector: { "node-type": "cpu" } },
    },
    postgres: {
      ...args.postgres,
      roles: {
        masterUsername: "platform",
        masterPassword: { secretName: postgresMaster.name, key: postgresMaster.keys.password },
        logins: {
          langfuse_a: { secretName: postgres.name, key: postgres.keys.passwordA },
          langfuse_b: { secretName: postgres.name, key: postgres.keys.passwordB },
        },
      },
    },
    clickhouse: { ...args.clickhouse, replicas: 3, maxBytesBeforeExternalGroupBy: 16_000_000_000 },
    secrets: { ...args.secrets, revision: "postgres-0.redis-0.clickhouse-0.application-0" },
    initialization: {
      organization: { id: "platform", name: "Platform" },
      project: {
        id: "default",
        name: "Default",
        publicKey: {
          secretName: LANGFUSE_SECRETS.initialization.name,
          key: LANGFUSE_SECRETS.initialization.keys.projectPublicKey,
        },
        secretKey: {
          secretName: LANGFUSE_SECRETS.initialization.name,
          key: LANGFUSE_SECRETS.initialization.keys.projectSecretKey,
        },
      },
      user: {
        email: "admin@example.com",
        name: "Administrator",
        password: {
          secretName: LANGFUSE_SECRETS.initialization.name,
          key: LANGFUSE_SECRETS.initialization.keys.userPassword,
        },
      },
    },
    ingress: { className: "nginx", annotations: { "example.com/body": "50m" }, tlsSecretName: "langfuse-tls" },
    priorityClassName: "serving",
    smokePriorityClassName: "batch",
    jobPlacement: { nodeSelector: { "node-type": "system" } },
  };
}
