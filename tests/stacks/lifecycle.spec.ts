import assert from "node:assert/strict";
import type { RecordedResource } from "../../preview/recorder";
import type { Graph } from "../support/graph";
import { stackOf } from "../support/stacks";

const INSTANCE = "aws:rds/instance:Instance";
const REDIS = "aws:elasticache/replicationGroup:ReplicationGroup";
const CLUSTER = "aws:eks/cluster:Cluster";
const BUCKET = "aws:s3/bucket:Bucket";
const KEY = "aws:kms/key:Key";
const SECRET = "aws:secretsmanager/secret:Secret";

function names(resources: readonly RecordedResource[]): string[] {
  return resources.map(({ name }) => name).sort();
}

/** Buckets that hold data of the platform. */
function dataBuckets(graph: Graph): RecordedResource[] {
  return graph.ofType(BUCKET).filter(({ name }) => name.startsWith("bucket-"));
}

describe("lifecycle durable (prod)", () => {
  let graph: Graph;
  before(async () => {
    graph = (await stackOf("prod")).graph;
  });

  it("protects everything whose loss loses data", () => {
    const protected_ = graph.resources.filter(({ options }) => options.protect);
    assert.deepEqual(names(protected_), [
      "bucket-backups-bucket",
      "bucket-events-bucket",
      "bucket-exports-bucket",
      "bucket-media-bucket",
      "clickhouse-installation",
      "clickhouse-keeper-installation",
      "cluster-cluster",
      "cluster-secrets-key",
      "credentials-encryption-key",
      "credentials-salt",
      "data-key-key",
      "model-store-models-bucket",
      "postgres-instance",
      "recovery-secret",
      "redis-group",
    ]);
  });

  it("asks AWS to refuse as well, and to keep a last copy", () => {
    const postgres = graph.one(INSTANCE).inputs;
    assert.equal(postgres.deletionProtection, true);
    assert.equal(postgres.skipFinalSnapshot, false);
    assert.match(String(postgres.finalSnapshotIdentifier), /^postgres-final-[0-9a-f]{8}$/);
    assert.equal(postgres.multiAz, true);
    assert.equal(postgres.backupRetentionPeriod, 30);
    const redis = graph.one(REDIS).inputs;
    assert.match(String(redis.finalSnapshotIdentifier), /^redis-final-[0-9a-f]{8}$/);
    assert.equal(redis.automaticFailoverEnabled, true);
    assert.equal(graph.one(CLUSTER).inputs.deletionProtection, true);
    assert.equal(graph.one("aws:lb/loadBalancer:LoadBalancer").inputs.enableDeletionProtection, true);
  });

  it("leaves behind what lies outside the VPC, and nothing that would hold the VPC", () => {
    const outside = /^aws:(s3|kms|secretsmanager|cloudwatch)\//;
    const retained = graph.resources.filter(({ options }) => options.retainOnDelete);
    for (const { type, name } of retained) assert.match(type, outside, name);
    for (const bucket of dataBuckets(graph)) assert.ok(bucket.options.retainOnDelete, bucket.name);
    assert.ok(graph.one(SECRET).options.retainOnDelete);
    for (const component of graph.resources.filter(({ custom }) => !custom)) {
      // Every child would inherit it.
      assert.ok(!component.options.retainOnDelete && !component.options.protect, component.name);
    }
  });

  it("keeps the keys of all that outlives the stack, with a month to change one's mind", () => {
    const key = graph.one(KEY, "data-key-key");
    assert.ok(key.options.protect && key.options.retainOnDelete);
    assert.equal(key.inputs.deletionWindowInDays, 30);
    const users = [graph.one(INSTANCE), graph.one(REDIS), graph.one(SECRET)];
    for (const user of users) assert.ok(graph.waitsFor(user, key), user.name);
  });

  it("keeps volumes, and buckets that hold objects", () => {
    for (const bucket of dataBuckets(graph)) assert.notEqual(bucket.inputs.forceDestroy, true, bucket.name);
    for (const { name, inputs } of graph.ofType("kubernetes:storage.k8s.io/v1:StorageClass")) {
      assert.equal(inputs.reclaimPolicy, "Retain", name);
    }
  });
});

describe("lifecycle disposable (staging)", () => {
  let graph: Graph;
  before(async () => {
    graph = (await stackOf("staging")).graph;
  });

  it("protects and retains nothing", () => {
    const held = graph.resources.filter(({ options }) => options.protect || options.retainOnDelete);
    assert.deepEqual(names(held), []);
  });

  it("lets everything go at once", () => {
    const postgres = graph.one(INSTANCE).inputs;
    assert.equal(postgres.deletionProtection, false);
    assert.equal(postgres.skipFinalSnapshot, true);
    assert.equal(postgres.finalSnapshotIdentifier, undefined);
    assert.equal(graph.one(REDIS).inputs.finalSnapshotIdentifier, undefined);
    assert.notEqual(graph.one(CLUSTER).inputs.deletionProtection, true);
    assert.notEqual(graph.one("aws:lb/loadBalancer:LoadBalancer").inputs.enableDeletionProtection, true);
    assert.equal(graph.one(SECRET).inputs.recoveryWindowInDays, 0);
    for (const { name, inputs } of graph.ofType(BUCKET)) assert.equal(inputs.forceDestroy, true, name);
    for (const { name, inputs } of graph.ofType("kubernetes:storage.k8s.io/v1:StorageClass")) {
      assert.equal(inputs.reclaimPolicy, "Delete", name);
    }
  });
});

describe("both lifecycles", () => {
  for (const stack of ["prod", "staging"] as const) {
    it(`leave the size of pools to the autoscaler, and nothing else to chance, in ${stack}`, async () => {
      const { graph } = await stackOf(stack);
      const ignored = new Set(
        graph.resources.flatMap(({ type, options }) =>
          options.ignoreChanges.map((path) => `${type.split(":").at(-1)} ${path}`),
        ),
      );
      assert.deepEqual([...ignored].sort(), [
        "Cluster accessConfig.bootstrapClusterCreatorAdminPermissions",
        "Cluster bootstrapSelfManagedAddons",
        "NodeGroup scalingConfig.desiredSize",
      ]);
    });
  }
});
