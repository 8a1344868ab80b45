import assert from "node:assert/strict";
import { Bucket, type BucketArgs, type BucketCreateArgs } from "../../../components/data/bucket";
import { lifecycleRules } from "../../../components/data/bucket-lifecycle";
import { AUTONAME_SUFFIX, PHYSICAL_NAME_LIMITS } from "../../../components/internal/names";
import { failureOf, type Graph, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const KEY = "arn:aws:kms:us-east-1:111111111111:key/1";
const COPY_KEY = "arn:aws:kms:eu-west-1:111111111111:key/2";
const CREATE: BucketCreateArgs = { purpose: "media", kmsKeyArn: KEY, durable: true };
const REPLICATED = {
  ...CREATE,
  corsOrigins: ["https://l.test"],
  replication: { region: "eu-west-1", kmsKeyArn: COPY_KEY },
};
const type = (name: string) => `aws:s3/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;
const made = (create: Partial<BucketCreateArgs> = {}) =>
  graphOf(() => new Bucket("media", { create: { ...CREATE, ...create } }, explicitProviders()));
const policyOf = (graph: Graph) => JSON.parse(String(graph.one("aws:iam/rolePolicy:RolePolicy").inputs.policy));
const HEAD = 'Bucket "media" cannot be built from these arguments:\n  ';

describe("Bucket", () => {
  it("is private, encrypted, versioned and reached over TLS alone", async () => {
    const graph = await made();
    assert.deepEqual(graph.one(type("Bucket")).inputs, { forceDestroy: false, tags: { purpose: "media" } });
    assert.deepEqual(graph.one(type("BucketVersioning")).inputs.versioningConfiguration, { status: "Enabled" });
    assert.deepEqual(graph.one(type("BucketServerSideEncryptionConfiguration")).inputs.rules, [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY },
        bucketKeyEnabled: true,
        blockedEncryptionTypes: ["SSE-C"],
      },
    ]);
    assert.deepEqual(graph.one(type("BucketOwnershipControls")).inputs.rule, {
      objectOwnership: "BucketOwnerEnforced",
    });
    const { bucket, ...closed } = graph.one(type("BucketPublicAccessBlock")).inputs;
    assert.equal(bucket, "media-bucket-0000000");
    assert.deepEqual(closed, {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const [statement] = JSON.parse(String(graph.one(type("BucketPolicy")).inputs.policy)).Statement;
    assert.deepEqual([statement.Effect, statement.Condition], ["Deny", { Bool: { "aws:SecureTransport": "false" } }]);
    assert.equal(graph.ofType(type("BucketCorsConfiguration")).length, 0);
    assert.equal(graph.ofType(type("BucketReplicationConfig")).length, 0);
  });

  it("stays with all its settings when durable, and goes with its objects otherwise", async () => {
    const durable = await made();
    for (const resource of durable.resources.filter((each) => each.type.startsWith("aws:s3/"))) {
      assert.equal(resource.options.retainOnDelete, true, resource.type);
      assert.equal(resource.options.protect, resource.type === type("Bucket"), resource.type);
    }
    const disposable = await made({ durable: false });
    const { inputs, options } = disposable.one(type("Bucket"));
    assert.deepEqual([inputs.forceDestroy, options.protect, options.retainOnDelete], [true, false, false]);
  });

  it("never expires current objects unless asked to", () => {
    const days = (settings: Parameters<typeof lifecycleRules>[0]) =>
      Object.fromEntries(
        lifecycleRules(settings).map((rule) => [
          rule.id,
          rule.expiration ?? rule.noncurrentVersionExpiration ?? rule.abortIncompleteMultipartUpload,
        ]),
      );
    assert.deepEqual(days({}), {
      "abort-unfinished-uploads": { daysAfterInitiation: 7 },
      "expire-older-versions": { noncurrentDays: 30 },
      "remove-lone-delete-markers": { expiredObjectDeleteMarker: true },
    });
    assert.deepEqual(days({ expirationDays: 14, noncurrentExpirationDays: 3, abortMultipartDays: 2 }), {
      "abort-unfinished-uploads": { daysAfterInitiation: 2 },
      "expire-objects": { days: 14 },
      "expire-older-versions": { noncurrentDays: 3 },
    });
    assert.deepEqual(Object.keys(days({ versioned: false })), ["abort-unfinished-uploads"]);
    for (const rule of lifecycleRules({})) assert.deepEqual([rule.status, rule.filter], ["Enabled", { prefix: "" }]);
  });

  it("hands its lifecycle to S3 once versioning is decided", async () => {
    const graph = await made({ versioned: false, expirationDays: 7 });
    const lifecycle = graph.one(type("BucketLifecycleConfiguration"));
    assert.deepEqual(
      (lifecycle.inputs.rules as { id: string }[]).map((rule) => rule.id),
      ["abort-unfinished-uploads", "expire-objects"],
    );
    assert.deepEqual(graph.one(type("BucketVersioning")).inputs.versioningConfiguration, { status: "Suspended" });
    assert.ok(graph.waitsFor(lifecycle, graph.one(type("BucketVersioning"))));
    assert.ok(graph.waitsFor(graph.one(type("BucketPolicy")), graph.one(type("BucketPublicAccessBlock"))));
  });

  it("opens to browsers of the named origins, revocably", async () => {
    const cors = (await made({ corsOrigins: ["https://langfuse.test"] })).one(type("BucketCorsConfiguration"));
    const [rule] = cors.inputs.corsRules as Record<string, unknown>[];
    assert.deepEqual([rule?.allowedOrigins, rule?.allowedMethods], [["https://langfuse.test"], ["GET", "PUT", "HEAD"]]);
    assert.equal(cors.options.retainOnDelete, false);
  });

  it("copies to a second region once both buckets are versioned and the role is complete", async () => {
    const graph = await made(REPLICATED);
    const copies = graph.resources.filter((each) => each.name.startsWith("media-copy-"));
    assert.equal(copies.length, 7);
    for (const copy of copies) assert.equal(copy.inputs.region, "eu-west-1", copy.name);
    assert.equal(graph.ofType(type("BucketCorsConfiguration")).length, 1);
    const replication = graph.one(type("BucketReplicationConfig"));
    const [rule] = replication.inputs.rules as Record<string, unknown>[];
    assert.deepEqual(rule?.sourceSelectionCriteria, { sseKmsEncryptedObjects: { status: "Enabled" } });
    assert.deepEqual(rule?.destination, {
      bucket: "arn:aws:s3:::media-copy-bucket-0000000",
      encryptionConfiguration: { replicaKmsKeyId: COPY_KEY },
    });
    for (const name of ["media-versioning", "media-copy-versioning"]) {
      assert.ok(graph.waitsFor(replication, graph.one(type("BucketVersioning"), name)), name);
    }
    assert.ok(graph.waitsFor(replication, graph.one("aws:iam/rolePolicy:RolePolicy")));
    const encryption = graph.one(type("BucketServerSideEncryptionConfiguration"), "media-copy-encryption");
    assert.match(JSON.stringify(encryption.inputs.rules), /key\/2/);
  });

  it("lets the copying role read here and write there, with each key through S3 of its region", async () => {
    const iam = { permissionsBoundaryArn: "arn:aws:iam::111111111111:policy/b", path: "/p/" };
    const graph = await made({ ...REPLICATED, replication: { ...REPLICATED.replication, iam } });
    const granted = policyOf(graph).Statement.map(
      (statement: { Action: string[]; Resource: string; Condition?: { StringEquals: Record<string, string> } }) => [
        statement.Resource,
        statement.Action.length,
        statement.Condition?.StringEquals["kms:ViaService"],
      ],
    );
    assert.deepEqual(granted, [
      ["arn:aws:s3:::media-bucket-0000000", 2, undefined],
      ["arn:aws:s3:::media-bucket-0000000/*", 3, undefined],
      ["arn:aws:s3:::media-copy-bucket-0000000/*", 3, undefined],
      [KEY, 1, "s3.us-east-1.amazonaws.com"],
      [COPY_KEY, 2, "s3.eu-west-1.amazonaws.com"],
    ]);
    const role = graph.one("aws:iam/role:Role");
    assert.deepEqual([role.inputs.permissionsBoundary, role.inputs.path], [iam.permissionsBoundaryArn, "/p/"]);
    assert.match(String(role.inputs.assumeRolePolicy), /"s3\.amazonaws\.com"/);
  });

  it("offers where the objects are", async () => {
    const graph = await graphOf(() => {
      const { bucketName, bucketArn, region, endpoint, forcePathStyle, kmsKeyArn, replicaName, ready } = new Bucket(
        "media",
        { create: REPLICATED },
        explicitProviders(),
      );
      return [bucketName, bucketArn, region, endpoint, forcePathStyle, kmsKeyArn, replicaName, ready];
    });
    const [name, copy] = ["media-bucket-0000000", "media-copy-bucket-0000000"];
    assert.deepEqual(graph.result, [name, `arn:aws:s3:::${name}`, "us-east-1", "", false, KEY, copy, "ready"]);
  });

  it("makes nothing for an existing bucket", async () => {
    const graph = await graphOf(() => {
      const other = { bucketName: "theirs", region: "auto", endpoint: "https://s3.test", forcePathStyle: true };
      const aws = new Bucket("aws", { existing: { bucketName: "ours", region: "cn-north-1", kmsKeyArn: "k" } });
      const compatible = new Bucket("other", { existing: other });
      const offered: unknown[] = [aws.bucketArn, aws.endpoint, aws.forcePathStyle, aws.kmsKeyArn, aws.ready];
      return [...offered, compatible.bucketName, compatible.endpoint, compatible.forcePathStyle, compatible.kmsKeyArn];
    });
    assert.deepEqual(graph.result, [
      ...["arn:aws-cn:s3:::ours", "", false, "k", "ready"],
      ...["theirs", "https://s3.test", true, ""],
    ]);
    assert.deepEqual(graph.childrenOf(graph.component("Bucket", "aws")), []);
  });

  for (const [what, args, message] of [
    ["neither", {}, "args: exactly one of create, existing must be given (got none). Add create or existing."],
    [
      "expiry at once",
      { create: { ...CREATE, expirationDays: 0 } },
      "create.expirationDays: must be a whole number of at least 1 (got 0). Choose a number of days, or leave it out.",
    ],
    [
      "copies without versions",
      { create: { ...REPLICATED, versioned: false } },
      "create.replication: needs a versioned bucket (got versioned: false). Remove versioned, or replication.",
    ],
    [
      "expiry of versions that are not there",
      { create: { ...CREATE, versioned: false, noncurrentExpirationDays: 3 } },
      "create.noncurrentExpirationDays: means nothing without versions (got 3). Remove it, or versioned: false.",
    ],
    [
      "every origin",
      { create: { ...CREATE, corsOrigins: ["*"] } },
      "create.corsOrigins[0]: must be one origin: scheme and host, without path, slash or wildcard (got *). Write it like https://langfuse.example.com.",
    ],
  ] as [string, BucketArgs, string][]) {
    it(`refuses ${what}`, async () => assert.equal(await failureOf(() => new Bucket("media", args)), HEAD + message));
  }

  it("registers twice before anything is known, within AWS' name limits", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        for (const name of ["a-name-of-20-letters", "b-name-of-20-letters"]) {
          new Bucket(name, { create: REPLICATED }, options);
        }
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(type("Bucket")).length, 4);
    for (const { type: kind, name, provider, custom } of graph.resources) {
      assert.ok(name.length + AUTONAME_SUFFIX <= (PHYSICAL_NAME_LIMITS[kind] ?? 255), name);
      if (custom && kind.startsWith("aws:")) assert.match(provider, /::aws::/, name);
    }
  });
});
