import assert from "node:assert/strict";
import { CapacityType, NodePool, type NodePoolArgs } from "../../../components/foundation/node-pool";
import { scalingHints } from "../../../components/foundation/node-pool-scaling-hints";
import { nodeUserData } from "../../../components/foundation/node-pool-user-data";
import { failureOf, type Graph, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const ZONE = { zones: ["us-east-1b"], subnetIds: ["subnet-b"] };
const MINIMAL: NodePoolArgs = {
  clusterName: "main-1",
  kubernetesVersion: "1.35",
  region: "us-east-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  instanceTypes: ["g6e.12xlarge"],
  gpu: true,
  minSize: 0,
  maxSize: 12,
};
const BLOCK: Partial<NodePoolArgs> = {
  ...ZONE,
  instanceTypes: ["p5.48xlarge"],
  capacityType: CapacityType.CapacityBlock,
  capacityBlock: { reservationId: "cr-0123456789abcdef0" },
};
const EFA: Partial<NodePoolArgs> = {
  ...ZONE,
  instanceTypes: ["g6e.48xlarge"],
  efa: { vpcId: "vpc-1", clusterSecurityGroupId: "sg-cluster" },
};
const GROUP = "aws:eks/nodeGroup:NodeGroup";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const pool = (args: Partial<NodePoolArgs> = {}) =>
  graphOf(() => new NodePool("gpu", { ...MINIMAL, ...args }, explicitProviders()));

/** Parts of the user data by their type. */
function userData(graph: Graph): Record<string, string> {
  const text = Buffer.from(String(graph.one(TEMPLATE).inputs.userData), "base64").toString();
  const parts = text.split("--//\n").slice(1);
  return Object.fromEntries(
    parts.map((part) => {
      const [, type = "", body = ""] = /^Content-Type: (\S+)\n\n([\s\S]*?)\n\n?(?:--\/\/--\n)?$/.exec(part) ?? [];
      return [type, body.trim()];
    }),
  );
}

describe("NodePool with GPUs", () => {
  it("updates one node at a time, which goes before the next one comes (3.2)", async () => {
    const { inputs } = (await pool()).one(GROUP);
    assert.deepEqual(inputs.updateConfig, { maxUnavailable: 1, updateStrategy: "MINIMAL" });
    assert.deepEqual(inputs.nodeRepairConfig, { enabled: true });
  });

  it("has a disk for large images (3.7)", async () => {
    const [disk] = (await pool()).one(TEMPLATE).inputs.blockDeviceMappings as { ebs: Record<string, unknown> }[];
    assert.deepEqual(disk, {
      deviceName: "/dev/xvda",
      ebs: {
        volumeSize: 200,
        volumeType: "gp3",
        encrypted: "true",
        deleteOnTermination: "true",
        iops: 16_000,
        throughput: 1000,
      },
    });
  });

  it("pulls images in parallel and keeps them on the node's own disks (4.9)", async () => {
    const parts = userData(await pool());
    assert.deepEqual(Object.keys(parts), ["application/node.eks.aws"]);
    assert.deepEqual(JSON.parse(parts["application/node.eks.aws"] ?? ""), {
      apiVersion: "node.eks.aws/v1alpha1",
      kind: "NodeConfig",
      spec: {
        kubelet: { config: { maxPods: 250 } },
        featureGates: { FastImagePull: true },
        instance: { localStorage: { strategy: "RAID0" } },
      },
    });
  });

  it("counts on no disks of types that it does not know", () => {
    const text = nodeUserData({ instanceTypes: ["g6e.12xlarge", "g99.12xlarge"], gpu: true }) ?? "";
    assert.match(text, /\{"featureGates":\{"FastImagePull":true\}\}/);
    assert.equal(scalingHints({ ...MINIMAL, instanceTypes: ["g99.12xlarge"] })["resources/ephemeral-storage"], "200Gi");
  });

  it("is labelled for device plugin, exporter and autoscaler (L04)", async () => {
    const { inputs } = (await pool({ labels: { "node-type": "gpu", "workload-type": "llm-inference" } })).one(GROUP);
    assert.deepEqual(inputs.labels, {
      "k8s.amazonaws.com/accelerator": "nvidia-l40s",
      "nvidia.com/gpu.present": "true",
      "node-type": "gpu",
      "workload-type": "llm-inference",
    });
  });

  it("says how its GPUs are shared, to the device plugin and to the autoscaler", async () => {
    const args: Partial<NodePoolArgs> = { gpuSharing: { mps: { replicas: 3 } } };
    const labels = (await pool(args)).one(GROUP).inputs.labels as Record<string, string>;
    assert.equal(labels["nvidia.com/device-plugin.config"], "mps-3");
    assert.equal(labels["nvidia.com/mps.capable"], "true");
    assert.equal(scalingHints({ ...MINIMAL, ...args })["resources/nvidia.com/gpu"], "12");
  });

  it("cuts GPUs before the kubelet starts", async () => {
    const args: Partial<NodePoolArgs> = {
      instanceTypes: ["p5.48xlarge"],
      gpuSharing: { mig: { profile: "3g.40gb", partitions: 2 } },
    };
    const script = userData(await pool(args))["text/x-shellscript"];
    assert.equal(
      script,
      [
        "#!/bin/bash",
        "set -euo pipefail",
        "systemctl start nvidia-kmod-load.service",
        "nvidia-smi -mig 1",
        "nvidia-smi mig -cgi 3g.40gb,3g.40gb -C",
      ].join("\n"),
    );
    assert.equal(scalingHints({ ...MINIMAL, ...args })["resources/nvidia.com/gpu"], "16");
  });

  it("takes machines out of a capacity block: by the template, in one zone, from none on (3.7)", async () => {
    const graph = await pool(BLOCK);
    const { inputs } = graph.one(GROUP);
    assert.equal(inputs.capacityType, "CAPACITY_BLOCK");
    assert.ok(!("instanceTypes" in inputs), "EKS takes the type from one place");
    assert.deepEqual(inputs.subnetIds, ["subnet-b"]);
    assert.deepEqual(inputs.scalingConfig, { minSize: 0, maxSize: 12, desiredSize: 0 });
    const template = graph.one(TEMPLATE).inputs;
    assert.equal(template.instanceType, "p5.48xlarge");
    assert.deepEqual(template.instanceMarketOptions, { marketType: "capacity-block" });
    assert.deepEqual(template.capacityReservationSpecification, {
      capacityReservationTarget: { capacityReservationId: "cr-0123456789abcdef0" },
    });
  });

  it("starts machines of a block by hand in one run", async () => {
    const { inputs, options } = (await pool({ ...BLOCK, desiredSize: 2, resize: true })).one(GROUP);
    assert.deepEqual(inputs.scalingConfig, { minSize: 0, maxSize: 12, desiredSize: 2 });
    assert.deepEqual(options.ignoreChanges, []);
  });

  it("names the zone of a pool that has one alone", () => {
    const hints = scalingHints({ ...MINIMAL, ...ZONE });
    assert.equal(hints["label/topology.ebs.csi.aws.com/zone"], "us-east-1b");
  });
});

describe("NodePool with EFA", () => {
  it("gives each card an interface, of which the first carries addresses (3.8)", async () => {
    const { inputs } = (await pool(EFA)).one(TEMPLATE);
    const interfaces = inputs.networkInterfaces as Record<string, unknown>[];
    assert.deepEqual(
      interfaces.map(({ networkCardIndex, deviceIndex, interfaceType }) => [
        networkCardIndex,
        deviceIndex,
        interfaceType,
      ]),
      [
        [0, 0, "efa"],
        [1, 1, "efa-only"],
        [2, 1, "efa-only"],
        [3, 1, "efa-only"],
      ],
    );
    for (const each of interfaces) {
      const [cluster, own] = each.securityGroups as string[];
      assert.equal(cluster, "sg-cluster", "with a group of ours EKS adds none (first-up 29)");
      assert.match(String(own), /^sg-/);
      assert.equal(each.deleteOnTermination, "true");
    }
    assert.ok(!("vpcSecurityGroupIds" in inputs));
  });

  it("lets its nodes reach each other without limit, and keeps them close", async () => {
    const graph = await pool(EFA);
    const group = graph.one("aws:ec2/securityGroup:SecurityGroup");
    assert.equal(group.inputs.vpcId, "vpc-1");
    for (const way of ["Ingress", "Egress"]) {
      const rule = graph.one(`aws:vpc/securityGroup${way}Rule:SecurityGroup${way}Rule`);
      assert.equal(rule.inputs.ipProtocol, "-1");
      assert.equal(rule.inputs.securityGroupId, rule.inputs.referencedSecurityGroupId);
      assert.ok(graph.waitsFor(graph.one(GROUP), rule), way);
    }
    const placement = graph.one("aws:ec2/placementGroup:PlacementGroup");
    assert.equal(placement.inputs.strategy, "cluster");
    assert.ok(graph.waitsFor(graph.one(TEMPLATE), placement));
  });

  it("is labelled and announced for its own device plugin", async () => {
    const labels = (await pool(EFA)).one(GROUP).inputs.labels as Record<string, string>;
    assert.equal(labels["vpc.amazonaws.com/efa.present"], "true");
    const hints = scalingHints({ ...MINIMAL, ...EFA });
    assert.equal(hints["resources/vpc.amazonaws.com/efa"], "4");
    assert.equal(hints["resources/hugepages-2Mi"], "5120Mi");
  });

  it("leaves nothing of it in other pools", async () => {
    const graph = await pool();
    assert.equal(graph.ofType("aws:ec2/placementGroup:PlacementGroup").length, 0);
    assert.ok(!("networkInterfaces" in graph.one(TEMPLATE).inputs) && !("placement" in graph.one(TEMPLATE).inputs));
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new NodePool("one", { ...MINIMAL, ...EFA }, options);
        new NodePool("two", { ...MINIMAL, ...EFA }, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(TEMPLATE).length, 2);
    assert.deepEqual(
      graph.resources.filter((each) => each.type.startsWith("aws:") && each.provider === ""),
      [],
    );
  });
});

describe("NodePool's GPU arguments", () => {
  const refused: [string, Partial<NodePoolArgs>, string][] = [
    [
      "a block without its id",
      { ...BLOCK, capacityBlock: undefined },
      "capacityBlock: must be given exactly when capacityType is CAPACITY_BLOCK (got CAPACITY_BLOCK). Add the block's reservationId.",
    ],
    [
      "a block that nobody asked for",
      { ...BLOCK, capacityType: CapacityType.Spot },
      "capacityBlock: must be given exactly when capacityType is CAPACITY_BLOCK (got SPOT). Remove it, or set capacityType.",
    ],
    [
      "what is no reservation",
      { ...BLOCK, capacityBlock: { reservationId: "block-1" } },
      "capacityBlock.reservationId: must be the id of a capacity reservation (got block-1). Take it from `aws ec2 describe-capacity-reservations`; it looks like cr-0123456789abcdef0.",
    ],
    [
      "a block of a type that has none",
      { ...BLOCK, instanceTypes: ["g6e.12xlarge"] },
      'instanceTypes: must be the one P type that the capacity block holds (got ["g6e.12xlarge"]). Name the block\'s type alone, e.g. p5.48xlarge.',
    ],
    [
      "a block over several zones",
      { ...BLOCK, zones: undefined, subnetIds: ["subnet-a", "subnet-b"] },
      "zones: must be exactly one: a capacity block lies in one zone (got none). Name the one zone, and its subnet in subnetIds.",
    ],
    [
      "machines of a block before it begins",
      { ...BLOCK, minSize: 1 },
      "minSize: must be 0 with a capacity block, which has no machines before it begins and none after it ends (got 1). Set it to 0; once the block has begun the autoscaler starts the nodes that pods need.",
    ],
    [
      "machines of a block at the start",
      { ...BLOCK, desiredSize: 2 },
      "desiredSize: must be 0 with a capacity block unless resize is set (got 2). Leave it out; to start nodes by hand once the block has begun, set resize for one run.",
    ],
    [
      "EFA without GPUs",
      { ...EFA, instanceTypes: ["m7i.large"], gpu: false },
      'efa: connects the GPUs of several nodes, and needs a pool with GPUs (got ["m7i.large"]). Set gpu: true, or remove efa.\n  instanceTypes: must all have the same number',
    ],
    [
      "EFA on a type without a card for it",
      { ...EFA, instanceTypes: ["g6e.4xlarge"] },
      "instanceTypes: must all have the same number of network cards for EFA, at least one (got g6e.4xlarge: 0). Take a g5, g6 or g6e type from 8xlarge on, or a p4d, p5 or p6 type; or remove efa.",
    ],
    [
      "EFA on types with different cards",
      { ...EFA, instanceTypes: ["g6e.12xlarge", "g6e.24xlarge"] },
      "instanceTypes: must all have the same number of network cards for EFA, at least one (got g6e.12xlarge: 1, g6e.24xlarge: 2). Take a g5, g6 or g6e type from 8xlarge on, or a p4d, p5 or p6 type; or remove efa.",
    ],
    [
      "EFA over several zones",
      { ...EFA, zones: ["us-east-1a", "us-east-1b"], subnetIds: ["subnet-a", "subnet-b"] },
      'zones: must be exactly one: nodes that EFA connects stand close to each other (got ["us-east-1a","us-east-1b"]). Name the one zone, and its subnet in subnetIds.',
    ],
    [
      "GPUs shared where there are none",
      { instanceTypes: ["m7i.large"], gpu: false, gpuSharing: { timeSlicing: { replicas: 2 } } },
      'gpuSharing: needs a pool with GPUs (got ["m7i.large"]). Set gpu: true, or remove gpuSharing.',
    ],
    [
      "GPUs cut that cannot be",
      { gpuSharing: { mig: { profile: "1g.10gb", partitions: 7 } } },
      "gpuSharing.mig: needs GPUs that can be cut into partitions (got L40S). Take a p4d, p5, p5en or p6 type, or share by timeSlicing.",
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what}`, async () => {
      const failure = await failureOf(() => new NodePool("gpu", { ...MINIMAL, ...args }, explicitProviders()));
      assert.ok(
        failure.startsWith(`NodePool "gpu" cannot be built from these arguments:\n  ${message}`),
        `unexpected message:\n${failure}`,
      );
    });
  }
});
