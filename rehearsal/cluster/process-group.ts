import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** A process of the control plane. */
export interface RunningProcess {
  readonly name: string;
  readonly pid: number;
  /** Where its output goes. */
  readonly logFile: string;
  /** How it ended, with its last words; undefined while it runs. */
  ended(): string | undefined;
}

/** What is started. */
export interface Command {
  /** Unique among those that run; names the log. */
  readonly name: string;
  readonly program: string;
  readonly parameters: readonly string[];
}

const LAST_LINES = 8;
/** Reads pids, and kills them when the writer is gone, however it went. */
const GUARD = 'pids=; while read -r pid; do pids="$pids $pid"; done; [ -z "$pids" ] || kill -9 $pids 2>/dev/null';

/**
 * Processes that live no longer than this one. They keep out of the terminal's reach, so that Ctrl-C reaches this process
 * alone, which may still need them to end well; should it die without a word, a guard ends them.
 */
export class ProcessGroup {
  private readonly children = new Map<string, ChildProcess>();
  private readonly guard: ChildProcess;

  constructor(
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {
    this.guard = spawn("/bin/sh", ["-c", GUARD], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
    release(this.guard);
  }

  /** Starts a process; its output goes to `<name>.log`. */
  start({ name, program, parameters }: Command): RunningProcess {
    const logFile = join(this.folder, `${name}.log`);
    const log = openSync(logFile, "w");
    const child = spawn(program, parameters, {
      cwd: this.folder,
      env: this.environment,
      detached: true,
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    let failure: string | undefined;
    child.on("error", (error) => {
      failure = error.message;
    });
    release(child);
    this.children.set(name, child);
    if (child.pid !== undefined) this.guard.stdin?.write(`${child.pid}\n`);
    const ended = () => (failure ? `${name} did not start: ${failure}` : ending(name, child, logFile));
    return { name, pid: child.pid ?? 0, logFile, ended };
  }

  /** Ends one process, if it runs, and waits until it is gone. */
  async end(name: string): Promise<void> {
    const child = this.children.get(name);
    if (child === undefined) return;
    this.children.delete(name);
    await kill(child);
  }

  /** Ends all, the last one first. Nothing that they keep is needed afterwards, so they are not asked twice. */
  async stop(): Promise<void> {
    for (const name of [...this.children.keys()].reverse()) await this.end(name);
    await kill(this.guard);
  }
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/** Lets this process end while `child` runs. */
function release(child: ChildProcess): void {
  child.unref();
  (child.stdin as { unref?: () => void } | null)?.unref?.();
}

function ending(name: string, { exitCode, signalCode }: ChildProcess, logFile: string): string | undefined {
  if (exitCode === null && signalCode === null) return undefined;
  const how = signalCode === null ? `with code ${exitCode}` : `by ${signalCode}`;
  return [`${name} ended ${how}; the last lines of ${logFile}:`, ...lastLines(logFile)].join("\n");
}

function lastLines(file: string): string[] {
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.slice(-LAST_LINES).map((line) => `  ${line}`);
}
