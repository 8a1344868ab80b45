import assert from "node:assert/strict";
import { NodePool, type NodePoolArgs, TaintEffect } from "../../../components/foundation/node-pool";
import { subnetOfZone } from "../../../components/internal/zones";
import { failureOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];
const MINIMAL: NodePoolArgs = {
  clusterName: "main-1",
  kubernetesVersion: "1.35",
  region: "us-east-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  instanceTypes: ["m7i.large"],
  minSize: 2,
  maxSize: 4,
};

describe("NodePool arguments", () => {
  const refused: [string, Partial<NodePoolArgs>, string][] = [
    ["min above max", { minSize: 5 }, "minSize: must not exceed maxSize (4) (got 5). Raise maxSize or lower minSize."],
    ["a fraction of a node", { minSize: 1.5 }, "minSize: must be a whole number, 0 or more (got 1.5). Correct it."],
    [
      "a pool without room",
      { minSize: 0, maxSize: 0 },
      "maxSize: must be a whole number, 1 or more (got 0). Correct it; leave the pool out if it must never have a node.",
    ],
    [
      "a desired size outside the bounds",
      { desiredSize: 5 },
      "desiredSize: must lie between minSize (2) and maxSize (4) (got 5). Correct it, or leave it out to start with minSize nodes.",
    ],
    [
      "a disk too small for images",
      { diskSizeGiB: 8 },
      "diskSizeGiB: must be a whole number, 20 or more (got 8). Leave room for images and logs: 100 is the default, 200 with GPUs.",
    ],
    [
      "groups a zone without zones",
      { perZone: true },
      "zones: must be given with perZone. List the zones of subnetIds, in the same order.",
    ],
    [
      "fewer subnets than zones",
      { perZone: true, zones: ZONES, subnetIds: ["subnet-a"] },
      "subnetIds: must hold one subnet for each of the 3 zones (got 1). List one subnet a zone, in the order of zones.",
    ],
    [
      "a zone twice",
      { perZone: true, zones: ["us-east-1a", "us-east-1a", "us-east-1b"] },
      'zones: must name each zone once (got ["us-east-1a","us-east-1a","us-east-1b"]). Remove the repetition.',
    ],
    [
      "no instance type",
      { instanceTypes: [] },
      "instanceTypes: must hold 1 to 20 types (got 0). Name at least one EC2 type, e.g. m7i.large.",
    ],
    [
      "what is no instance type",
      { instanceTypes: ["large"] },
      "instanceTypes[0]: must be an EC2 instance type (got large). Write it like m7i.large.",
    ],
    [
      "retired GPUs",
      { instanceTypes: ["p3.8xlarge"], gpu: true },
      "instanceTypes[0]: has GPUs of a retired generation (K80, V100), which today's drivers and model servers no longer serve (got p3.8xlarge). Take a g6e, g6, g5, p4d or p5 type.",
    ],
    [
      "two architectures",
      { instanceTypes: ["m7i.large", "m7g.large"] },
      'instanceTypes: must share one processor architecture, since a node group has one AMI (got ["m7i.large","m7g.large"]). Make a pool for each architecture.',
    ],
    [
      "GPUs without their AMI",
      { instanceTypes: ["g6e.12xlarge"] },
      "instanceTypes[0]: has GPUs, which the standard AMI has no driver for (got g6e.12xlarge). Set gpu: true.",
    ],
    [
      "the GPU AMI without GPUs",
      { gpu: true },
      "instanceTypes[0]: has no GPU, though the pool is declared with gpu: true (got m7i.large). Take a GPU type, or remove gpu.",
    ],
    [
      "different GPUs in one pool",
      { instanceTypes: ["g6e.12xlarge", "g6.12xlarge"], gpu: true },
      'instanceTypes: must have the same number and model of GPUs, since the autoscaler sees one kind of node in a group (got ["4 L40S","4 L4"]). Make a pool for each kind.',
    ],
    [
      "a taint twice",
      {
        taints: [
          { key: "a", effect: TaintEffect.NoSchedule },
          { key: "a", value: "b", effect: TaintEffect.NoSchedule },
        ],
      },
      'taints: must name each key with an effect once (got ["a:NoSchedule","a:NoSchedule"]). Remove the repetition.',
    ],
    [
      "an unknown minor",
      { kubernetesVersion: "1.37" },
      "kubernetesVersion: must be one of 1.34, 1.35, 1.36 (got 1.37). Take a minor that add-ons, charts and images are pinned for.",
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what}`, async () => {
      const failure = await failureOf(() => new NodePool("cpu", { ...MINIMAL, ...args }, explicitProviders()));
      assert.ok(
        failure.startsWith(`NodePool "cpu" cannot be built from these arguments:\n  ${message}`),
        `unexpected message:\n${failure}`,
      );
    });
  }

  it("refuses subnets that do not match the zones once they are known", () => {
    assert.equal(subnetOfZone('NodePool "cpu"', ZONES, ["a", "b", "c"], 1), "b");
    for (const subnetIds of [
      ["a", "b"],
      ["a", "b", "c", "d"],
    ]) {
      assert.throws(() => subnetOfZone('NodePool "cpu"', ZONES, subnetIds, 0), {
        message: `NodePool "cpu": ${subnetIds.length} subnets for 3 zones (us-east-1a, us-east-1b, us-east-1c). List one subnet a zone in subnetIds, in the order of zones.`,
      });
    }
  });
});
