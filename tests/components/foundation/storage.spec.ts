import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { PriorityClasses, PriorityRank, priorityClassName } from "../../../components/foundation/priority-classes";
import { SharedFileSystem, type SharedFileSystemArgs } from "../../../components/foundation/shared-file-system";
import { StorageClasses, type StorageClassesArgs } from "../../../components/foundation/storage-classes";
import { after as behind, ready } from "../../../components/internal/gates";
import { failureOf, type Graph, graphOf, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
const GATE = "random:index/randomId:RandomId";
const gate = (name: string) => ready([new random.RandomId(name, { byteLength: 2 })]);
/** What comes after a gate. */
const later = (opened: pulumi.Output<string>) =>
  new random.RandomId("later", { byteLength: 2 }, { dependsOn: behind(opened) });
/** Whether every child of a component has the explicit provider of a package. */
const provided = (graph: Graph, component: string, provider: string) =>
  graph.childrenOf(graph.component(component)).every((child) => child.provider.includes(`::${provider}::`));
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

  it("replaces a class whose lifecycle or parameters change, since the API server refuses an update", async () => {
    const graph = await classes({ durable: true });
    for (const { options } of graph.ofType(CLASS)) {
      assert.deepEqual(options.replaceOnChanges, ["provisioner", "parameters", "reclaimPolicy", "volumeBindingMode"]);
      assert.equal(options.deleteBeforeReplace, true);
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

  it("waits for the drivers, opens its gate after every class, and uses the explicit provider", async () => {
    const graph = await graphOf(() =>
      later(
        new StorageClasses("storage", { durable: false, driversReady: gate("drivers") }, explicitProviders()).ready,
      ),
    );
    const drivers = graph.one(GATE, "drivers");
    for (const each of graph.ofType(CLASS)) {
      assert.ok(graph.waitsFor(each, drivers), each.name);
      assert.ok(graph.waitsFor(graph.one(GATE, "later"), each), each.name);
    }
    assert.ok(provided(graph, "StorageClasses", "kubernetes"));
  });

  it("refuses half of the shared class, and classes that nobody makes", async () => {
    const halves = { durable: true, shared: true, provided: ["gp3", "standard"] };
    assert.equal(
      await failureOf(() => new StorageClasses("storage", halves)),
      [
        'StorageClasses "storage" cannot be built from these arguments:',
        "  fileSystemId: must be given with shared, and only then: class distributed-fast is made of it. Give both, or neither.",
        "  provided[1]: must be one of gp3, fast-ssd, distributed-fast: no other class is made here (got standard). Remove it.",
      ].join("\n"),
    );
    assert.match(
      await failureOf(() => new StorageClasses("storage", { durable: true, fileSystemId: "fs-1" })),
      /fileSystemId: must be given with shared, and only then/,
    );
  });

  it("plans with nothing known, twice in one stack, and keeps what is unknown to the file system's id", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        const fileSystemId = new random.RandomId("id", { byteLength: 2 }).hex;
        new StorageClasses("one", { durable: true }, options);
        new StorageClasses("two", { durable: false, shared: true, fileSystemId }, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(CLASS).length, 5);
    const unknown = graph.ofType(CLASS).flatMap((each) => unknownPaths(each).map((path) => `${each.name} ${path}`));
    assert.deepEqual(unknown, ["two-distributed-fast parameters.fileSystemId"]);
    assert.equal(graph.component("StorageClasses", "one").outputs?.ready, "ready");
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

  it("opens its gate after every class, waits for nothing, and uses the explicit provider", async () => {
    const graph = await graphOf(() => later(new PriorityClasses("priorities", {}, explicitProviders()).ready));
    const made = graph.ofType("kubernetes:scheduling.k8s.io/v1:PriorityClass");
    for (const each of made) assert.ok(graph.waitsFor(graph.one(GATE, "later"), each), each.name);
    assert.deepEqual(
      made.flatMap(({ dependencies }) => dependencies),
      [],
    );
    assert.ok(provided(graph, "PriorityClasses", "kubernetes"));
  });

  it("refuses names that Kubernetes refuses or keeps for itself", async () => {
    for (const prefix of ["", "Platform", "system", "system-own", "-a", "a".repeat(51)]) {
      assert.equal(
        await failureOf(() => new PriorityClasses("priorities", { prefix })),
        'PriorityClasses "priorities" cannot be built from these arguments:\n' +
          "  prefix: must be at most 50 lower-case letters, digits and dashes, and not system, which Kubernetes keeps for itself " +
          `(got ${prefix}). Use platform.`,
      );
    }
    const { resources } = await graphOf(() => new PriorityClasses("priorities", { prefix: "systems" }));
    assert.equal(resources.filter(({ type }) => type.endsWith(":PriorityClass")).length, 3);
  });

  it("plans with nothing known, all of it known", async () => {
    const graph = await graphOf(() => new PriorityClasses("priorities", {}, explicitProviders()), {
      outputs: "unknown",
    });
    assert.deepEqual(graph.resources.flatMap(unknownPaths), []);
    assert.equal(graph.component("PriorityClasses").outputs?.ready, "ready");
  });
});

describe("SharedFileSystem", () => {
  const MINIMAL: SharedFileSystemArgs = {
    vpcId: "vpc-1",
    zones: ["a", "b"],
    subnetIds: ["s1", "s2"],
    clientSecurityGroupId: "sg-nodes",
    durable: false,
  };
  const files = (durable: boolean, kmsKeyArn?: string) =>
    graphOf(() => new SharedFileSystem("files", { ...MINIMAL, durable, kmsKeyArn }, explicitProviders()));

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
      const { backupPolicy } = graph.one("aws:efs/backupPolicy:BackupPolicy").inputs;
      assert.deepEqual(backupPolicy, { status: durable ? "ENABLED" : "DISABLED" });
    }
  });

  it("encrypts with the key that it is given", async () => {
    const key = "arn:aws:kms:us-east-1:111111111111:key/1";
    assert.equal((await files(true, key)).one("aws:efs/fileSystem:FileSystem").inputs.kmsKeyId, key);
  });

  it("opens its gate when every zone can mount it under its rules, and uses the explicit provider", async () => {
    const graph = await graphOf(() => later(new SharedFileSystem("files", MINIMAL, explicitProviders()).ready));
    for (const child of graph.childrenOf(graph.component("SharedFileSystem"))) {
      assert.ok(graph.waitsFor(graph.one(GATE, "later"), child), child.name);
    }
    assert.ok(provided(graph, "SharedFileSystem", "aws"));
  });

  it("refuses zones and subnets that do not match, all at once", async () => {
    const failure = (args: Partial<SharedFileSystemArgs>) =>
      failureOf(() => new SharedFileSystem("files", { ...MINIMAL, ...args }));
    const refused = 'SharedFileSystem "files" cannot be built from these arguments:';
    assert.equal(
      await failure({ zones: [], subnetIds: [] }),
      `${refused}\n  zones: must name at least one zone: without a mount target nobody reaches the files (got []). List the zones of the nodes, in the order of subnetIds.`,
    );
    assert.equal(
      await failure({ zones: ["a", "a"], subnetIds: ["s1"] }),
      `${refused}\n  zones: must name each zone once (got ["a","a"]). Remove the repetition.\n` +
        "  subnetIds: must hold one subnet for each of the 2 zones (got 1). List one subnet a zone, in the order of zones.",
    );
  });

  it("never mounts in an empty subnet when subnets that are known only later do not match", async () => {
    for (const subnetIds of [["s1"], ["s1", "s2", "s3"]]) {
      const message = await failureOf(() => {
        new SharedFileSystem("files", { ...MINIMAL, subnetIds: pulumi.output(subnetIds) });
      });
      assert.ok(
        message.includes(
          `SharedFileSystem "files": ${subnetIds.length} subnets for 2 zones (a, b). List one subnet a zone in subnetIds, in the order of zones.`,
        ),
        message,
      );
    }
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        const subnetIds = new random.RandomId("id", { byteLength: 2 }).hex.apply((id) => [id, id]);
        new SharedFileSystem("one", { ...MINIMAL, subnetIds }, options);
        new SharedFileSystem("two", MINIMAL, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType("aws:efs/mountTarget:MountTarget").length, 4);
    assert.equal(graph.component("SharedFileSystem", "one").outputs?.ready, "ready");
  });
});
