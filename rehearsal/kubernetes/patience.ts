import { ApiError } from "../api/api";
import { SECOND } from "../clock";

/** How far something is that is waited for; `failed` will never be ready. */
export interface Readiness {
  readonly state: "ready" | "waiting" | "failed";
  /** What is missing, or went wrong; empty when ready. */
  readonly why: string;
}

/** There is nothing to wait for, or it came. */
export const READY: Readiness = { state: "ready", why: "" };

/** Something has yet to come. */
export function waiting(why: string): Readiness {
  return { state: "waiting", why };
}

/** It will not come. */
export function failed(why: string): Readiness {
  return { state: "failed", why };
}

const POLL_MILLISECONDS = 150;
/** Real controllers and schedulers work at real speed, so no wait may be shortened below this. */
const LEAST_SECONDS = 15;

/** Waits as the real provider does, in a fraction of its time, until the engine is interrupted. */
export class Patience {
  /** Ends of the pauses that are under way. */
  private readonly pauses = new Set<() => void>();
  private interrupted = false;

  /** @param mostSeconds real seconds after which any wait is given up, however long the program would wait. */
  constructor(private readonly mostSeconds: number) {}

  /** Ends every wait at once, those to come too. */
  end(): void {
    this.interrupted = true;
    for (const finish of this.pauses) finish();
  }

  /** Whether the engine was interrupted. */
  get ended(): boolean {
    return this.interrupted;
  }

  /** Asks `probe` until it is ready; throws when it fails, is not ready after `seconds` of the cloud's time, or on interruption. */
  async until(what: string, seconds: number, probe: () => Promise<Readiness>): Promise<void> {
    const most = Math.min(Math.max(seconds * SECOND, LEAST_SECONDS), this.mostSeconds);
    const deadline = performance.now() + most * 1000;
    for (;;) {
      const { state, why } = await probe().catch(unanswered);
      if (state === "ready") return;
      if (state === "failed") throw new Error(`${what} failed: ${why}`);
      if (this.ended) throw new Error(`${what}: the wait was interrupted (${why})`);
      if (performance.now() > deadline) {
        throw new Error(
          `timed out waiting for the condition: ${what} was not ready after ${seconds} s ` +
            `(${Math.round(most)} s in the rehearsal): ${why}`,
        );
      }
      await this.pause(POLL_MILLISECONDS);
    }
  }

  /** Waits, unless and until the engine is interrupted. */
  pause(milliseconds: number): Promise<void> {
    if (this.interrupted) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        this.pauses.delete(finish);
        resolve();
      };
      const timer = setTimeout(finish, milliseconds);
      this.pauses.add(finish);
    });
  }
}

/** Who watches does not mind a server that is busy, or ill for a moment. */
function unanswered(error: unknown): Readiness {
  if (error instanceof ApiError && (error.code === 429 || error.code >= 500)) return waiting(error.message);
  throw error;
}
