import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { ready } from "../../../components/internal/gates";
import { LustreFileSystem, type LustreFileSystemArgs } from "../../../components/llm/lustre-file-system";
import { failureOf, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const FILES = "aws:fsx/lustreFileSystem:LustreFileSystem";
const LINK = "aws:fsx/dataRepositoryAssociation:DataRepositoryAssociation";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const MINIMAL: LustreFileSystemArgs = {
  vpcId: "vpc-1",
  subnetId: "subnet-a",
  clientSecurityGroupId: "sg-nodes",
  bucketName: "models-1",
};
const lustre = (args: Partial<LustreFileSystemArgs> = {}) =>
  graphOf(() => {
    const {
      fileSystemId,
      dnsName,
      mountName,
      ready: opened,
    } = new LustreFileSystem("lustre", { ...MINIMAL, ...args }, explicitProviders());
    return { fileSystemId, dnsName, mountName, opened };
  });

describe("LustreFileSystem", () => {
  it("shows the store's models in the smallest file system of the kind, without backups", async () => {
    const graph = await lustre();
    const { securityGroupIds: _, ...inputs } = graph.one(FILES).inputs;
    assert.deepEqual(inputs, {
      deploymentType: "PERSISTENT_2",
      storageType: "SSD",
      storageCapacity: 1200,
      perUnitStorageThroughput: 125,
      dataCompressionType: "NONE",
      subnetIds: "subnet-a",
      automaticBackupRetentionDays: 0,
      skipFinalBackup: true,
    });
    const { fileSystemId, ...link } = graph.one(LINK).inputs;
    assert.match(String(fileSystemId), /^fs-/);
    assert.deepEqual(link, {
      fileSystemPath: "/",
      dataRepositoryPath: "s3://models-1/models/",
      batchImportMetaDataOnCreate: true,
      s3: { autoImportPolicy: { events: ["NEW", "CHANGED", "DELETED"] } },
    });
    const result = graph.result as Record<string, string>;
    assert.match(`${result.dnsName} ${result.mountName} ${result.opened}`, /^fs-\S+\.fsx\.\S+ [0-9a-f]{8} ready$/);
  });

  it("lets in the nodes and its own servers, on Lustre's ports alone, before it is made", async () => {
    const graph = await lustre();
    for (const type of [INGRESS, EGRESS]) {
      const rules = graph.ofType(type);
      assert.deepEqual(
        rules.map(({ inputs }) => [inputs.fromPort, inputs.toPort, inputs.ipProtocol]),
        [
          [988, 988, "tcp"],
          [1018, 1023, "tcp"],
          [988, 988, "tcp"],
          [1018, 1023, "tcp"],
        ],
      );
      const partners = new Set(rules.map(({ inputs }) => inputs.referencedSecurityGroupId));
      assert.ok(partners.has("sg-nodes") && partners.has(rules[0]?.inputs.securityGroupId));
      for (const rule of rules) assert.ok(graph.waitsFor(graph.one(FILES), rule), rule.name);
    }
  });

  it("takes everything that the caller states, and links a bucket that is closed", async () => {
    const graph = await graphOf(() => {
      const storeReady = ready([new random.RandomId("store", { byteLength: 2 })]);
      new LustreFileSystem(
        "lustre",
        { ...MINIMAL, storageGiB: 4800, throughputPerTiB: 500, kmsKeyArn: "arn:key", storeReady },
        explicitProviders(),
      );
    });
    const { storageCapacity, perUnitStorageThroughput, kmsKeyId } = graph.one(FILES).inputs;
    assert.deepEqual([storageCapacity, perUnitStorageThroughput, kmsKeyId], [4800, 500, "arn:key"]);
    const store = graph.one("random:index/randomId:RandomId", "store");
    assert.ok(graph.waitsFor(graph.one(LINK), store));
    assert.ok(!graph.waitsFor(graph.one(FILES), store), "the file system takes minutes, and needs no bucket");
  });

  it("refuses what FSx does not sell", async () => {
    const failure = await failureOf(
      () =>
        new LustreFileSystem("lustre", { ...MINIMAL, storageGiB: 3600, throughputPerTiB: 200 }, explicitProviders()),
    );
    assert.equal(
      failure,
      [
        'LustreFileSystem "lustre" cannot be built from these arguments:',
        "  storageGiB: must be 1200, or a multiple of 2400: FSx sells no other sizes (got 3600). Choose the next larger size.",
        "  throughputPerTiB: must be one of 125, 250, 500, 1000 (got 200). Choose one of them.",
      ].join("\n"),
    );
  });

  it("registers twice in one stack, with explicit providers, before anything is known", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        for (const name of ["one", "two"]) new LustreFileSystem(name, MINIMAL, options);
      },
      { outputs: "unknown" },
    );
    const made = graph.resources.filter(({ type }) => type.startsWith("aws:"));
    assert.ok(made.every(({ provider }) => provider !== ""));
  });
});
