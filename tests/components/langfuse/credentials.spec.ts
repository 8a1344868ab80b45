import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { RecoverySecret } from "../../../components/data/recovery-secret";
import {
  LangfuseCredentials,
  type LangfuseCredentialsArgs,
  type LangfuseGivenCredentialsArgs,
} from "../../../components/langfuse/langfuse-credentials";
import { failureOf, type Graph, graphOf, plainPathsWith, revealed, secretPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const PASSWORD = "random:index/randomPassword:RandomPassword";
const NAMES = [
  ...["salt", "encryptionKey", "nextAuthSecret", "postgresMasterPassword", "postgresPasswordA", "postgresPasswordB"],
  ...["redisTokenA", "redisTokenB", "clickhousePasswordA", "clickhousePasswordB", "clickhouseDefaultPassword"],
  ...[
    "clickhouseInterserverSecret",
    "clickhouseOperatorPassword",
    "projectPublicKey",
    "projectSecretKey",
    "userPassword",
  ],
] as (keyof LangfuseGivenCredentialsArgs)[];
const made = (args: Partial<LangfuseCredentialsArgs> = {}) =>
  graphOf(() => new LangfuseCredentials("secrets", { durable: true, ...args }));
const outputsOf = (graph: Graph) => graph.component("LangfuseCredentials").outputs ?? {};
const keeperOf = (graph: Graph, name: string) =>
  (graph.one(PASSWORD, `secrets-${name}`).inputs.keepers as { revision: string } | undefined)?.revision;

describe("LangfuseCredentials", () => {
  it("generates every value, letters and digits alone", async () => {
    const graph = await made();
    assert.equal(graph.ofType(PASSWORD).length, NAMES.length);
    assert.equal(graph.resources.filter((each) => each.custom && each.type !== PASSWORD).length, 0);
    for (const { name, inputs } of graph.ofType(PASSWORD)) {
      if (name === "secrets-encryption-key") continue;
      assert.equal(inputs.special, false, name);
      assert.deepEqual([inputs.minLower, inputs.minUpper, inputs.minNumeric], [1, 1, 1], name);
      assert.ok(Number(inputs.length) >= 24, name);
    }
  });

  it("makes the encryption key of 64 hexadecimal characters, out of the resource's id", async () => {
    const graph = await made();
    assert.deepEqual(graph.one(PASSWORD, "secrets-encryption-key").inputs, {
      length: 64,
      upper: false,
      lower: false,
      numeric: true,
      special: true,
      overrideSpecial: "abcdef",
    });
    assert.match(String(revealed(outputsOf(graph).encryptionKey)), /^[0-9a-f]{64}$/);
    assert.equal(graph.resources.filter((each) => each.type.includes("RandomBytes")).length, 0);
  });

  it("marks project keys as Langfuse does", async () => {
    const outputs = outputsOf(await made());
    assert.match(String(revealed(outputs.projectPublicKey)), /^pk-lf-.{32}$/);
    assert.match(String(revealed(outputs.projectSecretKey)), /^sk-lf-.{32}$/);
  });

  it("protects what data is lost with, when durable, and nothing else", async () => {
    const guarded = (graph: Graph) =>
      graph.resources.filter((each) => each.options.protect || each.options.retainOnDelete).map((each) => each.name);
    assert.deepEqual(guarded(await made()).sort(), ["secrets-encryption-key", "secrets-salt"]);
    assert.deepEqual(guarded(await made({ durable: false })), []);
  });

  it("keeps every value in its envelope", async () => {
    const graph = await made();
    const component = { ...graph.component("LangfuseCredentials"), inputs: outputsOf(graph) };
    assert.deepEqual(secretPaths(component).sort(), [...NAMES, "recoveryValues", "redisToken"].sort());
    const salt = String(revealed(outputsOf(graph).salt));
    assert.deepEqual(plainPathsWith(component, salt), []);
  });

  it("starts with slot a, b being known to the stores already", async () => {
    const graph = await made();
    const { postgresUsername, clickhouseUsername, redisToken, redisTokenA, revisions } = outputsOf(graph);
    assert.deepEqual([postgresUsername, clickhouseUsername], ["langfuse_a", "langfuse_a"]);
    assert.equal(revealed(redisToken), revealed(redisTokenA));
    assert.equal(revisions, "postgres-0.redis-0.clickhouse-0.application-0");
    for (const store of ["postgres-password", "redis-token", "clickhouse-password"]) {
      assert.deepEqual([keeperOf(graph, `${store}-a`), keeperOf(graph, `${store}-b`)], ["0", "1"], store);
    }
    assert.equal(keeperOf(graph, "salt"), undefined);
    assert.equal(keeperOf(graph, "postgres-master-password"), undefined);
  });

  it("rotates each store by itself, leaving the login before alone", async () => {
    const graph = await made({ rotation: { postgres: 1, redis: 2, clickhouse: 3 } });
    const { postgresUsername, clickhouseUsername, clickhousePasswordsRevision, redisToken, redisTokenA } =
      outputsOf(graph);
    assert.deepEqual([postgresUsername, clickhouseUsername], ["langfuse_b", "langfuse_b"]);
    assert.equal(revealed(redisToken), revealed(redisTokenA));
    assert.equal(clickhousePasswordsRevision, "a-2.b-3");
    assert.deepEqual([keeperOf(graph, "postgres-password-a"), keeperOf(graph, "postgres-password-b")], ["0", "1"]);
    assert.deepEqual([keeperOf(graph, "redis-token-a"), keeperOf(graph, "redis-token-b")], ["2", "1"]);
    assert.deepEqual([keeperOf(graph, "clickhouse-password-a"), keeperOf(graph, "clickhouse-password-b")], ["2", "3"]);
    const odd = outputsOf(await made({ rotation: { redis: 1 } }));
    assert.equal(revealed(odd.redisToken), revealed(odd.redisTokenB));
  });

  it("takes the user's own values instead, and generates the rest", async () => {
    const given = { salt: pulumi.secret("a-salt-of-the-user"), redisTokenA: "TokenOfTheUser00" };
    const graph = await made({ given });
    assert.equal(graph.ofType(PASSWORD).length, NAMES.length - 2);
    const { salt, redisToken } = outputsOf(graph);
    assert.deepEqual([revealed(salt), revealed(redisToken)], ["a-salt-of-the-user", "TokenOfTheUser00"]);
    assert.deepEqual(
      plainPathsWith({ ...graph.component("LangfuseCredentials"), inputs: outputsOf(graph) }, "User"),
      [],
    );
  });

  for (const [key, value, rule] of [
    ["encryptionKey", "short", "must be 64 lower-case hexadecimal characters"],
    ["postgresPasswordA", "with@sign/and:more", "must be 8 to 128 letters and digits"],
    ["redisTokenB", "tooShort", "must be 16 to 128 letters and digits"],
    ["salt", "brief", "must have at least 16 characters"],
    ["projectSecretKey", "pk-lf-0123456789abcdef", "must be sk-lf- and at least 16 letters, digits or dashes"],
    ["userPassword", "seven77", "must have at least 8 characters"],
  ] as const) {
    it(`refuses a bad ${key} without showing it`, async () => {
      const message = await failureOf(
        () =>
          new LangfuseCredentials("secrets", { durable: true, given: { [key]: pulumi.secret(value) } }).recoveryValues,
      );
      const expected = `given.${key}: ${rule} (the value is not shown). Give another value, or none to have one generated.`;
      // The SDK says where it met the error, once for the component and once for the stack.
      const met = new Set(
        message.split("\n").map((line) => line.replace(/^error serializing property "outputs": /, "")),
      );
      assert.deepEqual([...met], [expected]);
      assert.ok(!message.includes(value));
    });
  }

  it("refuses revisions that cannot be counted to", async () => {
    assert.equal(
      await failureOf(
        () => new LangfuseCredentials("secrets", { durable: true, rotation: { postgres: -1, redis: 0.5 } }),
      ),
      'LangfuseCredentials "secrets" cannot be built from these arguments:\n' +
        "  rotation.postgres: must be a whole number from 0 (got -1). Raise it by one to rotate.\n" +
        "  rotation.redis: must be a whole number from 0 (got 0.5). Raise it by one to rotate.",
    );
  });

  it("can be restored in full from the recovery copy", async () => {
    const first = await graphOf(() => {
      const credentials = new LangfuseCredentials("secrets", { durable: true, rotation: { postgres: 3 } });
      new RecoverySecret(
        "recovery",
        { description: "copy", values: credentials.recoveryValues, kmsKeyArn: "arn:key", durable: true },
        explicitProviders(),
      );
    });
    const version = first.one("aws:secretsmanager/secretVersion:SecretVersion");
    assert.deepEqual(secretPaths(version), ["secretString"]);
    const copy = JSON.parse(String(revealed(version.inputs.secretString)));
    assert.deepEqual(Object.keys(copy), [...NAMES].sort());

    const second = await graphOf(
      () => new LangfuseCredentials("another-name", { durable: true, rotation: { postgres: 3 }, given: copy }),
    );
    assert.deepEqual(second.ofType(PASSWORD), [], "nothing is left to chance");
    assert.deepEqual(revealed(outputsOf(second)), revealed(outputsOf(first)));
  });

  it("registers twice, before anything is known", async () => {
    const graph = await graphOf(
      () => {
        new LangfuseCredentials("one", { durable: true });
        new LangfuseCredentials("two", { durable: true });
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(PASSWORD).length, 2 * NAMES.length);
  });
});
