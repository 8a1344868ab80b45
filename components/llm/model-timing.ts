import type { ModelTimingArgs } from "./model-server-args";

/** Times of a pod in seconds, defaults filled in, and what follows from them. */
export interface ModelTiming {
  readonly startupBudget: number;
  readonly preStop: number;
  readonly shutdown: number;
  /** From the first sign that a pod must go until it is killed: long enough for both and some air. */
  readonly grace: number;
  /** Until a rollout without progress counts as failed: a start, and a node for it before. */
  readonly progressDeadline: number;
}

const AIR = 30;
/** What the autoscaler needs to bring a GPU node with its large image. */
const NODE = 600;

/** Times of a pod, defaults filled in. */
export function timingOf(timing: ModelTimingArgs | undefined): ModelTiming {
  const { startupBudget = 1800, preStop = 15, shutdown = 120 } = timing ?? {};
  return {
    startupBudget,
    preStop,
    shutdown,
    grace: preStop + shutdown + AIR,
    progressDeadline: startupBudget + NODE,
  };
}

/** How long a rollout over `replicas` may take, one pod after the other. */
export function rolloutSeconds(timing: ModelTiming, replicas: number): number {
  return timing.progressDeadline + Math.max(0, replicas - 1) * (timing.startupBudget + timing.grace);
}
