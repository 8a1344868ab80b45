import assert from "node:assert/strict";
import { modelScaledObject } from "../../../components/llm/model-autoscaling";
import type { ModelAutoscalingArgs } from "../../../components/llm/model-server-args";
import { ModelWakeUp, ModelWorkloadKind } from "../../../components/llm/model-server-kinds";
import { HorizontalAutoscaler, type Reading, wishOf } from "../../support/scaling/horizontal-autoscaler";
import { readingOf, type ScaledSpec, type ScaledTrigger } from "../../support/scaling/keda";
import { type Step, traceOf } from "../../support/scaling/trace";

/** Sequences of full length that fit into a replica of the prod stack's model. */
const CONCURRENCY = 36;
const PROMETHEUS = "http://prometheus:9090";
const PROD: ModelAutoscalingArgs = { minReplicas: 3, maxReplicas: 12, prometheusUrl: PROMETHEUS };

function specOf(args: ModelAutoscalingArgs): ScaledSpec {
  const context = { namespace: "models", concurrency: CONCURRENCY, workloadKind: ModelWorkloadKind.Deployment };
  return modelScaledObject("llama-70b", args, context).spec as unknown as ScaledSpec;
}

function written(steps: readonly Step[]): string {
  return steps.map(({ at, replicas }) => `${replicas} at ${at}s`).join(", ");
}

describe("the published formulas", () => {
  const replicas = { current: 4, ready: 3 };

  it("divide a sum among all replicas, and leave them when it is within a tenth", () => {
    const reading = (value: number): Reading => ({ type: "AverageValue", target: 5, value });
    assert.deepEqual(
      [0, 17.9, 18, 22, 22.1, 40].map((value) => wishOf(reading(value), replicas)),
      [0, 4, 4, 4, 5, 8],
    );
  });

  it("multiply the ready replicas by a value or a utilisation", () => {
    for (const type of ["Value", "Utilization"] as const) {
      assert.equal(wishOf({ type, target: 0.8, value: 0.87 }, replicas), 4, "within the tolerance nothing changes");
      assert.equal(wishOf({ type, target: 0.8, value: 1.6 }, replicas), 6);
      assert.equal(wishOf({ type, target: 0.8, value: 0.2 }, replicas), 1);
    }
  });

  it("take the highest wish, and let nothing go while a metric cannot be read", () => {
    const atOnce = { stabilizationWindowSeconds: 0, policies: [{ type: "Pods", value: 2, periodSeconds: 60 }] };
    const behavior = { scaleUp: atOnce, scaleDown: atOnce };
    const autoscaler = () => new HorizontalAutoscaler({ minReplicas: 1, maxReplicas: 9, behavior });
    const wish = (value: number | undefined): Reading => ({ type: "AverageValue", target: 1, value });
    assert.equal(autoscaler().sync(0, { current: 4, ready: 4 }, [wish(1), wish(6)]), 6);
    assert.equal(autoscaler().sync(0, { current: 4, ready: 4 }, [wish(1), wish(undefined)]), 4);
    assert.equal(autoscaler().sync(0, { current: 4, ready: 4 }, [wish(6), wish(undefined)]), 6);
    assert.equal(autoscaler().sync(0, { current: 0, ready: 0 }, [wish(6)]), 0, "none is KEDA's to change");
    assert.equal(autoscaler().sync(0, { current: 12, ready: 12 }, [wish(12)]), 10, "beyond the maximum");
  });

  it("take no answer for an error while a replica is wanted, and for nothing to do when none is", () => {
    const [awake] = specOf(PROD).triggers;
    const [asleep] = specOf({ ...PROD, minReplicas: 0, wakeUp: ModelWakeUp.Gateway }).triggers;
    const read = (trigger: ScaledTrigger | undefined, answer: Parameters<typeof readingOf>[1]) =>
      readingOf(trigger ?? assert.fail(), answer);
    assert.equal(read(awake, "nothing"), undefined);
    assert.equal(read(awake, Number.NaN), undefined);
    assert.equal(read(asleep, "nothing"), 0);
    assert.equal(read(asleep, "unreachable"), undefined);
    assert.equal(read(asleep, 3), 3);
  });
});

describe("a model server under load", () => {
  it("L33: goes 3, 12, 3 as the seed's behaviour says: up by half or two a minute, down by a tenth after five minutes", () => {
    const steps = traceOf(specOf(PROD), {
      concurrency: CONCURRENCY,
      startSeconds: 600,
      replicas: 3,
      seconds: 3600,
      concurrentAt: (second) => (second >= 120 && second < 1500 ? 300 : 60),
    });
    assert.equal(
      written(steps),
      [
        // The surge comes at 120 s, and counts once it is all that a minute has seen.
        "3 at 0s, 5 at 165s, 8 at 225s, 12 at 285s",
        // It ends at 1500 s, is remembered for five minutes, and then one replica a minute goes.
        "10 at 1785s, 9 at 1845s, 8 at 1905s, 7 at 1965s, 6 at 2025s, 5 at 2085s, 4 at 2145s, 3 at 2205s",
      ].join(", "),
    );
  });

  it("stays as it is under a load that it bears", () => {
    const steps = traceOf(specOf(PROD), {
      concurrency: CONCURRENCY,
      startSeconds: 600,
      replicas: 3,
      seconds: 3600,
      concurrentAt: (second) => (second % 120 < 30 ? 85 : 60),
    });
    assert.equal(written(steps), "3 at 0s");
  });

  it("goes 0, 1, 3, 0: a request wakes it, a queue widens it, ten quiet minutes send it to sleep", () => {
    const steps = traceOf(specOf({ ...PROD, minReplicas: 0, maxReplicas: 3, wakeUp: ModelWakeUp.Gateway }), {
      concurrency: CONCURRENCY,
      startSeconds: 600,
      replicas: 0,
      seconds: 5400,
      concurrentAt: (second) => (second >= 60 && second < 1800 ? 70 : 0),
    });
    assert.equal(
      written(steps),
      [
        "0 at 0s, 1 at 60s",
        // The first replica answers at 660 s, and tells of the queue.
        "3 at 705s",
        // Idle from 1800 s; asleep when nobody has asked for the cool-down and the two minutes that a request counts.
        "2 at 2085s, 1 at 2145s, 0 at 2520s",
      ].join(", "),
    );
  });

  it("keeps what it has while Prometheus is away, awake or asleep", () => {
    const load = {
      concurrency: CONCURRENCY,
      startSeconds: 600,
      seconds: 3600,
      concurrentAt: () => 0,
      reachableAt: (second: number) => second < 60,
    };
    assert.equal(written(traceOf(specOf(PROD), { ...load, replicas: 3 })), "3 at 0s");
    assert.equal(written(traceOf(specOf(PROD), { ...load, replicas: 7, reachableAt: () => false })), "7 at 0s");
    const asleep = specOf({ ...PROD, minReplicas: 0, wakeUp: ModelWakeUp.Gateway });
    assert.equal(written(traceOf(asleep, { ...load, replicas: 0 })), "0 at 0s");
    assert.equal(
      written(traceOf(asleep, { ...load, replicas: 2, concurrentAt: (second) => (second < 60 ? 10 : 0) })),
      "2 at 0s",
    );
  });
});
