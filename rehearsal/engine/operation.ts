import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { OperationRequest, OperationResult } from "./request";

/** A run of the engine under way. */
export interface RunningOperation {
  /** Rejects when the run was killed or broke before it could report; a run that failed resolves with what it says. */
  readonly result: Promise<OperationResult>;
  /** What Ctrl-C does: the engine finishes what is under way and stops. */
  interrupt(): void;
  /** What a lost machine does: engine and program end at once. */
  kill(): void;
}

const CHILD = join(__dirname, "child.ts");
let count = 0;

/** Starts an operation in a process of its own: modules and the SDK's state are kept per process. */
export function startOperation(request: OperationRequest): RunningOperation {
  mkdirSync(join(request.workspace, "runs"), { recursive: true });
  const stem = join(request.workspace, "runs", `${process.pid}-${++count}`);
  const [requestFile, resultFile] = [`${stem}-request.json`, `${stem}-result.json`];
  writeFileSync(requestFile, JSON.stringify(request), { mode: 0o600 });
  const child = spawn(process.execPath, ["--require", "ts-node/register", CHILD, requestFile, resultFile], {
    cwd: request.projectFolder,
    env: environment(request.commands),
    // A group of its own, so that a signal reaches the engine below it too, and Ctrl-C at the terminal does not.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const group = { interrupt: () => signal(child, "SIGINT"), kill: () => signal(child, "SIGKILL") };
  // Whoever ends this process ends the run with it.
  process.once("exit", group.kill);
  const result = ended(child).then((text) => {
    process.off("exit", group.kill);
    if (!existsSync(resultFile)) throw new Error(`the run of ${request.operation} ended without a result:\n${text}`);
    const report = JSON.parse(readFileSync(resultFile, "utf8")) as OperationResult;
    for (const file of [requestFile, resultFile]) rmSync(file);
    return report;
  });
  return { result, ...group };
}

/** This process's environment without what steers Pulumi: a rehearsal must never meet the user's own backend. */
function environment(commands: string | undefined): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("PULUMI_") || name === "PULUMI_HOME");
  const { PATH = "" } = process.env;
  return { ...Object.fromEntries(own), PATH: commands === undefined ? PATH : `${commands}${delimiter}${PATH}` };
}

/** What the process printed, once it and everything that holds its output has ended. */
function ended(child: ChildProcess): Promise<string> {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (text += data));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", () => resolve(text));
  });
}

function signal({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name);
  } catch {
    // It has ended already.
  }
}
