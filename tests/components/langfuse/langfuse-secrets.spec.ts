import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import { LANGFUSE_SECRETS } from "../../../components/langfuse/langfuse-secret-names";
import { LangfuseSecrets, type LangfuseSecretsArgs } from "../../../components/langfuse/langfuse-secrets";
import { CredentialSlot, slotPasswordKey } from "../../../components/langfuse/rotation";
import { failureOf, type Graph, graphOf, plainPathsWith, revealed, secretPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const APP = { salt: "value-salt", encryptionKey: "value-key", nextAuthSecret: "value-nextauth" };
const INITIALIZATION = {
  projectPublicKey: "value-pk",
  projectSecretKey: "value-sk",
  userPassword: "value-user",
};
const MINIMAL: LangfuseSecretsArgs = {
  namespace: "langfuse",
  postgres: { create: { passwordA: "value-pa" } },
  clickhouse: { create: { passwordA: "value-ca" } },
  app: { create: APP },
};
const FULL: LangfuseSecretsArgs = {
  namespace: "langfuse",
  dataNamespace: "langfuse-data",
  postgres: { create: { passwordA: "value-pa", passwordB: "value-pb" } },
  postgresMaster: { username: "platform", password: "value-pm" },
  redis: { create: { passwordA: "value-ra", passwordB: "value-rb" } },
  clickhouse: { create: { passwordA: "value-ca", passwordB: "value-cb" } },
  clickhouseServer: {
    passwordA: "value-ca",
    passwordB: "value-cb",
    defaultPassword: "value-cd",
    interserverSecret: "value-ci",
  },
  app: { create: APP },
  initialization: INITIALIZATION,
  additional: { "license-key": "value-licence" },
};
const TYPE = "kubernetes:core/v1:Secret";
const made = (args: LangfuseSecretsArgs) => graphOf(() => new LangfuseSecrets("secrets", args, explicitProviders()));
const dataOf = (graph: Graph, name: string) => {
  const secret = graph.one(TYPE, `secrets-${name}`);
  const data = revealed(secret.inputs.data) as Record<string, string>;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]),
  );
};

