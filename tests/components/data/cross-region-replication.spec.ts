import assert from "node:assert/strict";
import { Bucket } from "../../../components/data/bucket";
import { replicationPolicy } from "../../../components/data/bucket-replication-policy";
import {
  CrossRegionReplication,
  type CrossRegionReplicationArgs,
} from "../../../components/data/cross-region-replication";
import { AUTONAME_SUFFIX, PHYSICAL_NAME_LIMITS } from "../../../components/internal/names";
import { failureOf, type Graph, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const key = (region: string) => `arn:aws:kms:${region}:111111111111:key/1`;
const MINIMAL: CrossRegionReplicationArgs = {
  purpose: "models",
  source: { region: "us-east-1", bucketName: "models-one", kmsKeyArn: key("us-east-1") },
  copies: {
    "us-west-2": { bucketName: "models-two", kmsKeyArn: key("us-west-2") },
    "eu-west-1": { bucketName: "models-three", kmsKeyArn: key("eu-west-1") },
  },
};
const RULES = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
const ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy";
const replication = (args: Partial<CrossRegionReplicationArgs> = {}) =>
  graphOf(() => new CrossRegionReplication("models", { ...MINIMAL, ...args }, explicitProviders()));
const refused = (args: Partial<CrossRegionReplicationArgs>) =>
  failureOf(() => new CrossRegionReplication("models", { ...MINIMAL, ...args }));
const rulesOf = (graph: Graph) => graph.one(RULES).inputs.rules as Record<string, unknown>[];

describe("CrossRegionReplication (L01)", () => {
  it("has one rule a region, with the key of that region, in the region of the source", async () => {
    const graph = await replication();
    const { inputs } = graph.one(RULES);
    assert.deepEqual([inputs.region, inputs.bucket], ["us-east-1", "models-one"]);
    assert.deepEqual(
      rulesOf(graph).map(({ id, priority, filter, destination }) => [id, priority, filter, destination]),
      [
        [
          "us-west-2",
          0,
          { prefix: "" },
          {
            bucket: "arn:aws:s3:::models-two",
            encryptionConfiguration: { replicaKmsKeyId: key("us-west-2") },
          },
        ],
        [
          "eu-west-1",
          1,
          { prefix: "" },
          {
            bucket: "arn:aws:s3:::models-three",
            encryptionConfiguration: { replicaKmsKeyId: key("eu-west-1") },
          },
        ],
      ],
    );
    for (const rule of rulesOf(graph)) {
      assert.deepEqual(rule.sourceSelectionCriteria, { sseKmsEncryptedObjects: { status: "Enabled" } });
      assert.deepEqual(rule.deleteMarkerReplication, { status: "Enabled" });
      assert.equal(rule.status, "Enabled");
    }
  });

  it("copies what lies under a prefix alone", async () => {
    const [first] = rulesOf(await replication({ prefix: "models/" }));
    assert.deepEqual(first?.filter, { prefix: "models/" });
  });

  it("lets its role read the source and write the copies, each key through S3 of its region", async () => {
    const iam = { permissionsBoundaryArn: "arn:aws:iam::111111111111:policy/b", path: "/p/" };
    const graph = await replication({ iam });
    const role = graph.one("aws:iam/role:Role");
    assert.deepEqual([role.inputs.permissionsBoundary, role.inputs.path], [iam.permissionsBoundaryArn, "/p/"]);
    assert.equal(role.inputs.description, "Copies models to other regions");
    assert.match(String(role.inputs.assumeRolePolicy), /"s3\.amazonaws\.com"/);
    const grant = (name: string, region: string) => ({ arn: `arn:aws:s3:::${name}`, region, keyArn: key(region) });
    assert.equal(
      graph.one(ROLE_POLICY).inputs.policy,
      replicationPolicy(grant("models-one", "us-east-1"), [
        grant("models-two", "us-west-2"),
        grant("models-three", "eu-west-1"),
      ]),
    );
    const statements = JSON.parse(String(graph.one(ROLE_POLICY).inputs.policy)).Statement;
    assert.deepEqual(
      statements.map((each: { Resource: string; Condition?: { StringEquals: Record<string, string> } }) => [
        each.Resource,
        each.Condition?.StringEquals["kms:ViaService"],
      ]),
      [
        ["arn:aws:s3:::models-one", undefined],
        ["arn:aws:s3:::models-one/*", undefined],
        ["arn:aws:s3:::models-two/*", undefined],
        ["arn:aws:s3:::models-three/*", undefined],
        [key("us-east-1"), "s3.us-east-1.amazonaws.com"],
        [key("us-west-2"), "s3.us-west-2.amazonaws.com"],
        [key("eu-west-1"), "s3.eu-west-1.amazonaws.com"],
      ],
    );
  });

  it("speaks the dialect of other partitions", async () => {
    const chinese = (region: string) => ({ bucketName: region, kmsKeyArn: `arn:aws-cn:kms:${region}:1:key/1` });
    const graph = await replication({
      source: { region: "cn-north-1", ...chinese("cn-north-1") },
      copies: { "cn-northwest-1": chinese("cn-northwest-1") },
    });
    const policy = String(graph.one(ROLE_POLICY).inputs.policy);
    assert.match(policy, /arn:aws-cn:s3:::cn-northwest-1\/\*/);
    assert.match(policy, /s3\.cn-northwest-1\.amazonaws\.com\.cn/);
  });

  it("sets the rules once the buckets are versioned and the role is complete", async () => {
    const graph = await graphOf(() => {
      const options = explicitProviders();
      const create = { purpose: "models", kmsKeyArn: key("us-east-1"), durable: false };
      const bucket = new Bucket("store", { create }, options);
      const source = { ...MINIMAL.source, bucketName: bucket.bucketName };
      new CrossRegionReplication("models", { ...MINIMAL, source, bucketsReady: bucket.ready }, options);
    });
    const rules = graph.one(RULES);
    assert.ok(graph.waitsFor(rules, graph.one("aws:s3/bucketVersioning:BucketVersioning")));
    assert.ok(graph.waitsFor(rules, graph.one(ROLE_POLICY)));
    assert.match(rules.provider, /::aws::/);
  });

  it("offers its role and its gate", async () => {
    const graph = await graphOf(() => {
      const { roleArn, ready } = new CrossRegionReplication("models", MINIMAL, explicitProviders());
      return [roleArn, ready];
    });
    assert.deepEqual(graph.result, ["arn:aws:iam::111111111111:role/models-replication-0000000", "ready"]);
  });

  it("refuses what S3 would refuse or never copy, all at once", async () => {
    assert.equal(
      await refused({
        source: { region: "us-east-1", bucketName: "models-one", kmsKeyArn: key("us-west-2") },
        copies: {
          "us-east-1": { bucketName: "models-one", kmsKeyArn: key("us-east-1") },
          ireland: { bucketName: "models-three", kmsKeyArn: key("ireland") },
          "eu-west-1": { bucketName: "models-four", kmsKeyArn: key("us-east-1") },
        },
      }),
      'CrossRegionReplication "models" cannot be built from these arguments:\n' +
        `  source.kmsKeyArn: must be the ARN of a key in us-east-1 (got ${key("us-west-2")}). ` +
        "S3 encrypts with keys of the bucket's own region only.\n" +
        "  copies.us-east-1: is the region of the source (got us-east-1). Remove it.\n" +
        "  copies.ireland: must be an AWS region (got ireland). Write it like us-east-1.\n" +
        `  copies.eu-west-1.kmsKeyArn: must be the ARN of a key in eu-west-1 (got ${key("us-east-1")}). ` +
        "S3 encrypts with keys of the bucket's own region only.",
    );
    assert.match(await refused({ copies: {} }), /copies: must name at least one region\. Add the bucket of a region/);
  });

  it("registers twice before anything is known, within AWS' name limits", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        for (const name of ["a-name-of-20-letters", "b-name-of-20-letters"]) {
          new CrossRegionReplication(name, MINIMAL, options);
        }
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(RULES).length, 2);
    for (const { type, name } of graph.resources) {
      assert.ok(name.length + AUTONAME_SUFFIX <= (PHYSICAL_NAME_LIMITS[type] ?? 255), name);
    }
  });
});
