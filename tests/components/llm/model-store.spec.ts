import assert from "node:assert/strict";
import { MODEL_STORE_CONFIG, NOT_COPIED_BY_FLAGGER } from "../../../components/llm/model-names";
import { ModelStore, type ModelStoreArgs } from "../../../components/llm/model-store";
import { STORE_SCRIPTS, STORE_SCRIPTS_CONFIG } from "../../../components/llm/model-store-scripts";
import { failureOf, type Graph, graphOf, secretPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const KEY = "arn:aws:kms:us-east-1:111111111111:key/1";
const MINIMAL: ModelStoreArgs = { namespace: "models", create: { kmsKeyArn: KEY, durable: true }, environment: "prod" };
const PROMOTION = { model: "llama", version: "1", promotedBy: "ops@example.com", time: "2026-11-25T09:30:00Z" };
const CONFIG_MAP = "kubernetes:core/v1:ConfigMap";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const BUCKET = "aws:s3/bucket:Bucket";

const store = (args: Partial<ModelStoreArgs> = {}) =>
  graphOf(() => {
    const { bucketName, bucketArn, region, kmsKeyArn, ready } = new ModelStore(
      "store",
      { ...MINIMAL, ...args },
      explicitProviders(),
    );
    return { bucketName, bucketArn, region, kmsKeyArn, ready };
  });
const configOf = (graph: Graph) => graph.one(CONFIG_MAP, "store-config").inputs;

describe("ModelStore", () => {
  it("L37: makes a versioned, encrypted bucket, and tells pods where it is", async () => {
    const graph = await store();
    assert.equal(graph.one("llm-platform:index:Bucket").name, "store-models");
    assert.deepEqual(graph.one("aws:s3/bucketVersioning:BucketVersioning").inputs.versioningConfiguration, {
      status: "Enabled",
    });
    assert.deepEqual(graph.one(BUCKET).inputs.tags, { purpose: "models" });
    const config = configOf(graph);
    assert.deepEqual(config.metadata, {
      namespace: "models",
      name: MODEL_STORE_CONFIG.name,
      annotations: NOT_COPIED_BY_FLAGGER,
    });
    assert.deepEqual(config.data, { bucket: "store-models-bucket-0000000", region: "us-east-1", endpoint: "" });
    assert.deepEqual(graph.ofType(OBJECT), []);
    assert.deepEqual(graph.result, {
      bucketName: "store-models-bucket-0000000",
      bucketArn: "arn:aws:s3:::store-models-bucket-0000000",
      region: "us-east-1",
      kmsKeyArn: KEY,
      ready: "ready",
    });
  });

  it("protects and keeps the bucket when durable, and lets it go with its weights otherwise", async () => {
    for (const durable of [true, false]) {
      const { inputs, options } = (await store({ create: { kmsKeyArn: KEY, durable } })).one(BUCKET);
      assert.deepEqual([inputs.forceDestroy, options.protect, options.retainOnDelete], [!durable, durable, durable]);
    }
  });

  it("brings the script under a name that its content decides", async () => {
    const { inputs } = (await store()).one(CONFIG_MAP, "store-scripts");
    assert.deepEqual(inputs.metadata, { namespace: "models", name: STORE_SCRIPTS_CONFIG });
    assert.match(STORE_SCRIPTS_CONFIG, /^model-store-scripts-[0-9a-f]{8}$/);
    assert.equal(inputs.immutable, true);
    assert.deepEqual(inputs.data, STORE_SCRIPTS);
    assert.ok(JSON.stringify(STORE_SCRIPTS).length < 500_000, "a ConfigMap holds a mebibyte at most");
  });

  it("uses a bucket that exists", async () => {
    const existing = {
      bucketName: "shared",
      region: "eu-west-1",
      endpoint: "https://vpce.example.com",
      kmsKeyArn: KEY,
    };
    const graph = await store({ create: undefined, existing });
    assert.deepEqual(graph.ofType(BUCKET), []);
    assert.deepEqual(configOf(graph).data, {
      bucket: "shared",
      region: "eu-west-1",
      endpoint: "https://vpce.example.com",
    });
    const { bucketArn, kmsKeyArn } = graph.result as Record<string, unknown>;
    assert.deepEqual([bucketArn, kmsKeyArn], ["arn:aws:s3:::shared", KEY]);
  });

  it("hands on how long older versions stay", async () => {
    const graph = await store({ create: { kmsKeyArn: KEY, durable: true, noncurrentExpirationDays: 7 } });
    const { rules } = graph.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration").inputs;
    assert.match(JSON.stringify(rules), /"noncurrentDays":7/);
  });

  it("L38: records promotions once the bucket is closed, and forgets none", async () => {
    const graph = await store({ promotions: [PROMOTION, { ...PROMOTION, version: "2" }] });
    const record = graph.one(OBJECT, "store-promotion-llama-v1");
    const { key, content, region } = record.inputs;
    assert.equal(key, "promotions/prod/llama/v1.json");
    assert.deepEqual(JSON.parse(String(content)), { promotedBy: "ops@example.com", time: "2026-11-25T09:30:00Z" });
    assert.equal(region, "us-east-1");
    assert.equal(record.options.retainOnDelete, true);
    assert.ok(graph.waitsFor(record, graph.one("aws:s3/bucketPolicy:BucketPolicy")));
    assert.equal(graph.ofType(OBJECT).length, 2);
  });

  it("refuses bad arguments, all at once", async () => {
    const failure = await failureOf(
      () =>
        new ModelStore(
          "store",
          {
            ...MINIMAL,
            existing: { bucketName: "b", region: "eu-west-1" },
            environment: "Prod",
            promotions: [PROMOTION, { model: "Llama", version: "V1", promotedBy: " ", time: "yesterday" }, PROMOTION],
          },
          explicitProviders(),
        ),
    );
    assert.equal(
      failure,
      [
        'ModelStore "store" cannot be built from these arguments:',
        "  args: exactly one of create, existing must be given (got create and existing). Keep one of create, existing.",
        "  environment: must be a DNS label, since promotions are kept under it (got Prod). Name it like prod.",
        "  promotions[1].model: must be a DNS label: at most 63 lower-case letters, digits and dashes (got Llama). Rename it.",
        "  promotions[1].version: must be at most 32 lower-case letters, digits, dots and dashes (got V1). Write it like 1 or 2024-11.",
        "  promotions[1].promotedBy: must say who promoted it. Write a name or an address.",
        "  promotions[1].time: must be a moment in UTC (got yesterday). Write it like 2026-11-25T09:30:00Z.",
        "  promotions[2]: must name each version once (got llama v1). Remove it: promotions[0] is of the same.",
      ].join("\n"),
    );
  });

  it("registers twice in one stack, with explicit providers, before anything is known", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        for (const name of ["one", "two"]) {
          new ModelStore(name, { ...MINIMAL, namespace: name, promotions: [PROMOTION] }, options);
        }
      },
      { outputs: "unknown" },
    );
    const made = graph.resources.filter(({ type }) => /^(aws|kubernetes):/.test(type));
    assert.deepEqual(
      made.filter(({ provider }) => provider === ""),
      [],
    );
    assert.deepEqual(made.flatMap(secretPaths), []);
  });
});
