import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { findGo, GO_ENVIRONMENT, type Go } from "./go";
import { InstallError } from "./install-error";
import { cacheKey, linkerFlags, type Program, type ToolModule } from "./tool-modules";

const TOOLS = resolve(__dirname, "../tools");
const REMINDER_SECONDS = 30;
/** How much of a failed build's output is shown: its end says why. */
const SHOWN_LINES = 20;

/** Where a module's binaries are to be, and what they are built from. */
export interface Build {
  readonly module: ToolModule;
  /** Of the module's go.mod. */
  readonly source: string;
  readonly goMod: string;
  readonly go: Go;
  /** Of the binaries; there only when all of them are. */
  readonly target: string;
}

/** Finds out where the binaries of a module belong. */
export async function planBuild(module: ToolModule, cacheFolder: string): Promise<Build> {
  const source = join(TOOLS, module.name);
  const [goMod, goSum] = await Promise.all(["go.mod", "go.sum"].map((file) => readFile(join(source, file), "utf8")));
  if (goMod === undefined || goSum === undefined) throw new InstallError(`${source} holds no go.mod and go.sum.`);
  const go = await findGo(source, goMod);
  const flags = module.programs.map((program) => linkerFlags(program, goMod));
  const key = cacheKey({ goMod, goSum, goVersion: go.version, linkerFlags: flags });
  return { module, source, goMod, go, target: join(cacheFolder, `${module.name}-${key}`) };
}

/** Builds a module unless it is there; answers its folder of binaries. */
export async function build(plan: Build, progress: (line: string) => void): Promise<string> {
  const { module, target } = plan;
  const binaries = join(target, "bin");
  if (existsSync(target)) return binaries;
  // Built apart and moved as a whole: a build that was cut short leaves nothing that looks finished.
  const unfinished = `${target}.${process.pid}`;
  await mkdir(join(unfinished, "bin"), { recursive: true });
  progress(`Building ${module.title}: about ${module.minutes} minutes on two cores, once.`);
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const reminder = setInterval(
    () => progress(`  still building ${module.title}: ${elapsed()}`),
    REMINDER_SECONDS * 1000,
  );
  try {
    for (const program of module.programs) await buildProgram(plan, program, join(unfinished, "bin", program.name));
    await moveInPlace(unfinished, target);
  } finally {
    clearInterval(reminder);
    await rm(unfinished, { recursive: true, force: true });
  }
  progress(`Built ${module.title} in ${elapsed()}.`);
  return binaries;
}

/** Another process may have built the same meanwhile; then its binaries serve as well. */
async function moveInPlace(unfinished: string, target: string): Promise<void> {
  try {
    await rename(unfinished, target);
  } catch (error) {
    if (!existsSync(target)) throw error;
  }
}

function buildProgram({ source, goMod, go, module }: Build, program: Program, output: string): Promise<void> {
  const from = program.source.endsWith(".go") ? join(go.root, program.source) : program.source;
  // Only what go.sum names may be built; the version control's state says nothing about these programs.
  const flags = ["-mod=readonly", "-buildvcs=false", `-ldflags=${linkerFlags(program, goMod)}`];
  return new Promise((done, failed) => {
    const child = spawn("go", ["build", ...flags, "-o", output, from], {
      cwd: source,
      env: { ...process.env, ...GO_ENVIRONMENT },
      stdio: ["ignore", "ignore", "pipe"],
    });
    const lines: string[] = [];
    child.stderr.setEncoding("utf8").on("data", (text: string) => lines.push(...text.split("\n").filter(Boolean)));
    child.on("error", failed);
    child.on("close", (code) => {
      if (code === 0) return done();
      const end = lines.slice(-SHOWN_LINES).map((line) => `  ${line}`);
      const how = code === null ? "was stopped" : `ended with code ${code}`;
      failed(new InstallError([`'go build' of ${program.name} (${module.title}) ${how}:`, ...end].join("\n")));
    });
  });
}
