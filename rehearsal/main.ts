import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PlanError, RefusedError, UsageError } from "../preview/errors";
import type { Terminal } from "../preview/main";
import { readStackText, settingsReader } from "../preview/project";
import { type RehearsalReport, settingsDigest } from "../preview/rehearsal-report";
import { writePreview } from "../preview/write";
import { startControlPlane } from "./cluster/start-control-plane";
import { InstallError } from "./install/install-error";
import { installTools, type Tools } from "./install/install-tools";
import { HELP, optionsOf, type RehearsalOptions } from "./options";
import { rehearseStack, type StackResult, type Tried } from "./rehearse";
import { exitCode } from "./report/exit-code";
import { verdictTable } from "./report/table";
import { writeReport } from "./report/write";
import type { Verdict } from "./verdict";
import { toolVersions } from "./versions";

/** What a run needs of the world around it. */
export interface Surroundings {
  /** Folder of the Pulumi project. */
  readonly folder: string;
  readonly today: () => Date;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  readonly colour: boolean;
}

/** Runs the command and returns its exit code. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr, folder } = surroundings;
  try {
    const options = optionsOf(args, folder);
    if (options === undefined) {
      stdout.write(`${HELP}\n`);
      return 0;
    }
    const progress = (line: string) => stderr.write(`${line}\n`);
    const tools = await installTools({ which: ["engine", "cluster"], progress });
    if (options.languageHost) requireLanguageHost(tools.pulumiRoot);
    const reports: RehearsalReport[] = [];
    const tried: Tried = { types: new Set(), drills: new Set() };
    const width = Math.min(140, Math.max(80, stdout.columns ?? 120));
    for (const stack of options.stacks) {
      // Shown and written at once: what breaks with the next stack must not take it along.
      const report = await rehearseOne(stack, options, tools, tried, surroundings);
      stdout.write(`${verdictTable(report, { width, colour: surroundings.colour })}\n`);
      stdout.write(`${await writeReport(options.out, report, options.project)}\n`);
      reports.push(report);
    }
    return exitCode(reports);
  } catch (error) {
    stderr.write(`${explained(error)}\n`);
    return 1;
  }
}

/** A Pulumi that was built here is the command alone. */
function requireLanguageHost(pulumiRoot: string): void {
  if (existsSync(join(pulumiRoot, "bin", "pulumi-language-nodejs"))) return;
  throw new UsageError(
    "--with-language-host needs an installed Pulumi 3.2xx on the PATH, with pulumi-language-nodejs beside it. Install it, or leave the option out.",
  );
}

/** Builds the world of one stack, drills it, and takes the world down. */
async function rehearseOne(
  stack: string,
  options: RehearsalOptions,
  tools: Tools,
  tried: Tried,
  { today, stderr }: Surroundings,
): Promise<RehearsalReport> {
  const { project } = options;
  const folder = mkdtempSync(join(tmpdir(), `rehearsal-${stack}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  // Ctrl-C ends the process without coming to the end of this function.
  if (!options.keep) process.once("exit", remove);
  const started = performance.now();
  const log = (line: string) => stderr.write(`${stack}: ${line}\n`);
  const tell = ({ drill, outcome, figure }: Verdict) => log(`${outcome}: ${drill} (${figure})`);
  try {
    const preview = join(folder, "preview");
    await writePreview(preview, { project, stack, reader: settingsReader(project.folder), today: today() });
    const plane = await startControlPlane({ tools, folder: join(folder, "cluster"), log });
    try {
      const result = await rehearseStack({ ...options, stack, folder, preview, plane, tools, tried }, tell);
      const seconds = Math.round((performance.now() - started) / 1000);
      return reportOf(stack, options, result, { finished: today().toISOString(), seconds });
    } finally {
      await plane.stop();
    }
  } finally {
    process.off("exit", remove);
    if (options.keep) log(`the files of the run are in ${folder}`);
    else remove();
  }
}

function reportOf(
  stack: string,
  { project, languageHost, realProviders }: RehearsalOptions,
  { verdicts, pools, unmodelled }: StackResult,
  time: Pick<RehearsalReport, "finished" | "seconds">,
): RehearsalReport {
  const versions = toolVersions();
  const way = realProviders ? "real" : "stand-in";
  return {
    format: 1,
    project: project.name,
    stack,
    ...time,
    program: languageHost ? "language host" : "inline program",
    providers: { aws: "stand-in", kubernetes: way, random: way },
    kubernetes: versions.kubernetes,
    tools: versions,
    settingsDigest: settingsDigest(readStackText(project, stack)),
    unmodelled: [...unmodelled],
    verdicts: verdicts.map((verdict) => ({ ...verdict, findings: [...verdict.findings] })),
    pools: [...pools],
  };
}

/** What to tell about a failure: the message of those that are the user's, everything about the others. */
function explained(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const users = [UsageError, RefusedError, PlanError, InstallError].some((kind) => error instanceof kind);
  return users ? error.message : (error.stack ?? error.message);
}
