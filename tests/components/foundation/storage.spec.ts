import assert from "node:assert/strict";
import { PriorityClasses, PriorityRank, priorityClassName } from "../../../components/foundation/priority-classes";
import { SharedFileSystem } from "../../../components/foundation/shared-file-system";
import { StorageClasses, type StorageClassesArgs } from "../../../components/foundation/storage-classes";
import { graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
const classes = (args: StorageClassesArgs) => graphOf(() => new StorageClasses("storage", args, explicitProviders()));

describe("StorageClasses", () => {
  it("makes gp3 the default and states the performance of fast-ssd, encrypted and expandable both", async () => {
    const graph = await classes({ durable: false });
    assert.deepEqual(
      graph
        .ofType(CLASS)
        .map((each) => each.name)
        .sort(),
      ["storage-fast-ssd", "storage-gp3"],
    );
    const fast = graph.one(CLASS, "storage-fast-ssd").inputs;
    assert.deepEqual(fast.parameters, { type: "gp3", encrypted: "true", iops: "3000", throughput: "125" });
    assert.equal(fast.volumeBindingMode, "WaitForFirstConsumer");
    assert.equal(fast.allowVolumeExpansion, true);
    const annotations = (graph.one(CLASS, "storage-gp3").inputs.metadata as { annotations: object }).annotations;
    assert.deepEqual(annotations, { "storageclass.kubernetes.io/is-default-class": "true" });
  });

  it("lets volumes outlive their claims when data is durable", async () => {
    for (const durable of [true, false]) {
      const graph = await classes({ durable });
      assert.deepEqual(
        graph.ofType(CLASS).map(({ inputs }) => inputs.reclaimPolicy),
        durable ? ["Retain", "Retain"] : ["Delete", "Delete"],
      );
    }
  });

  it("adds the shared class for a file system, tags volumes, and leaves out what the cluster has", async () => {
    const graph = await classes({
      durable: false,
      shared: true,
      fileSystemId: "fs-1",
      volumeTags: { team: "llm" },
      provided: ["gp3"],
    });
    assert.deepEqual(
      graph
        .ofType(CLASS)
        .map((each) => each.name)
        .sort(),
      ["storage-distributed-fast", "storage-fast-ssd"],
    );
    const shared = graph.one(CLASS, "storage-distributed-fast").inputs;
    assert.equal((shared.parameters as { fileSystemId: string }).fileSystemId, "fs-1");
    const fast = graph.one(CLASS, "storage-fast-ssd").inputs.parameters as Record<string, string>;
    assert.equal(fast.tagSpecification_1, "team=llm");
  });
});

describe("PriorityClasses", () => {
  it("ranks data over serving over batch, and lets batch evict nobody", async () => {
    const graph = await graphOf(() => new PriorityClasses("priorities", {}, explicitProviders()));
    const value = (rank: PriorityRank) =>
      graph.one("kubernetes:scheduling.k8s.io/v1:PriorityClass", `priorities-${rank}`).inputs;
    assert.ok(Number(value(PriorityRank.Data).value) > Number(value(PriorityRank.Serving).value));
    assert.ok(Number(value(PriorityRank.Serving).value) > Number(value(PriorityRank.Batch).value));
    assert.equal(value(PriorityRank.Batch).preemptionPolicy, "Never");
    assert.equal((value(PriorityRank.Data).metadata as { name: string }).name, priorityClassName(PriorityRank.Data));
  });

  it("takes another prefix, so that two platforms share a cluster", async () => {
    const graph = await graphOf(() => {
      const options = explicitProviders();
      new PriorityClasses("one", {}, options);
      new PriorityClasses("two", { prefix: "other" }, options);
    });
    const names = graph
      .ofType("kubernetes:scheduling.k8s.io/v1:PriorityClass")
      .map(({ inputs }) => (inputs.metadata as { name: string }).name);
    assert.equal(new Set(names).size, 6);
  });
});

describe("SharedFileSystem", () => {
  const files = (durable: boolean) =>
    graphOf(
      () =>
        new SharedFileSystem(
          "files",
          { vpcId: "vpc-1", zones: ["a", "b"], subnetIds: ["s1", "s2"], clientSecurityGroupId: "sg-nodes", durable },
          explicitProviders(),
        ),
    );

  it("mounts in every zone and lets the nodes alone in", async () => {
    const graph = await files(false);
    const targets = graph.ofType("aws:efs/mountTarget:MountTarget");
    assert.deepEqual(targets.map(({ inputs }) => inputs.subnetId).sort(), ["s1", "s2"]);
    const rule = graph.one("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").inputs;
    assert.deepEqual([rule.referencedSecurityGroupId, rule.fromPort, rule.cidrIpv4], ["sg-nodes", 2049, undefined]);
    assert.equal(graph.one("aws:efs/fileSystem:FileSystem").inputs.encrypted, true);
    assert.match(
      String(graph.one("aws:efs/fileSystemPolicy:FileSystemPolicy").inputs.policy),
      /"aws:SecureTransport":"false"/,
    );
  });

  it("protects durable files", async () => {
    for (const durable of [true, false]) {
      const graph = await files(durable);
      assert.equal(graph.one("aws:efs/fileSystem:FileSystem").options.protect, durable);
    }
  });
});
