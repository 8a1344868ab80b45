import assert from "node:assert/strict";
import {
  Architectures,
  accelerator,
  allocatable,
  INSTANCE_TYPES,
  instanceShape,
  retiredGpu,
} from "../../../components/internal/instance-types";

/** type, vCPUs, memory in GiB, GPUs, USD an hour. */
const EXPECTED_SHAPES: [string, number, number, string, number][] = [
  ["t3.medium", 2, 4, "", 0.0416],
  ["t3.large", 2, 8, "", 0.0832],
  ["m6i.large", 2, 8, "", 0.096],
  ["m7i.large", 2, 8, "", 0.1008],
  ["m7i.xlarge", 4, 16, "", 0.2016],
  ["m7i.2xlarge", 8, 32, "", 0.4032],
  ["c5.4xlarge", 16, 32, "", 0.68],
  ["c6i.4xlarge", 16, 32, "", 0.68],
  ["c7i.2xlarge", 8, 16, "", 0.357],
  ["c7i.4xlarge", 16, 32, "", 0.714],
  ["r6i.2xlarge", 8, 64, "", 0.504],
  ["r7i.large", 2, 16, "", 0.1323],
  ["r7i.xlarge", 4, 32, "", 0.2646],
  ["r7i.2xlarge", 8, 64, "", 0.5292],
  ["r7i.4xlarge", 16, 128, "", 1.0584],
  ["g4dn.12xlarge", 48, 192, "4 T4 16384", 3.912],
  ["g5.2xlarge", 8, 32, "1 A10G 22888", 1.212],
  ["g5.12xlarge", 48, 192, "4 A10G 22888", 5.672],
  ["g5.48xlarge", 192, 768, "8 A10G 22888", 16.288],
  ["g6.2xlarge", 8, 32, "1 L4 22888", 0.9776],
  ["g6.12xlarge", 48, 192, "4 L4 22888", 4.6016],
  ["g6.48xlarge", 192, 768, "8 L4 22888", 13.3504],
  ["g6e.xlarge", 4, 32, "1 L40S 45776", 1.861],
  ["g6e.2xlarge", 8, 64, "1 L40S 45776", 2.24208],
  ["g6e.12xlarge", 48, 384, "4 L40S 45776", 10.49264],
  ["g6e.48xlarge", 192, 1536, "8 L40S 45776", 30.13118],
  ["p4d.24xlarge", 96, 1152, "8 A100 40960", 21.957642],
  ["p4de.24xlarge", 96, 1152, "8 A100-80GB 81920", 27.44705],
  ["p5.4xlarge", 16, 256, "1 H100 81920", 6.88],
  ["p5.48xlarge", 192, 2048, "8 H100 81920", 55.04],
  ["p5en.48xlarge", 192, 2048, "8 H200 144384", 63.296],
  ["p6-b200.48xlarge", 192, 2048, "8 B200 183359", 113.9328],
];

describe("instance types", () => {
  for (const [type, vcpus, memoryGiB, gpus, price] of EXPECTED_SHAPES) {
    it(`knows ${type}`, () => {
      const shape = instanceShape(type);
      assert.ok(shape);
      assert.equal(shape.vcpus, vcpus);
      assert.equal(shape.memoryMiB, memoryGiB * 1024);
      assert.equal(shape.gpu ? `${shape.gpu.count} ${shape.gpu.model} ${shape.gpu.memoryMiB}` : "", gpus);
      assert.equal(shape.onDemandUsdPerHour, price);
    });
  }

  it("reads every line of its table, each type once", () => {
    assert.equal(new Set(INSTANCE_TYPES).size, INSTANCE_TYPES.length);
    for (const type of INSTANCE_TYPES) {
      const node = allocatable(type);
      const shape = instanceShape(type);
      assert.ok(node && shape, type);
      assert.ok(node.cpuMillis > 0 && node.cpuMillis < shape.vcpus * 1000, type);
      assert.ok(node.memoryMiB > 0 && node.memoryMiB < shape.memoryMiB, type);
      assert.ok(node.pods >= 8 && node.pods <= 250, type);
      assert.ok(shape.onDemandUsdPerHour > 0, type);
      assert.equal(shape.gpu !== undefined, /^[gp]\d/.test(type), type);
    }
  });

  for (const [type, cpuMillis, memoryMiB, pods, gpus, withoutPrefixes] of [
    ["m7i.large", 1930, 6903, 110, 0, 29],
    ["c7i.4xlarge", 15890, 27381, 110, 0, 234],
    ["r7i.large", 1930, 14481, 110, 0, 29],
    ["r7i.2xlarge", 7910, 59627, 110, 0, 58],
    ["g6e.12xlarge", 47810, 360157, 250, 4, 292],
  ] as const) {
    it(`leaves of ${type} what EKS leaves for pods`, () => {
      assert.deepEqual(allocatable(type), { cpuMillis, memoryMiB, pods, gpus });
      assert.equal(instanceShape(type)?.maxPodsWithoutPrefixes, withoutPrefixes);
    });
  }

  it("says nothing of types that it does not know", () => {
    assert.equal(instanceShape("x9.large"), undefined);
    assert.equal(allocatable("x9.large"), undefined);
  });

  it("tells architectures apart", () => {
    for (const type of ["t4g.medium", "m7g.large", "c7g.4xlarge", "r7g.large"]) {
      assert.equal(instanceShape(type)?.architecture, Architectures.Arm, type);
    }
    for (const type of ["t3.large", "g6e.12xlarge", "g4dn.xlarge", "p6-b200.48xlarge", "m7i.large"]) {
      assert.equal(instanceShape(type)?.architecture, Architectures.X86, type);
    }
  });

  it("names the quota that each class draws on", () => {
    const codes = (type: string) => [instanceShape(type)?.quotaCode, instanceShape(type)?.spotQuotaCode];
    assert.deepEqual(codes("m7i.large"), ["L-1216C47A", "L-34B43A08"]);
    assert.deepEqual(codes("g6e.12xlarge"), ["L-DB2E81BA", "L-3819A6DF"]);
    assert.deepEqual(codes("p4d.24xlarge"), ["L-417A185B", "L-7212CCBC"]);
    assert.deepEqual(codes("p5.48xlarge"), ["L-417A185B", undefined]);
  });

  it("knows retired GPUs and names the others", () => {
    assert.deepEqual(["p2.xlarge", "p3.8xlarge", "p3dn.24xlarge", "p4d.24xlarge", "g5.xlarge"].filter(retiredGpu), [
      "p2.xlarge",
      "p3.8xlarge",
      "p3dn.24xlarge",
    ]);
    assert.equal(accelerator("g6e.12xlarge"), "nvidia-l40s");
    assert.equal(accelerator("x9.large"), "nvidia");
  });
});
