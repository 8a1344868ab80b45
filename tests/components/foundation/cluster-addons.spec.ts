import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { ClusterAddons, type ClusterAddonsArgs } from "../../../components/foundation/cluster-addons";
import { after as behind, ready } from "../../../components/internal/gates";
import { failureOf, type Graph, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const MINIMAL: ClusterAddonsArgs = { clusterName: "main-1", kubernetesVersion: "1.35" };
const QUEUE = "aws:sqs/queue:Queue";
const addons = (args: Partial<ClusterAddonsArgs> = {}) =>
  graphOf(() => new ClusterAddons("addons", { ...MINIMAL, ...args }, explicitProviders()));
const addon = (graph: Graph, name: string) => graph.one("aws:eks/addon:Addon", `addons-${name}`);
const configuration = (graph: Graph, name: string) =>
  JSON.parse(String(addon(graph, name).inputs.configurationValues ?? "{}"));

describe("ClusterAddons", () => {
  it("installs DNS, snapshots, EBS, metrics and the agent that finds ill nodes, at exact versions", async () => {
    const graph = await addons();
    const installed = graph.ofType("aws:eks/addon:Addon").map(({ inputs }) => [inputs.addonName, inputs.clusterName]);
    assert.deepEqual(installed.sort(), [
      ["aws-ebs-csi-driver", "main-1"],
      ["coredns", "main-1"],
      ["eks-node-monitoring-agent", "main-1"],
      ["metrics-server", "main-1"],
      ["snapshot-controller", "main-1"],
    ]);
    for (const { inputs } of graph.ofType("aws:eks/addon:Addon")) {
      assert.match(String(inputs.addonVersion), /^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
      assert.equal(inputs.resolveConflictsOnCreate, "OVERWRITE");
    }
  });

  it("leaves the EBS driver and DNS at work when the add-ons go, for volumes of namespaces that go later", async () => {
    const graph = await addons({ sharedFileSystems: true });
    const kept = graph.ofType("aws:eks/addon:Addon").filter(({ inputs }) => inputs.preserve === true);
    assert.deepEqual(kept.map(({ inputs }) => inputs.addonName).sort(), ["aws-ebs-csi-driver", "coredns"]);
  });

  it("doubles DNS and metrics and places nothing by default", async () => {
    const graph = await addons();
    assert.deepEqual(configuration(graph, "coredns"), { replicaCount: 2 });
    assert.deepEqual(configuration(graph, "metrics-server"), { replicas: 2 });
    assert.equal(addon(graph, "aws-ebs-csi-driver").inputs.configurationValues, undefined);
    assert.equal(addon(graph, "snapshot-controller").inputs.configurationValues, undefined);
  });

  it("has GPUs asked how they are in spite of every taint", async () => {
    assert.deepEqual(configuration(await addons(), "eks-node-monitoring-agent"), {
      dcgmAgent: { tolerations: [{ operator: "Exists" }] },
    });
  });

  it("takes everything that the caller states", async () => {
    const placement = {
      nodeSelector: { "workload-type": "system" },
      tolerations: [{ key: "workload-type", operator: "Equal", value: "system", effect: "NoSchedule" }],
    };
    const placed = {
      nodeSelector: placement.nodeSelector,
      tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }, ...placement.tolerations],
    };
    const graph = await addons({
      placement,
      replicas: 3,
      sharedFileSystems: true,
      volumeTags: { environment: "test" },
      addonVersions: { coredns: "v1.14.7-eksbuild.10" },
    });
    assert.equal(addon(graph, "coredns").inputs.addonVersion, "v1.14.7-eksbuild.10");
    assert.deepEqual(configuration(graph, "coredns"), { replicaCount: 3, ...placed });
    assert.deepEqual(configuration(graph, "metrics-server"), { replicas: 3, ...placed });
    assert.deepEqual(configuration(graph, "snapshot-controller"), placed);
    assert.deepEqual(configuration(graph, "aws-efs-csi-driver"), { controller: placed });
    assert.deepEqual(configuration(graph, "aws-ebs-csi-driver"), {
      controller: { ...placed, extraVolumeTags: { environment: "test" } },
    });
  });

  it("orders nodes, identities and snapshots before the drivers, and nothing else", async () => {
    const graph = await graphOf(() => {
      const options = explicitProviders();
      const gate = (name: string) => ready([new aws.sqs.Queue(name, {})]);
      const made = new ClusterAddons(
        "addons",
        {
          ...MINIMAL,
          sharedFileSystems: true,
          nodesReady: gate("nodes"),
          ebsIdentityReady: gate("ebs-identity"),
          efsIdentityReady: gate("efs-identity"),
        },
        options,
      );
      for (const output of ["dnsReady", "storageReady", "sharedStorageReady", "metricsReady"] as const) {
        new aws.sqs.Queue(output, {}, { dependsOn: behind(made[output]) });
      }
    });
    const queue = (name: string) => graph.one(QUEUE, name);
    const ebs = addon(graph, "aws-ebs-csi-driver");
    const efs = addon(graph, "aws-efs-csi-driver");
    for (const each of graph.ofType("aws:eks/addon:Addon")) assert.ok(graph.waitsFor(each, queue("nodes")), each.name);
    assert.ok(graph.waitsFor(ebs, addon(graph, "snapshot-controller")));
    assert.ok(graph.waitsFor(ebs, queue("ebs-identity")));
    assert.ok(graph.waitsFor(efs, queue("efs-identity")));
    assert.ok(!graph.waitsFor(addon(graph, "coredns"), queue("ebs-identity")));
    assert.ok(graph.waitsFor(queue("dnsReady"), addon(graph, "coredns")));
    assert.ok(!graph.waitsFor(queue("dnsReady"), ebs));
    assert.ok(graph.waitsFor(queue("storageReady"), ebs));
    assert.ok(!graph.waitsFor(queue("storageReady"), efs));
    assert.ok(graph.waitsFor(queue("sharedStorageReady"), efs));
    assert.ok(graph.waitsFor(queue("metricsReady"), addon(graph, "metrics-server")));
  });

  it("adds the drivers of S3 and Lustre when asked to, without any identity", async () => {
    const nodeSelector = { "workload-type": "system" };
    const graph = await addons({ s3Mounts: true, lustreFileSystems: true, placement: { nodeSelector } });
    for (const name of ["aws-mountpoint-s3-csi-driver", "aws-fsx-csi-driver"]) {
      assert.deepEqual(configuration(graph, name), { controller: { nodeSelector } });
    }
    assert.deepEqual(graph.ofType("aws:eks/podIdentityAssociation:PodIdentityAssociation"), []);
  });

  it("opens the gates of S3 and Lustre behind their drivers, and at once when there are none", async () => {
    const graph = await graphOf(() => {
      const options = explicitProviders();
      const made = new ClusterAddons("addons", { ...MINIMAL, s3Mounts: true, lustreFileSystems: true }, options);
      for (const output of ["s3MountsReady", "lustreReady"] as const) {
        new aws.sqs.Queue(output, {}, { dependsOn: behind(made[output]) });
      }
      const { s3MountsReady, lustreReady } = new ClusterAddons("bare", MINIMAL, options);
      return { s3MountsReady, lustreReady };
    });
    assert.ok(graph.waitsFor(graph.one(QUEUE, "s3MountsReady"), addon(graph, "aws-mountpoint-s3-csi-driver")));
    assert.ok(graph.waitsFor(graph.one(QUEUE, "lustreReady"), addon(graph, "aws-fsx-csi-driver")));
    assert.deepEqual(graph.result, { s3MountsReady: "ready", lustreReady: "ready" });
  });

  it("opens the gate of shared storage at once when there is none", async () => {
    const graph = await graphOf(() => {
      const { sharedStorageReady } = new ClusterAddons("addons", MINIMAL, explicitProviders());
      return { sharedStorageReady };
    });
    assert.deepEqual(graph.result, { sharedStorageReady: "ready" });
  });

  it("refuses bad arguments, all at once", async () => {
    const failure = await failureOf(
      () =>
        new ClusterAddons(
          "addons",
          { ...MINIMAL, kubernetesVersion: "1.2", replicas: 0, addonVersions: { coredns: "v1" } },
          explicitProviders(),
        ),
    );
    assert.equal(
      failure,
      [
        'ClusterAddons "addons" cannot be built from these arguments:',
        "  kubernetesVersion: must be one of 1.34, 1.35, 1.36 (got 1.2). Take a minor that add-ons, charts and images are pinned for.",
        "  addonVersions.coredns: must be an exact version like v1.23.0-eksbuild.1 (got v1). Take one that `aws eks describe-addon-versions` lists for the cluster's minor.",
        "  replicas: must be a whole number, 1 or more (got 0). Correct it; 2 is the default.",
      ].join("\n"),
    );
  });

  it("registers twice in one stack, with explicit providers, before anything is known", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new ClusterAddons("one", MINIMAL, options);
        new ClusterAddons("two", MINIMAL, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType("aws:eks/addon:Addon").length, 10);
    assert.deepEqual(
      graph.resources.filter((each) => each.type.startsWith("aws:") && each.provider === ""),
      [],
    );
  });
});