describe("LangfuseSecrets", () => {
  it("writes no more than the stores need", async () => {
    const graph = await made(MINIMAL);
    assert.deepEqual(
      graph.ofType(TYPE).map((secret) => (secret.inputs.metadata as { name: string }).name),
      ["langfuse-pg-credentials", "langfuse-ch-credentials", "langfuse-app-credentials"],
    );
    assert.deepEqual(dataOf(graph, "langfuse-pg-credentials"), { "password-a": "value-pa" });
  });

  it("puts every value under its key, in its namespace", async () => {
    const graph = await made(FULL);
    assert.deepEqual(dataOf(graph, "langfuse-pg-credentials"), { "password-a": "value-pa", "password-b": "value-pb" });
    assert.deepEqual(dataOf(graph, "langfuse-pg-master"), { username: "platform", password: "value-pm" });
    assert.deepEqual(dataOf(graph, "langfuse-redis-credentials"), {
      "password-a": "value-ra",
      "password-b": "value-rb",
    });
    assert.deepEqual(dataOf(graph, "langfuse-ch-credentials"), { "password-a": "value-ca", "password-b": "value-cb" });
    assert.deepEqual(dataOf(graph, "clickhouse-server-credentials"), {
      "password-a": "value-ca",
      "password-b": "value-cb",
      "default-password": "value-cd",
      "interserver-secret": "value-ci",
    });
    assert.deepEqual(dataOf(graph, "langfuse-app-credentials"), {
      salt: "value-salt",
      "encryption-key": "value-key",
      "nextauth-secret": "value-nextauth",
    });
    assert.deepEqual(dataOf(graph, "langfuse-initialization"), {
      "project-public-key": "value-pk",
      "project-secret-key": "value-sk",
      "user-password": "value-user",
    });
    assert.deepEqual(dataOf(graph, "langfuse-additional-credentials"), { "license-key": "value-licence" });
    for (const { name, inputs } of graph.ofType(TYPE)) {
      const { namespace } = inputs.metadata as { namespace: string };
      assert.equal(namespace, name.includes("server") ? "langfuse-data" : "langfuse", name);
    }
  });

  it("names the keys of both slots as rotation does", () => {
    for (const store of ["postgres", "redis", "clickhouse", "clickhouseServer"] as const) {
      const { passwordA, passwordB } = LANGFUSE_SECRETS[store].keys;
      assert.deepEqual([passwordA, passwordB], [CredentialSlot.A, CredentialSlot.B].map(slotPasswordKey), store);
    }
  });

  it("keeps values in their envelopes", async () => {
    const graph = await made(FULL);
    for (const secret of graph.ofType(TYPE)) {
      assert.ok(secretPaths(secret).length > 0, secret.name);
      assert.deepEqual(plainPathsWith(secret, "value-"), [], secret.name);
      assert.deepEqual(plainPathsWith(secret, Buffer.from("value-").toString("base64").slice(0, 8)), [], secret.name);
    }
  });

  it("leaves Secrets of somebody else's alone and passes their names on", async () => {
    const graph = await graphOf(() => {
      const existing = (name: string) => ({ existing: { name } });
      const secrets = new LangfuseSecrets("secrets", {
        namespace: "langfuse",
        postgres: existing("pg"),
        redis: existing("redis"),
        clickhouse: existing("ch"),
        app: existing("app"),
      });
      return [
        ...[secrets.postgresSecretName, secrets.redisSecretName, secrets.clickhouseSecretName, secrets.appSecretName],
        ...[secrets.postgresMasterSecretName, secrets.clickhouseServerSecretName, secrets.ready, secrets.serverReady],
      ];
    });
    assert.deepEqual(graph.ofType(TYPE), []);
    assert.deepEqual(graph.result, ["pg", "redis", "ch", "app", "", "", "ready", "ready"]);
  });

  it("waits for namespaces alone, under the explicit provider", async () => {
    const graph = await graphOf(() => {
      const options = explicitProviders();
      const [, provider] = options.providers as kubernetes.Provider[];
      const namespace = new kubernetes.core.v1.Namespace("apps", { metadata: { name: "apps" } }, { provider });
      new LangfuseSecrets("secrets", { ...FULL, namespace: namespace.metadata.name }, options);
    });
    for (const secret of graph.ofType(TYPE)) {
      const waits = graph.dependenciesOf(secret).map((each) => each.type);
      const expected = secret.name.includes("server") ? [] : ["kubernetes:core/v1:Namespace"];
      assert.deepEqual(waits.sort(), [...expected, "pulumi:providers:kubernetes"].sort(), secret.name);
    }
  });

  it("refuses choices that are none, and keys that Kubernetes does not take", async () => {
    const message = await failureOf(
      () =>
        new LangfuseSecrets("secrets", {
          ...FULL,
          dataNamespace: undefined,
          postgres: {},
          clickhouse: { create: { passwordA: "a" }, existing: { name: "b" } },
          additional: { "a b": "x" },
        }),
    );
    assert.equal(
      message,
      'LangfuseSecrets "secrets" cannot be built from these arguments:\n' +
        "  postgres: exactly one of create, existing must be given (got none). Add create or existing.\n" +
        "  clickhouse: exactly one of create, existing must be given (got create and existing). Keep one of create, existing.\n" +
        "  dataNamespace: is needed with clickhouseServer (got none). Name the namespace of the ClickHouse servers.\n" +
        "  additional.a b: must be letters, digits, dashes, dots or underscores (got a b). Choose another key.",
    );
  });

  it("registers twice, before anything is known", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new LangfuseSecrets("one", FULL, options);
        new LangfuseSecrets("two", { ...FULL, namespace: "other", dataNamespace: "other-data" }, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(TYPE).length, 16);
  });
});
