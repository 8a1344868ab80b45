/**
 * The Kubernetes Secrets of the platform: names, and keys inside. None of the names is one that a Langfuse chart renders.
 * Whoever brings a Secret of their own uses these keys.
 */
export const LANGFUSE_SECRETS = {
  /** In Langfuse's namespace: passwords of the database's login roles. */
  postgres: { name: "langfuse-pg-credentials", keys: { passwordA: "password-a", passwordB: "password-b" } },
  /** In Langfuse's namespace: the database's master user, for the Job that makes the login roles; no application reads it. */
  postgresMaster: { name: "langfuse-pg-master", keys: { username: "username", password: "password" } },
  /** In Langfuse's namespace: Redis tokens. */
  redis: { name: "langfuse-redis-credentials", keys: { passwordA: "password-a", passwordB: "password-b" } },
  /** In Langfuse's namespace: passwords of Langfuse's ClickHouse users. */
  clickhouse: { name: "langfuse-ch-credentials", keys: { passwordA: "password-a", passwordB: "password-b" } },
  /** In the data namespace: what the ClickHouse servers themselves need. */
  clickhouseServer: {
    name: "clickhouse-server-credentials",
    keys: {
      passwordA: "password-a",
      passwordB: "password-b",
      defaultPassword: "default-password",
      interserverSecret: "interserver-secret",
    },
  },
  /** In Langfuse's namespace: secrets of the application itself. */
  app: {
    name: "langfuse-app-credentials",
    keys: { salt: "salt", encryptionKey: "encryption-key", nextAuthSecret: "nextauth-secret" },
  },
  /** In Langfuse's namespace: the same as `app`, under its own name where External Secrets fills it: two owners never share a Secret. */
  appExternal: {
    name: "langfuse-app-external",
    keys: { salt: "salt", encryptionKey: "encryption-key", nextAuthSecret: "nextauth-secret" },
  },
  /** In Langfuse's namespace: what the first start makes. A Secret of its own, so that it is ours also when the one above is not. */
  initialization: {
    name: "langfuse-initialization",
    keys: {
      projectPublicKey: "project-public-key",
      projectSecretKey: "project-secret-key",
      userPassword: "user-password",
    },
  },
  /** In Langfuse's namespace: whatever else its pods read, under the callers' own keys. */
  additional: { name: "langfuse-additional-credentials", keys: {} },
} as const;
