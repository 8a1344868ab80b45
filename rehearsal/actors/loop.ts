import { ApiError } from "../api/api";

/** Does one thing again and again, one round after the other, until it is stopped. */
export class Loop {
  private running: Promise<void> | undefined;
  private stopped = false;
  private wake: () => void = () => {};
  private lastFailure = "";

  constructor(
    /** For messages, e.g. `volumes`. */
    private readonly name: string,
    private readonly milliseconds: number,
    private readonly round: () => Promise<void>,
    private readonly log: (line: string) => void,
  ) {}

  start(): void {
    this.stopped = false;
    this.running ??= this.run();
  }

  /** Resolves when no round is under way any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.wake();
    await this.running;
    this.running = undefined;
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.round().catch((error) => this.failed(error));
      if (!this.stopped) await this.pause();
    }
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, this.milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** The next round tries again; what stays wrong is told once. */
  private failed(error: unknown): void {
    if (isPassing(error)) return;
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    if (text !== this.lastFailure) this.log(`The stand-in for ${this.name} failed and tries again: ${text}`);
    this.lastFailure = text;
  }
}

/** Whether an error comes from others being at work at the same time, and goes by itself. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const isEnding = error.code === 403 && error.message.includes("being terminated");
  return isEnding || [404, 409, 429].includes(error.code) || error.code >= 500;
}

/** Waits for something that may be gone by now; undefined when it is. */
export async function unlessGone<Result>(answer: Promise<Result>): Promise<Result | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}

const PAUSE_MILLISECONDS = 100;

/** Asks until the answer is yes; false when that takes longer than `seconds`. */
export async function eventually(seconds: number, holds: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + seconds * 1000;
  while (!(await holds())) {
    if (performance.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
  }
  return true;
}
