import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { RecoverySecret, type RecoverySecretArgs } from "../../../components/data/recovery-secret";
import { graphOf, plainPathsWith, revealed, secretPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const MINIMAL: RecoverySecretArgs = {
  description: "Secrets of Langfuse",
  values: { salt: "mustStaySecret2", encryptionKey: pulumi.secret("mustStaySecret1") },
  kmsKeyArn: "arn:aws:kms:us-east-1:111111111111:key/1",
  durable: true,
};
const SECRET = "aws:secretsmanager/secret:Secret";
const VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
const made = (args: RecoverySecretArgs) => graphOf(() => new RecoverySecret("recovery", args, explicitProviders()));

describe("RecoverySecret", () => {
  it("keeps the values as JSON with sorted keys, under a generated name and the given key", async () => {
    const graph = await made(MINIMAL);
    const secret = graph.one(SECRET);
    assert.equal(secret.inputs.name, undefined);
    assert.equal(secret.inputs.kmsKeyId, MINIMAL.kmsKeyArn);
    assert.equal(secret.inputs.description, "Secrets of Langfuse");
    assert.equal(
      revealed(graph.one(VERSION).inputs.secretString),
      '{"encryptionKey":"mustStaySecret1","salt":"mustStaySecret2"}',
    );
    assert.match(secret.provider, /::aws::/);
  });

  it("survives the stack when durable, and can still be rewritten", async () => {
    const graph = await made(MINIMAL);
    const [secret, version] = [graph.one(SECRET), graph.one(VERSION)];
    assert.equal(secret.inputs.recoveryWindowInDays, 30);
    assert.deepEqual([secret.options.protect, secret.options.retainOnDelete], [true, true]);
    assert.deepEqual([version.options.protect, version.options.retainOnDelete], [false, true]);
  });

  it("frees everything at once when disposable", async () => {
    const graph = await made({ ...MINIMAL, durable: false });
    assert.equal(graph.one(SECRET).inputs.recoveryWindowInDays, 0);
    for (const { options } of [graph.one(SECRET), graph.one(VERSION)]) {
      assert.deepEqual([options.protect, options.retainOnDelete], [false, false]);
    }
  });

  it("treats every value as secret, also those that came in plain", async () => {
    const graph = await made(MINIMAL);
    assert.deepEqual(secretPaths(graph.one(VERSION)), ["secretString"]);
    for (const resource of graph.resources) assert.deepEqual(plainPathsWith(resource, "mustStaySecret"), []);
  });

  it("offers the ARN and a gate behind the values", async () => {
    const graph = await graphOf(() => {
      const recovery = new RecoverySecret("recovery", MINIMAL, explicitProviders());
      return { arn: recovery.secretArn, name: recovery.secretName, ready: recovery.ready };
    });
    assert.deepEqual(graph.result, {
      arn: "arn:aws:secretsmanager:us-east-1:111111111111:secret:recovery-secret-0000000",
      name: "recovery-secret-0000000",
      ready: "ready",
    });
    assert.ok(graph.waitsFor(graph.one(VERSION), graph.one(SECRET)));
  });

  it("registers twice, before anything is known", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new RecoverySecret("one", MINIMAL, options);
        new RecoverySecret("two", MINIMAL, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(VERSION).length, 2);
  });
});
