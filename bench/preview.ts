import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { openProject } from "../preview/project";
import { measured, row } from "./measure";
import { benchModels } from "./models";

/*
 * Measures the embedded preview of every stack from the npm command to the last file: wall time and peak memory, medians of
 * several runs after a warm-up; then that of a stack with 1, 10 and 100 model servers. It prints what it saw on this machine and
 * judges nothing.
 *
 *   npm run bench [-- RUNS]    default 5
 */

const ROOT = join(__dirname, "..");

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
    for (const stack of openProject(ROOT).stacks) {
      const args = ["run", "--silent", "preview", "--", "--stack", stack, "--out", out];
      console.log(row(stack, await measured({ program: "npm", args }, runs)));
    }
    console.log("");
    await benchModels(ROOT, out, runs);
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
