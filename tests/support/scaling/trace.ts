import { type Answer, Keda, type ScaledSpec } from "./keda";

/** A load that is made up: how many requests are under way at each second. */
export interface Load {
  readonly concurrentAt: (second: number) => number;
  /** Sequences that one replica answers at a time; the rest waits. */
  readonly concurrency: number;
  /** From the wish for a replica until it answers: a machine, an image, weights. */
  readonly startSeconds: number;
  readonly replicas: number;
  readonly seconds: number;
  /** Whether Prometheus can be asked. Default always. */
  readonly reachableAt?: (second: number) => boolean;
}

/** A change of the number of replicas. */
export interface Step {
  readonly at: number;
  readonly replicas: number;
}

/** Seconds between two looks, of KEDA and of the autoscaler alike. */
const PERIOD = 15;
/** How far back a request counts for the triggers that wake. */
const ASKED_SECONDS = 120;

/** Follows a ScaledObject through a load: each change of the number of replicas, the first included. */
export function traceOf(spec: ScaledSpec, load: Load): Step[] {
  const keda = new Keda(spec);
  const steps: Step[] = [{ at: 0, replicas: load.replicas }];
  let started = Array.from({ length: load.replicas }, () => Number.NEGATIVE_INFINITY);
  for (let now = 0; now <= load.seconds; now += PERIOD) {
    const ready = started.filter((at) => at + load.startSeconds <= now).length;
    const reachable = load.reachableAt?.(now) ?? true;
    const answers = reachable ? answersOf(load, now, ready, started.length) : unreachable(spec);
    const replicas = keda.poll(now, { current: started.length, ready }, answers);
    if (replicas === started.length) continue;
    steps.push({ at: now, replicas });
    // The newest go first, as those that are not ready do.
    started = [...started.slice(0, replicas), ...Array.from({ length: replicas - started.length }, () => now)].slice(
      0,
      replicas,
    );
  }
  return steps;
}

function unreachable({ triggers }: ScaledSpec): Record<string, Answer> {
  return Object.fromEntries(triggers.map(({ name }) => [name, "unreachable"]));
}

/** What the queries of a server's triggers answer; a server without a replica has no series. */
function answersOf(load: Load, now: number, ready: number, replicas: number): Record<string, Answer> {
  const concurrent = load.concurrentAt(now);
  const asked = Array.from({ length: ASKED_SECONDS / PERIOD + 1 }, (_, index) => now - index * PERIOD);
  const wakes = { "asked-at-gateway": asked.some((second) => load.concurrentAt(second) > 0) ? 1 : 0 };
  if (replicas === 0 || ready === 0) return wakes;
  const running = Math.min(concurrent, ready * load.concurrency);
  return {
    ...wakes,
    "waiting-requests": concurrent - running,
    "running-requests": running,
    "key-value-cache": running / (ready * load.concurrency),
  };
}
