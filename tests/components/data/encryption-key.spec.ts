import assert from "node:assert/strict";
import { EncryptionKey, type EncryptionKeyArgs, KeyService } from "../../../components/data/encryption-key";
import { keyPolicy } from "../../../components/data/encryption-key-policy";
import { failureOf, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const MINIMAL: EncryptionKeyArgs = {
  description: "Data of the platform",
  accountId: "111111111111",
  region: "eu-central-1",
  durable: true,
};
const TYPE = "aws:kms/key:Key";
const made = (args: EncryptionKeyArgs) => graphOf(() => new EncryptionKey("data", args, explicitProviders()));
const statementsOf = (policy: unknown) => JSON.parse(String(policy)).Statement as Record<string, unknown>[];

describe("EncryptionKey", () => {
  it("is one rotated key without an alias, kept in the account when durable", async () => {
    const graph = await made(MINIMAL);
    const key = graph.one(TYPE);
    assert.equal(graph.childrenOf(graph.component("EncryptionKey")).length, 1);
    assert.deepEqual(
      [key.inputs.enableKeyRotation, key.inputs.deletionWindowInDays, key.inputs.region, key.inputs.description],
      [true, 30, "eu-central-1", "Data of the platform"],
    );
    assert.deepEqual([key.options.protect, key.options.retainOnDelete], [true, true]);
    assert.match(key.provider, /::aws::/);
  });

  it("goes with a disposable stack", async () => {
    const { options } = (await made({ ...MINIMAL, durable: false })).one(TYPE);
    assert.deepEqual([options.protect, options.retainOnDelete], [false, false]);
  });

  it("lets IAM alone decide by default", async () => {
    const statements = statementsOf((await made(MINIMAL)).one(TYPE).inputs.policy);
    assert.deepEqual(statements, [
      {
        Sid: "AccountAdministersThroughIam",
        Effect: "Allow",
        Principal: { AWS: "arn:aws:iam::111111111111:root" },
        Action: "kms:*",
        Resource: "*",
      },
    ]);
  });

  it("admits services of its own account and region, and log groups, when asked", async () => {
    const graph = await made({ ...MINIMAL, services: [KeyService.S3, KeyService.Rds], logs: true });
    const [, use, grant, logs] = statementsOf(graph.one(TYPE).inputs.policy) as {
      Condition?: Record<string, Record<string, unknown>>;
      Principal?: unknown;
    }[];
    const here = {
      "kms:CallerAccount": "111111111111",
      "kms:ViaService": ["rds.eu-central-1.amazonaws.com", "s3.eu-central-1.amazonaws.com"],
    };
    assert.deepEqual(use?.Condition, { StringEquals: here });
    assert.deepEqual(grant?.Condition, { StringEquals: here, Bool: { "kms:GrantIsForAWSResource": "true" } });
    assert.deepEqual(logs?.Principal, { Service: "logs.eu-central-1.amazonaws.com" });
    assert.deepEqual(logs?.Condition?.ArnLike, {
      "kms:EncryptionContext:aws:logs:arn": "arn:aws:logs:eu-central-1:111111111111:log-group:*",
    });
  });

  it("speaks the dialect of other partitions", () => {
    const policy = keyPolicy({ accountId: "111111111111", region: "cn-north-1", services: ["rds"], logs: true });
    assert.match(policy, /rds\.cn-north-1\.amazonaws\.com\.cn/);
    assert.match(policy, /arn:aws-cn:iam::111111111111:root/);
    assert.match(policy, /arn:aws-cn:logs:cn-north-1/);
  });

  it("refuses what is neither a region nor an account", async () => {
    assert.equal(
      await failureOf(() => new EncryptionKey("data", { ...MINIMAL, region: "Frankfurt", accountId: "111" })),
      'EncryptionKey "data" cannot be built from these arguments:\n' +
        "  region: must be an AWS region (got Frankfurt). Write it like us-east-1.\n" +
        "  accountId: must be 12 digits (got 111). Quote the account's number, with leading zeros.",
    );
  });

  it("registers twice, before anything is known", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new EncryptionKey("one", MINIMAL, options);
        new EncryptionKey("two", MINIMAL, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(TYPE).length, 2);
  });
});
