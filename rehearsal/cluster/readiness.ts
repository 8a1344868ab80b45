import type { RunningProcess } from "./process-group";

/** Longest time that a process may take to come up, on a machine that is busy with other things. */
const PATIENCE_SECONDS = 90;
const PAUSE_MILLISECONDS = 50;

/** Waits until `isReady` says so without throwing; throws when the process, or one that it needs, ends first or all take too long. */
export async function waitUntilReady(
  watched: RunningProcess,
  isReady: () => Promise<boolean>,
  needed: readonly RunningProcess[] = [],
): Promise<void> {
  const deadline = Date.now() + PATIENCE_SECONDS * 1000;
  let refusal = "it did not say why";
  while (Date.now() < deadline) {
    const [end] = [...needed, watched].flatMap((process) => process.ended() ?? []);
    if (end !== undefined) throw new Error(end);
    try {
      if (await isReady()) return;
    } catch (error) {
      refusal = error instanceof Error ? error.message : String(error);
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
  }
  throw new Error(`${watched.name} was not ready after ${PATIENCE_SECONDS} s (${refusal}); see ${watched.logFile}.`);
}
