import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import {
  Postgres,
  type PostgresArgs,
  type PostgresCreateArgs,
  PostgresSslMode,
} from "../../../components/data/postgres";
import { AUTONAME_SUFFIX, PHYSICAL_NAME_LIMITS } from "../../../components/internal/names";
import { failureOf, type Graph, graphOf, plainPathsWith, secretPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const CREATE: PostgresCreateArgs = {
  engineVersion: "16",
  instanceClass: "db.m7g.large",
  allocatedStorageGiB: 100,
  multiAz: true,
  backupRetentionDays: 30,
  vpcId: "vpc-1",
  subnetIds: ["subnet-1", "subnet-2"],
  clientSecurityGroupIds: { cluster: "sg-cluster" },
  masterPassword: "mustStaySecret",
  kmsKeyArn: "arn:aws:kms:us-east-1:111111111111:key/1",
  durable: true,
};
const INSTANCE = "aws:rds/instance:Instance";
const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const made = (create: Partial<PostgresCreateArgs> = {}) =>
  graphOf(() => new Postgres("postgres", { create: { ...CREATE, ...create } }, explicitProviders()));
const refusal = (args: PostgresArgs) => failureOf(() => new Postgres("postgres", args));
const HEAD = 'Postgres "postgres" cannot be built from these arguments:\n  ';

describe("Postgres", () => {
  it("makes a closed, encrypted, watched instance", async () => {
    const { inputs } = (await made()).one(INSTANCE);
    const wanted = {
      engine: "postgres",
      engineVersion: "16",
      autoMinorVersionUpgrade: true,
      allowMajorVersionUpgrade: true,
      instanceClass: "db.m7g.large",
      dbName: "langfuse",
      username: "platform",
      port: 5432,
      multiAz: true,
      publiclyAccessible: false,
      storageType: "gp3",
      allocatedStorage: 100,
      storageEncrypted: true,
      kmsKeyId: CREATE.kmsKeyArn,
      performanceInsightsEnabled: true,
      performanceInsightsRetentionPeriod: 7,
      performanceInsightsKmsKeyId: CREATE.kmsKeyArn,
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      copyTagsToSnapshot: true,
      applyImmediately: true,
      backupRetentionPeriod: 30,
    };
    assert.deepEqual(Object.fromEntries(Object.keys(wanted).map((key) => [key, inputs[key]])), wanted);
    for (const refused of ["iops", "storageThroughput", "manageMasterUserPassword", "maxAllocatedStorage"]) {
      assert.equal(inputs[refused], undefined, refused);
    }
  });

  it("forces TLS and UTC in a parameter group that follows the major version", async () => {
    const parameters = (graph: Graph) => graph.one("aws:rds/parameterGroup:ParameterGroup");
    const group = parameters(await made({ parameters: { work_mem: "8192" } }));
    assert.deepEqual(group.inputs.parameters, [
      { name: "rds.force_ssl", value: "1", applyMethod: "immediate" },
      { name: "timezone", value: "UTC", applyMethod: "immediate" },
      { name: "log_min_duration_statement", value: "1000", applyMethod: "immediate" },
      { name: "log_lock_waits", value: "1", applyMethod: "immediate" },
      { name: "work_mem", value: "8192", applyMethod: "pending-reboot" },
    ]);
    assert.deepEqual([group.name, group.inputs.family], ["postgres-parameters-postgres16", "postgres16"]);
    assert.equal(parameters(await made({ engineVersion: "17" })).name, "postgres-parameters-postgres17");
    const graph = await made();
    assert.ok(graph.waitsFor(graph.one(INSTANCE), parameters(graph)), "the group must be attached");
  });

  it("makes the log groups first, under the instance's own name, which is random", async () => {
    const graph = await made({ logRetentionDays: 7, logKmsKeyArn: "arn:logs" });
    const instance = graph.one(INSTANCE);
    const identifier = String(instance.inputs.identifier);
    assert.match(identifier, /^postgres-[0-9a-f]{8}$/);
    assert.deepEqual(
      graph.ofType(LOG_GROUP).map(({ inputs }) => [inputs.name, inputs.retentionInDays, inputs.kmsKeyId]),
      ["postgresql", "upgrade"].map((log) => [`/aws/rds/instance/${identifier}/${log}`, 7, "arn:logs"]),
    );
    for (const group of graph.ofType(LOG_GROUP)) assert.ok(graph.waitsFor(instance, group));
  });

  it("is hard to lose when durable, with a snapshot name of its own", async () => {
    const graph = await made();
    const { inputs, options } = graph.one(INSTANCE);
    assert.deepEqual([options.protect, options.retainOnDelete], [true, false]);
    assert.deepEqual(
      [inputs.deletionProtection, inputs.skipFinalSnapshot, inputs.deleteAutomatedBackups],
      [true, false, false],
    );
    assert.match(String(inputs.finalSnapshotIdentifier), /^postgres-final-[0-9a-f]{8}$/);
    const { keepers } = graph.one("random:index/randomId:RandomId", "postgres-final-snapshot").inputs;
    assert.deepEqual(keepers, { database: "langfuse", username: "platform", kmsKeyArn: CREATE.kmsKeyArn });
  });

  it("goes without a trace when disposable", async () => {
    const graph = await made({ durable: false, backupRetentionDays: 0 });
    const { inputs, options } = graph.one(INSTANCE);
    assert.equal(options.protect, false);
    assert.deepEqual(
      [inputs.deletionProtection, inputs.skipFinalSnapshot, inputs.deleteAutomatedBackups],
      [false, true, true],
    );
    assert.equal(inputs.finalSnapshotIdentifier, undefined);
    assert.equal(graph.ofType("random:index/randomId:RandomId").length, 1);
  });

  it("admits the named groups on its port and nobody else", async () => {
    const graph = await made({ port: 5433, clientSecurityGroupIds: { cluster: "sg-cluster", bastion: "sg-bastion" } });
    const rules = graph.ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule");
    assert.deepEqual(
      rules.map(({ name, inputs }) => [name, inputs.referencedSecurityGroupId, inputs.fromPort, inputs.toPort]),
      [
        ["postgres-clients-from-cluster", "sg-cluster", 5433, 5433],
        ["postgres-clients-from-bastion", "sg-bastion", 5433, 5433],
      ],
    );
    const group = graph.one("aws:ec2/securityGroup:SecurityGroup");
    assert.deepEqual([group.inputs.vpcId, group.inputs.ingress, group.inputs.egress], ["vpc-1", undefined, undefined]);
    assert.deepEqual(graph.one("aws:rds/subnetGroup:SubnetGroup").inputs.subnetIds, ["subnet-1", "subnet-2"]);
    assert.equal(graph.one(INSTANCE).inputs.port, 5433);
  });

  it("passes names, class and growth on", async () => {
    const { inputs } = (
      await made({ databaseName: "traces", masterUsername: "root1", multiAz: false, maxAllocatedStorageGiB: 500 })
    ).one(INSTANCE);
    assert.deepEqual(
      [inputs.dbName, inputs.username, inputs.multiAz, inputs.maxAllocatedStorage],
      ["traces", "root1", false, 500],
    );
  });

  it("offers an address, and a gate behind instance and rules", async () => {
    const graph = await graphOf(() => {
      const postgres = new Postgres("postgres", { create: CREATE }, explicitProviders());
      const { host, port, database, username, sslArguments, ready } = postgres;
      return { host, port, database, username, sslArguments, ready };
    });
    assert.deepEqual(graph.result, {
      host: "postgres-instance-0000000.abcdefghijkl.us-east-1.rds.amazonaws.com",
      port: 5432,
      database: "langfuse",
      username: "platform",
      sslArguments: "sslmode=require",
      ready: "ready",
    });
  });

  it("makes nothing for an existing server", async () => {
    const graph = await graphOf(() => {
      const existing = { host: "db.test", database: "langfuse", username: "app", sslMode: PostgresSslMode.Prefer };
      const { host, port, database, username, sslArguments, identifier, ready } = new Postgres("postgres", {
        existing,
      });
      return { host, port, database, username, sslArguments, identifier, ready };
    });
    assert.deepEqual(graph.childrenOf(graph.component("Postgres")), []);
    assert.deepEqual(graph.result, {
      host: "db.test",
      port: 5432,
      database: "langfuse",
      username: "app",
      sslArguments: "sslmode=prefer",
      identifier: "",
      ready: "ready",
    });
    const safe = await graphOf(
      () => new Postgres("p", { existing: { host: "h", port: 1, database: "d", username: "u" } }).sslArguments,
    );
    assert.equal(safe.result, "sslmode=require");
  });

  it("keeps the master's password in its envelope", async () => {
    const graph = await made();
    assert.deepEqual(secretPaths(graph.one(INSTANCE)), ["password"]);
    for (const resource of graph.resources) assert.deepEqual(plainPathsWith(resource, "mustStaySecret"), []);
  });

  for (const [what, args, message] of [
    ["neither", {}, "args: exactly one of create, existing must be given (got none). Add create or existing."],
    [
      "a minor version",
      { create: { ...CREATE, engineVersion: "16.4" } },
      'create.engineVersion: must be a major version, one of 16, 17, as text (got 16.4). Write it like "16", without a minor version.',
    ],
    [
      "another kind of class",
      { create: { ...CREATE, instanceClass: "m7g.large" } },
      "create.instanceClass: must be an RDS instance class (got m7g.large). Write it like db.m7g.large.",
    ],
    [
      "a tiny volume",
      { create: { ...CREATE, allocatedStorageGiB: 5 } },
      "create.allocatedStorageGiB: must be a whole number of at least 20 (got 5). Raise it; gp3 volumes of RDS start there.",
    ],
    [
      "growth that RDS refuses",
      { create: { ...CREATE, maxAllocatedStorageGiB: 105 } },
      "create.maxAllocatedStorageGiB: must be a whole number at least a tenth above allocatedStorageGiB (got 105). Raise it, or leave it out to keep the size fixed.",
    ],
    [
      "durable without backups",
      { create: { ...CREATE, backupRetentionDays: 0 } },
      "create.backupRetentionDays: must be a whole number from 1, since the database is durable, to 35 (got 0). Choose how far back a restore must reach.",
    ],
    [
      "no clients",
      { create: { ...CREATE, clientSecurityGroupIds: {} } },
      "create.clientSecurityGroupIds: must name at least one security group (got none). Add the cluster's security group; otherwise nobody can connect.",
    ],
    [
      "a parameter of the platform's",
      { create: { ...CREATE, parameters: { timezone: "CET" } } },
      "create.parameters.timezone: is set by the platform. Remove it.",
    ],
  ] as [string, PostgresArgs, string][]) {
    it(`refuses ${what}`, async () => assert.equal(await refusal(args), HEAD + message));
  }

  it("registers twice before anything is known, within AWS' name limits", async () => {
    const names = ["a-name-of-twenty-char", "b-name-of-twenty-char"].map((name) => name.slice(0, 20));
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        for (const name of names) new Postgres(name, { create: { ...CREATE, vpcId: pulumi.output("vpc-1") } }, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(INSTANCE).length, 2);
    for (const { type, name, provider, custom } of graph.resources) {
      assert.ok(name.length + AUTONAME_SUFFIX <= (PHYSICAL_NAME_LIMITS[type] ?? 255), name);
      if (custom && type.startsWith("aws:")) assert.match(provider, /::aws::/, name);
    }
  });
});
