import assert from "node:assert/strict";
import { Redis, type RedisArgs, type RedisCreateArgs } from "../../../components/data/redis";
import { parameterFamily } from "../../../components/data/redis-create";
import { RedisEngine, RedisTokenUpdate } from "../../../components/data/redis-options";
import { AUTONAME_SUFFIX, PHYSICAL_NAME_LIMITS } from "../../../components/internal/names";
import { failureOf, graphOf, plainPathsWith, secretPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const CREATE: RedisCreateArgs = {
  engine: RedisEngine.Valkey,
  engineVersion: "8.0",
  nodeType: "cache.m7g.large",
  replicas: 1,
  vpcId: "vpc-1",
  subnetIds: ["subnet-1", "subnet-2"],
  clientSecurityGroupIds: { cluster: "sg-cluster" },
  authToken: "mustStaySecret00",
  kmsKeyArn: "arn:aws:kms:us-east-1:111111111111:key/1",
  durable: true,
};
const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
const PARAMETERS = "aws:elasticache/parameterGroup:ParameterGroup";
const made = (create: Partial<RedisCreateArgs> = {}) =>
  graphOf(() => new Redis("redis", { create: { ...CREATE, ...create } }, explicitProviders()));
const HEAD = 'Redis "redis" cannot be built from these arguments:\n  ';

describe("Redis", () => {
  it("makes an encrypted group with failover that takes changes at once", async () => {
    const { inputs } = (await made()).one(GROUP);
    const wanted = {
      engine: "valkey",
      engineVersion: "8.0",
      autoMinorVersionUpgrade: false,
      nodeType: "cache.m7g.large",
      port: 6379,
      numCacheClusters: 2,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      transitEncryptionEnabled: true,
      transitEncryptionMode: "required",
      atRestEncryptionEnabled: true,
      kmsKeyId: CREATE.kmsKeyArn,
      authTokenUpdateStrategy: "ROTATE",
      applyImmediately: true,
      snapshotRetentionLimit: 1,
    };
    assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((key) => [key, inputs[key]])), wanted);
    assert.ok(String(inputs.description).length > 0);
  });

  it("never evicts, in an attached parameter group that follows the engine", async () => {
    const graph = await made();
    const parameters = graph.one(PARAMETERS);
    assert.deepEqual(parameters.inputs.parameters, [{ name: "maxmemory-policy", value: "noeviction" }]);
    assert.deepEqual([parameters.name, parameters.inputs.family], ["redis-parameters-valkey8", "valkey8"]);
    assert.ok(graph.one(GROUP).propertyDependencies.parameterGroupName?.includes(parameters.urn));
    assert.equal(parameterFamily(RedisEngine.Redis, "7.1"), "redis7");
    assert.equal(parameterFamily(RedisEngine.Valkey, "7.2"), "valkey7");
  });

  it("has one node without failover when there are no replicas", async () => {
    const { inputs } = (await made({ replicas: 0 })).one(GROUP);
    assert.deepEqual(
      [inputs.numCacheClusters, inputs.automaticFailoverEnabled, inputs.multiAzEnabled],
      [1, false, false],
    );
  });

  it("leaves a snapshot with a name of its own when durable, and nothing otherwise", async () => {
    const durable = (await made({ snapshotRetentionDays: 5 })).one(GROUP);
    assert.deepEqual([durable.options.protect, durable.options.retainOnDelete], [true, false]);
    assert.match(String(durable.inputs.finalSnapshotIdentifier), /^redis-final-[0-9a-f]{8}$/);
    assert.equal(durable.inputs.snapshotRetentionLimit, 5);
    const disposable = (await made({ durable: false })).one(GROUP);
    assert.equal(disposable.options.protect, false);
    assert.deepEqual(
      [disposable.inputs.finalSnapshotIdentifier, disposable.inputs.snapshotRetentionLimit],
      [undefined, 0],
    );
  });

  it("admits the named groups only, and writes its slow log", async () => {
    const graph = await made({ logRetentionDays: 7, logKmsKeyArn: "arn:logs" });
    const rule = graph.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.deepEqual(
      [rule.inputs.referencedSecurityGroupId, rule.inputs.fromPort, rule.inputs.toPort],
      ["sg-cluster", 6379, 6379],
    );
    const logs = graph.one("aws:cloudwatch/logGroup:LogGroup");
    assert.deepEqual([logs.inputs.name, logs.inputs.retentionInDays, logs.inputs.kmsKeyId], [undefined, 7, "arn:logs"]);
    assert.deepEqual(graph.one(GROUP).inputs.logDeliveryConfigurations, [
      {
        destination: "redis-slow-log-0000000",
        destinationType: "cloudwatch-logs",
        logFormat: "json",
        logType: "slow-log",
      },
    ]);
    assert.deepEqual(graph.one("aws:elasticache/subnetGroup:SubnetGroup").inputs.subnetIds, ["subnet-1", "subnet-2"]);
  });

  it("ends old tokens on request", async () => {
    const { inputs } = (await made({ authTokenUpdate: RedisTokenUpdate.Set })).one(GROUP);
    assert.equal(inputs.authTokenUpdateStrategy, "SET");
  });

  it("keeps the token in its envelope", async () => {
    const graph = await made();
    assert.deepEqual(secretPaths(graph.one(GROUP)), ["authToken"]);
    for (const resource of graph.resources) assert.deepEqual(plainPathsWith(resource, "mustStaySecret"), []);
  });

  it("offers the primary's address", async () => {
    const graph = await graphOf(() => {
      const { host, port, tls, username, ready } = new Redis("redis", { create: CREATE }, explicitProviders());
      return { host, port, tls, username, ready };
    });
    const host = "master.redis-group-0000000.abcdef.use1.cache.amazonaws.com";
    assert.deepEqual(graph.result, { host, port: 6379, tls: true, username: "default", ready: "ready" });
  });

  it("makes nothing for an existing server", async () => {
    const graph = await graphOf(() => {
      const plain = new Redis("plain", { existing: { host: "redis.test" } });
      const own = new Redis("own", { existing: { host: "redis.test", port: 6380, tls: false, username: "app" } });
      return [plain.host, plain.port, plain.tls, plain.username, plain.ready, own.port, own.tls, own.username];
    });
    assert.deepEqual(graph.result, ["redis.test", 6379, true, "default", "ready", 6380, false, "app"]);
    assert.deepEqual(graph.childrenOf(graph.component("Redis", "own")), []);
  });

  for (const [what, args, message] of [
    [
      "both",
      { create: CREATE, existing: { host: "h" } },
      "args: exactly one of create, existing must be given (got create and existing). Keep one of create, existing.",
    ],
    [
      "an engine's old version",
      { create: { ...CREATE, engine: RedisEngine.Redis, engineVersion: "6.2" } },
      'create.engineVersion: must be a major and minor version of redis that the platform runs on, as text (got 6.2). Write it like "7.1".',
    ],
    [
      "a version that YAML cut",
      { create: { ...CREATE, engineVersion: "8" } },
      'create.engineVersion: must be a major and minor version of valkey that the platform runs on, as text (got 8). Write it like "8.0".',
    ],
    [
      "too many replicas",
      { create: { ...CREATE, replicas: 6 } },
      "create.replicas: must be a whole number from 0 to 5 (got 6). Use 1 for a copy in a second zone.",
    ],
    [
      "endless snapshots",
      { create: { ...CREATE, snapshotRetentionDays: 36 } },
      "create.snapshotRetentionDays: must be a whole number from 0 to 35 (got 36). Use 0 for no daily snapshots.",
    ],
    [
      "no clients",
      { create: { ...CREATE, clientSecurityGroupIds: {} } },
      "create.clientSecurityGroupIds: must name at least one security group (got none). Add the cluster's security group; otherwise nobody can connect.",
    ],
  ] as [string, RedisArgs, string][]) {
    it(`refuses ${what}`, async () => assert.equal(await failureOf(() => new Redis("redis", args)), HEAD + message));
  }

  it("registers twice before anything is known, within AWS' name limits", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        for (const name of ["a-name-of-20-letters", "b-name-of-20-letters"])
          new Redis(name, { create: CREATE }, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(GROUP).length, 2);
    for (const { type, name, provider, custom } of graph.resources) {
      assert.ok(name.length + AUTONAME_SUFFIX <= (PHYSICAL_NAME_LIMITS[type] ?? 255), name);
      if (custom && type.startsWith("aws:")) assert.match(provider, /::aws::/, name);
    }
  });
});
