/** How often a run is looked at, in milliseconds. */
const LOOK_EVERY = 25;
/** Looks without progress after a failure: what depends on a failed value never comes. */
const LOOKS_AFTER_FAILURE = 4;
/** Looks without progress and without failure: a second, in which a program that is alive always gets on, since it waits for no network. */
const LOOKS_AT_MOST = 40;

/** What a run shows of itself. */
export interface Progress {
  /** Any number that grows while the run gets on. */
  readonly steps: () => number;
  readonly failed: () => boolean;
}

/**
 * Waits for `action`, or until it can be seen that it will never finish: the SDK neither resolves nor rejects what waits for a
 * failed Output or for itself. Returns undefined then.
 */
export async function untilStalled<Result>(action: Promise<Result>, progress: Progress): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<undefined>((resolve) => {
    let last = progress.steps();
    let idle = 0;
    timer = setInterval(() => {
      const now = progress.steps();
      idle = now === last ? idle + 1 : 0;
      last = now;
      if (idle >= (progress.failed() ? LOOKS_AFTER_FAILURE : LOOKS_AT_MOST)) resolve(undefined);
    }, LOOK_EVERY);
  });
  try {
    return await Promise.race([action, stalled]);
  } finally {
    clearInterval(timer);
  }
}
