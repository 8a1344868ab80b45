import assert from "node:assert/strict";
import { formatProblem } from "../../../components/internal/problems";
import { gpuPools, gpuPoolsInUse, poolOfModel } from "../../../stacks/settings/gpu-pools";
import { zonesOfNetwork, zonesOfPool } from "../../../stacks/settings/pool-zones";
import { GPU_POOL_RULES } from "../../../stacks/settings/rules/gpu-pools";
import { GPU_RULES } from "../../../stacks/settings/rules/llm/gpu";
import type { ParsedSections } from "../../../stacks/settings/settings";
import { parsed } from "../../support/settings";

const POOLS = {
  cpu: { instanceTypes: ["c7i.4xlarge"] },
  gpu: { instanceTypes: ["g6e.12xlarge"] },
  large: { instanceTypes: ["p5.48xlarge"] },
};
const llm = (enabled: boolean, models: Record<string, { nodePool?: string }>) => ({ enabled, models });

describe("GPU pools in use", () => {
  it("are those that an enabled model server runs on, by default pool gpu", () => {
    assert.equal(poolOfModel({}), "gpu");
    assert.deepEqual(gpuPools(POOLS), ["gpu", "large"]);
    assert.deepEqual(gpuPoolsInUse({ llm: llm(true, { a: {}, b: {} }), nodePools: POOLS }), ["gpu"]);
    assert.deepEqual(gpuPoolsInUse({ llm: llm(true, { a: { nodePool: "large" } }), nodePools: POOLS }), ["large"]);
  });

  it("are none while models are switched off, and never pools without GPUs", () => {
    assert.deepEqual(gpuPoolsInUse({ llm: llm(false, { a: {} }), nodePools: POOLS }), []);
    assert.deepEqual(gpuPoolsInUse({ llm: llm(true, { a: { nodePool: "cpu" } }), nodePools: POOLS }), []);
  });
});

describe("zones of a pool", () => {
  it("are its own, or the network's", () => {
    const network = { create: { zones: ["a", "b"] } };
    assert.deepEqual(zonesOfPool(network, {}), ["a", "b"]);
    assert.deepEqual(zonesOfPool(network, { zones: ["b"] }), ["b"]);
    assert.deepEqual(zonesOfNetwork({ existing: { zones: ["c"] } }), ["c"]);
    assert.deepEqual(zonesOfNetwork(undefined), []);
  });
});

describe("rules between models and pools", () => {
  /** What the rules say of the production stack with these models and ways of sharing. */
  function problems(models: Record<string, { nodePool?: string }>, changes: Record<string, unknown> = {}): string[] {
    const { settings } = parsed({
      llm: undefined,
      "nodePools.gpu.minSize": 0,
      "nodePools.gpu.instanceType": "p5.48xlarge",
      ...changes,
    });
    assert.ok(settings, "the stack itself is sound");
    const sections = { ...settings, llm: { ...settings.llm, enabled: true, models } } as unknown as ParsedSections;
    return [...GPU_RULES, ...GPU_POOL_RULES].flatMap(({ check }) => check(sections)).map(formatProblem);
  }

  it("let models run on pools with GPUs alone", () => {
    assert.deepEqual(problems({ a: {} }), []);
    // That machines of pool cpu have no GPUs is said by the rule that looks whether the model fits.
    assert.deepEqual(problems({ a: { nodePool: "cpu" }, b: { nodePool: "gone" } }), [
      "llm.models.b.nodePool: must be a pool with GPUs (gpu) (got gone). Name one of them, or add nodePools.gone with a type that has GPUs.",
    ]);
  });

  it("keep model servers off partitions that are counted by another name", () => {
    const mixed = { mig: { strategy: "mixed", profile: "1g.10gb", partitions: 7 } };
    assert.deepEqual(problems({ a: {} }, { "llm.gpu.sharing": { gpu: mixed } }), [
      "llm.gpu.sharing.gpu.mig.strategy: must be single where a model server runs (a): it asks for nvidia.com/gpu, which mixed does not offer (got mixed). Set it to single, or give the server another pool.",
    ]);
    assert.deepEqual(
      problems({ a: {} }, { "llm.gpu.sharing": { gpu: { mig: { ...mixed.mig, strategy: "single" } } } }),
      [],
    );
  });

  it("want somebody who starts the first machine", () => {
    const [line] = problems({ a: {} }, { "autoscaling.clusterAutoscaler": false });
    assert.equal(
      line,
      "nodePools.gpu.minSize: must be at least 1 with model servers and without the cluster autoscaler: nobody starts the first machine (got 0). Raise it, or set autoscaling.clusterAutoscaler.",
    );
  });
});
