import assert from "node:assert/strict";
import type { Settings } from "../../../stacks/settings";
import { gpuNotices } from "../../../stacks/settings/gpu-notices";
import { type Changes, parsed } from "../../support/settings";

/** What is said of the production stack with changes and, where asked for, a model server on pool gpu. */
function noticesOf(changes: Changes, enabled = true): string[] {
  const { settings } = parsed({ llm: undefined, "nodePools.gpu.minSize": 3, ...changes });
  assert.ok(settings, "the settings are sound");
  const models = { llama: { nodePool: "gpu" } };
  return gpuNotices({ ...settings, llm: { ...settings.llm, enabled, models } } as unknown as Settings);
}

describe("notices of GPUs", () => {
  it("say what runs at once, and what EKS refuses on a stack that is up (first-up 5)", () => {
    assert.deepEqual(noticesOf({}), [
      "nodePools.gpu: 3 GPU machines run, and are billed, from the first minute.",
      "nodePools.gpu: where the pool is there already and has fewer machines, EKS refuses minSize 3; desiredSize: 3 and resize: true in the same run mend that.",
    ]);
    const resized = { "nodePools.gpu.desiredSize": 3, "nodePools.gpu.resize": true };
    assert.equal(noticesOf(resized).length, 1);
    assert.deepEqual(noticesOf({ "nodePools.gpu.minSize": 0 }), []);
  });

  it("say that a bound does not count yet", () => {
    assert.deepEqual(noticesOf({}, false), ["nodePools.gpu: minSize 3 counts once a model server runs there."]);
  });

  it("say how a capacity block ends", () => {
    const block = {
      instanceType: "p5.48xlarge",
      capacityType: "capacityBlock",
      capacityBlock: { reservationId: "cr-0123456789abcdef0" },
      zones: ["us-east-1a"],
      minSize: 0,
      maxSize: 2,
    };
    assert.deepEqual(noticesOf({ "nodePools.gpu.minSize": 0, "nodePools.block": block }), [
      "nodePools.block: EKS takes the machines away 40 minutes before the capacity block ends; what runs there then waits.",
    ]);
  });

  it("say what sharing and EKS' own scheduler bring along, while models are switched on", () => {
    const changes = {
      "nodePools.gpu.minSize": 0,
      "llm.gpu.scheduler": "managed",
      "llm.gpu.sharing": { gpu: { timeSlicing: { replicas: 2 } } },
    };
    assert.deepEqual(noticesOf(changes), [
      "llm.gpu.sharing.gpu: nothing keeps a pod from the memory of others on the same GPU; mps does.",
      "llm.gpu.scheduler: managed makes EKS fill all machines one after the other, not only those with GPUs.",
    ]);
    assert.deepEqual(noticesOf(changes, false), []);
  });
});
