import assert from "node:assert/strict";
import { hasGpus } from "../../components/internal/instance-types";
import { poolPurpose } from "../../stacks/placement";
import { type RecordedStack, variantOf } from "../support/stacks";

const GPU_TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" };

const POOLS = {
  "nodePools.train": {
    instanceTypes: ["g6e.xlarge", "g6e.2xlarge"],
    capacityType: "spot",
    minSize: 0,
    maxSize: 2,
    perZone: true,
    labels: { team: "research" },
    taints: [{ key: "team", value: "research", effect: "NoSchedule" }],
  },
  "nodePools.batch": { instanceType: "c7g.4xlarge", minSize: 1, maxSize: 3, desiredSize: 2, resize: true },
  "nodePools.new": { instanceType: "g99.xlarge", minSize: 0, maxSize: 1 },
};

describe("node pools of a stack", () => {
  let graph: RecordedStack["graph"];
  before(async () => {
    graph = (await variantOf("prod", POOLS)).graph;
  });

  const groups = (pool: string) =>
    graph.ofType("aws:eks/nodeGroup:NodeGroup").filter(({ name }) => name.startsWith(`pool-${pool}-`));

  it("have GPUs where their machines do, whatever their name", () => {
    for (const [pool, count] of [
      ["gpu", 1],
      ["train", 3],
      ["new", 1],
    ] as const) {
      const found = groups(pool);
      assert.equal(found.length, count, pool);
      for (const { inputs } of found) {
        const labels = inputs.labels as Record<string, string>;
        assert.equal(inputs.amiType, "AL2023_x86_64_NVIDIA", pool);
        assert.equal(labels["node-type"], "gpu", pool);
        assert.equal(labels["workload-type"], pool === "gpu" ? "llm-inference" : pool);
        assert.deepEqual((inputs.taints as unknown[])[0], GPU_TAINT, pool);
      }
    }
  });

  it("carry what the user adds besides", () => {
    for (const { inputs } of groups("train")) {
      assert.equal((inputs.labels as Record<string, string>).team, "research");
      assert.deepEqual(inputs.taints, [GPU_TAINT, { key: "team", value: "research", effect: "NO_SCHEDULE" }]);
    }
  });

  it("without GPUs carry their name and no taint", () => {
    const [batch] = groups("batch");
    assert.deepEqual(batch?.inputs.labels, { "node-type": "batch", "workload-type": "batch" });
    assert.deepEqual(batch?.inputs.taints ?? [], []);
    assert.equal(batch?.inputs.amiType, "AL2023_ARM_64_STANDARD");
  });

  it("of the platform keep their purpose", () => {
    assert.deepEqual(poolPurpose("cpu", ["c7i.4xlarge"]).labels, { "node-type": "cpu", "workload-type": "general" });
    assert.equal(poolPurpose("data", ["r7i.large"]).gpu, false);
  });

  it("know GPUs of types outside the table by their family", () => {
    assert.deepEqual(
      ["g6.xlarge", "p5.48xlarge", "g99.xlarge", "gr6.4xlarge", "g4ad.xlarge", "m7i.large", "m99i.large"].map(hasGpus),
      [true, true, true, true, false, false, false],
    );
  });
});
