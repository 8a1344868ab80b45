import assert from "node:assert/strict";
import { builtPod } from "./support/built-pod";
import { type Drain, drain } from "./support/drain";
import type { Leaving } from "./support/kubelet";

/*
 * What deleting a pod of a model server does to its callers: real processes, real sockets, real signals, a second of a pod's life
 * in a tenth of one of ours. Only whether a request was cut is judged, never how long anything took.
 */

/** The longest request, in seconds of a pod's life: nearly what a pod has for it once it is asked to stop. */
const LONGEST_REQUEST = 110;

describe("drain of a model server under load", () => {
  const built = builtPod();
  /** Pods that lack one part each; the first is the one that we build. */
  const pods: Record<"built" | "noPreStop" | "shortGrace" | "noShutdown", Leaving> = {
    built,
    noPreStop: { ...built, preStop: 0 },
    // Kubernetes' own default.
    shortGrace: { ...built, grace: 30 },
    // vLLM's own default.
    noShutdown: { ...built, shutdown: 0 },
  };
  const drains = new Map<string, Drain>();

  before(async () => {
    await Promise.all(
      Object.entries(pods).map(async ([name, leaving]) => drains.set(name, await drain(leaving, LONGEST_REQUEST))),
    );
  });

  const seen = (name: keyof typeof pods): Drain => drains.get(name) ?? assert.fail(name);

  it("cuts no request off, and the pod finishes what it had begun", () => {
    const { answers, cut, finishedLate } = seen("built");
    assert.deepEqual(cut, []);
    assert.ok(answers.length > 50, `${answers.length} requests are no load`);
    assert.ok(finishedLate > 0, "nothing ran when the pod was asked to stop");
  });

  it("is what the hook is for: without it the pod still gets requests that it answers no more", () => {
    const { cut } = seen("noPreStop");
    assert.ok(cut.length > 0);
    for (const { end } of cut) assert.match(end, /^(abort|502|connection lost)$/);
  });

  it("is what the grace period is for: one that is shorter than hook and shutdown together kills", () => {
    const { cut } = seen("shortGrace");
    assert.ok(cut.length > 0);
    for (const { end } of cut) assert.match(end, /^(connection lost|502)$/);
  });

  it("is what the shutdown timeout is for: without it vLLM aborts what runs", () => {
    const { cut } = seen("noShutdown");
    assert.ok(cut.length > 0);
    for (const { end } of cut) assert.match(end, /^(abort|connection lost|502)$/);
  });

  it("has room for both, whatever they are set to", () => {
    for (const preStop of [1, 15, 60]) {
      for (const shutdown of [1, 120, 600]) {
        const leaving = builtPod({ preStop, shutdown });
        assert.deepEqual([leaving.preStop, leaving.shutdown], [preStop, shutdown]);
        assert.ok(leaving.grace > preStop + shutdown);
      }
    }
  });
});
