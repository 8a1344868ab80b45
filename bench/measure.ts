import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** What one run of a command took. */
export interface Sample {
  readonly seconds: number;
  /** Largest resident set of any one process of the run; undefined where the system does not tell. */
  readonly megabytes: number | undefined;
}

/** A command that is measured. */
export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Where it runs. Default here. */
  readonly folder?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const WATCH_EVERY_MS = 20;

/** Runs a command after a warm-up as often as asked. */
export async function measured(command: Command, runs: number): Promise<Sample[]> {
  await measure(command);
  const samples: Sample[] = [];
  for (let run = 0; run < runs; run++) samples.push(await measure(command));
  return samples;
}

async function measure({ program, args, folder, environment }: Command): Promise<Sample> {
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  let kibibytes: number | undefined;
  const watch = setInterval(() => {
    for (const pid of family(child.pid)) kibibytes = larger(kibibytes, peakOf(pid));
  }, WATCH_EVERY_MS);
  const code = await new Promise<number | null>((resolve, reject) => child.on("close", resolve).on("error", reject));
  clearInterval(watch);
  if (code !== 0) throw new Error(`${[program, ...args].join(" ")} failed with exit code ${code}`);
  const seconds = (performance.now() - started) / 1000;
  return { seconds, megabytes: kibibytes === undefined ? undefined : (kibibytes * 1024) / 1e6 };
}

/** A process and its descendants, as Linux lists them; empty elsewhere. */
function family(pid: number | undefined): number[] {
  if (pid === undefined || process.platform !== "linux") return [];
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean).map(Number);
    return [pid, ...children.flatMap(family)];
  } catch {
    return []; // It has just ended.
  }
}

/** The largest resident set that the process ever had, in KiB. */
function peakOf(pid: number): number | undefined {
  try {
    const [, amount] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return amount === undefined ? undefined : Number(amount);
  } catch {
    return undefined; // It has just ended.
  }
}

function larger(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}

/** The middle of what was seen. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

/** Median wall time, with its range, and median peak memory of the runs. */
export function summary(samples: readonly Sample[]): { seconds: number; range: string; megabytes: number | undefined } {
  const seconds = samples.map((sample) => sample.seconds);
  const memory = samples.flatMap((sample) => sample.megabytes ?? []);
  return {
    seconds: median(seconds),
    range: `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)}`,
    megabytes: memory.length === 0 ? undefined : median(memory),
  };
}

/** One line of a table of summaries. */
export function row(label: string, samples: readonly Sample[]): string {
  const { seconds, range, megabytes } = summary(samples);
  const peak = megabytes === undefined ? "not measured here" : megabytes.toFixed(0);
  return `${label.padEnd(18)} ${seconds.toFixed(2).padStart(6)}, ${range.padEnd(22)} ${peak.padStart(8)}`;
}
