import assert from "node:assert/strict";
import { canPartition, efaCards, hasCapacityBlocks, localDiskGB } from "../../../components/internal/gpu-hardware";
import {
  type GpuSharingArgs,
  gpuResources,
  MigStrategy,
  sharingConfiguration,
  sharingLabels,
  sharingName,
  sharingProblems,
} from "../../../components/internal/gpu-sharing";
import { hasGpus, INSTANCE_TYPES } from "../../../components/internal/instance-types";
import { formatProblem } from "../../../components/internal/problems";

const SLICED: GpuSharingArgs = { timeSlicing: { replicas: 4 } };
const MPS: GpuSharingArgs = { mps: { replicas: 2 } };
const SINGLE: GpuSharingArgs = { mig: { profile: "1g.10gb", partitions: 7 } };
const MIXED: GpuSharingArgs = { mig: { profile: "3g.40gb", partitions: 2, strategy: MigStrategy.Mixed } };

describe("sharing of GPUs", () => {
  it("multiplies what a node offers", () => {
    assert.deepEqual(gpuResources(4, undefined), { "nvidia.com/gpu": 4 });
    assert.deepEqual(gpuResources(4, SLICED), { "nvidia.com/gpu": 16 });
    assert.deepEqual(gpuResources(4, MPS), { "nvidia.com/gpu": 8 });
    assert.deepEqual(gpuResources(8, SINGLE), { "nvidia.com/gpu": 56 });
    assert.deepEqual(gpuResources(8, MIXED), { "nvidia.com/mig-3g.40gb": 16 });
  });

  it("labels nodes with the name of a configuration, and those of MPS for its daemon", () => {
    assert.deepEqual(sharingLabels(undefined), {});
    assert.deepEqual(sharingLabels(SLICED), { "nvidia.com/device-plugin.config": "time-slicing-4" });
    assert.deepEqual(sharingLabels(MPS), {
      "nvidia.com/device-plugin.config": "mps-2",
      "nvidia.com/mps.capable": "true",
    });
    assert.equal(sharingName(SINGLE), "mig-single");
    assert.equal(sharingName(MIXED), "mig-mixed");
  });

  it("writes configurations in the device plugin's own format", () => {
    assert.deepEqual(JSON.parse(sharingConfiguration(SLICED)), {
      version: "v1",
      sharing: {
        timeSlicing: { failRequestsGreaterThanOne: true, resources: [{ name: "nvidia.com/gpu", replicas: 4 }] },
      },
    });
    assert.deepEqual(JSON.parse(sharingConfiguration(MPS)), {
      version: "v1",
      sharing: { mps: { resources: [{ name: "nvidia.com/gpu", replicas: 2 }] } },
    });
    assert.deepEqual(JSON.parse(sharingConfiguration(MIXED)), { version: "v1", flags: { migStrategy: "mixed" } });
  });

  const refused: [string, GpuSharingArgs, string[], string][] = [
    [
      "nothing in particular",
      {},
      [],
      "sharing: exactly one of timeSlicing, mps, mig must be given (got none). Add timeSlicing, mps or mig.",
    ],
    [
      "two ways at once",
      { ...SLICED, ...MPS },
      [],
      "sharing: exactly one of timeSlicing, mps, mig must be given (got timeSlicing and mps). Keep one of timeSlicing, mps.",
    ],
    [
      "one pod a GPU as sharing",
      { timeSlicing: { replicas: 1 } },
      [],
      "sharing.timeSlicing.replicas: must be a whole number from 2 to 48 (got 1). Correct it, or leave sharing out for one pod a GPU.",
    ],
    [
      "more clients than MPS has",
      { mps: { replicas: 49 } },
      [],
      "sharing.mps.replicas: must be a whole number from 2 to 48 (got 49). Correct it, or leave sharing out for one pod a GPU.",
    ],
    [
      "more partitions than a GPU has",
      { mig: { profile: "1g.10gb", partitions: 8 } },
      ["H100"],
      "sharing.mig.partitions: must be a whole number from 1 to 7 (got 8). Take the number of instances that NVIDIA's table of MIG profiles gives.",
    ],
    [
      "what is no profile",
      { mig: { profile: "small", partitions: 1 } },
      ["H100"],
      "sharing.mig.profile: must be the name of a MIG profile (got small). Write it as `nvidia-smi mig -lgip` does, such as 1g.10gb.",
    ],
    [
      "partitions of GPUs that cannot be cut",
      SINGLE,
      ["L40S", "L40S"],
      "sharing.mig: needs GPUs that can be cut into partitions (got L40S). Take a p4d, p5, p5en or p6 type, or share by timeSlicing.",
    ],
  ];
  for (const [what, sharing, models, message] of refused) {
    it(`refuses ${what}`, () => {
      assert.deepEqual(sharingProblems("sharing", sharing, models).map(formatProblem), [message]);
    });
  }

  it("accepts each way on its own", () => {
    for (const sharing of [SLICED, MPS, SINGLE, MIXED]) {
      assert.deepEqual(sharingProblems("sharing", sharing, ["H100"]), []);
    }
  });
});

describe("hardware of GPU types", () => {
  it("is known for every type of the table that has GPUs", () => {
    for (const type of INSTANCE_TYPES.filter(hasGpus)) assert.ok(localDiskGB(type) > 0, type);
    for (const type of INSTANCE_TYPES.filter((each) => !hasGpus(each))) {
      assert.deepEqual([localDiskGB(type), efaCards(type)], [0, 0], type);
    }
  });

  it("counts the cards that speak EFA", () => {
    assert.deepEqual(
      ["g6e.4xlarge", "g6e.12xlarge", "g6e.48xlarge", "p4d.24xlarge", "p5.48xlarge", "g99.48xlarge"].map(efaCards),
      [0, 1, 4, 4, 32, 0],
    );
  });

  it("knows what is sold in blocks, and what can be cut", () => {
    const types = ["p4d.24xlarge", "p5.48xlarge", "p6-b200.48xlarge", "g6e.12xlarge", "p3.8xlarge", "m7i.large"];
    assert.deepEqual(types.map(hasCapacityBlocks), [true, true, true, false, false, false]);
    assert.deepEqual(["H100", "L40S"].map(canPartition), [true, false]);
  });
});
