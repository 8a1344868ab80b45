import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { openProject } from "../preview/project";

/*
 * Measures the embedded preview of every stack from the npm command to the last file: wall time and peak memory, medians of
 * several runs after a warm-up. It prints what it saw on this machine and judges nothing.
 *
 *   npm run bench [-- RUNS]    default 5
 */

interface Sample {
  readonly seconds: number;
  /** Largest resident set of any one process of the run; undefined where the system does not tell. */
  readonly megabytes: number | undefined;
}

const WATCH_EVERY_MS = 20;

async function measure(stack: string, out: string): Promise<Sample> {
  const started = performance.now();
  const child = spawn("npm", ["run", "--silent", "preview", "--", "--stack", stack, "--out", out], {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  let kibibytes: number | undefined;
  const watch = setInterval(() => {
    for (const pid of family(child.pid)) kibibytes = larger(kibibytes, peakOf(pid));
  }, WATCH_EVERY_MS);
  const code = await new Promise<number | null>((resolve, reject) => child.on("close", resolve).on("error", reject));
  clearInterval(watch);
  if (code !== 0) throw new Error(`the preview of ${stack} failed with exit code ${code}`);
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

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

async function bench(runs: number): Promise<void> {
  const npm = execFileSync("npm", ["--version"], { encoding: "utf8", shell: process.platform === "win32" }).trim();
  const [cpu] = cpus();
  console.log(
    `${cpu?.model ?? "unknown CPU"}, ${cpus().length} cores, ${(totalmem() / 2 ** 30).toFixed(1)} GiB memory`,
  );
  console.log(
    `Node ${process.version}, npm ${npm}, ${process.platform} ${process.arch}; ${runs} runs after one warm-up\n`,
  );
  console.log("stack              wall s (median, min to max)     peak MB (median)");
  const out = mkdtempSync(join(tmpdir(), "preview-bench-"));
  try {
    for (const stack of openProject(join(__dirname, "..")).stacks) {
      await measure(stack, out);
      const samples: Sample[] = [];
      for (let run = 0; run < runs; run++) samples.push(await measure(stack, out));
      const seconds = samples.map((sample) => sample.seconds);
      const range = `${Math.min(...seconds).toFixed(2)} to ${Math.max(...seconds).toFixed(2)}`;
      const memory = samples.flatMap((sample) => sample.megabytes ?? []);
      const peak = memory.length === 0 ? "not measured here" : median(memory).toFixed(0);
      console.log(
        `${stack.padEnd(18)} ${median(seconds).toFixed(2).padStart(6)}, ${range.padEnd(22)} ${peak.padStart(8)}`,
      );
    }
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const runs = Number(process.argv[2] ?? 5);
if (!Number.isInteger(runs) || runs < 1) {
  console.error("RUNS must be a whole number of at least 1.");
  process.exitCode = 1;
} else {
  bench(runs).catch((error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
