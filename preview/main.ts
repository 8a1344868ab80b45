import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { PlanError, RefusedError, UsageError } from "./errors";
import { progressLine } from "./progress";
import { openProject, type Project, type SettingsReader, settingsReader } from "./project";
import { report } from "./report";
import { writePreview } from "./write";

const HELP = `Shows what \`pulumi up\` will build, without Pulumi, account or cluster.

  npm run preview -- [--stack NAME] [--out FOLDER]

  --stack NAME   the stack, as in Pulumi.NAME.yaml (default: staging)
  --out FOLDER   where to write; each stack gets its own folder FOLDER/NAME (default: out)
  --help         this text

Writes index.html (the picture, the tree, the timeline), graph.svg, plan.json, manifests/ and values/. A rehearsal.json that is there stays, and the page shows it.
Exit code: 0 when the stack can be built, 1 when settings, options or the plan are wrong; then nothing is written.`;

/** What a run needs of the world around it. */
export interface Surroundings {
  /** Folder of the Pulumi project. */
  readonly folder: string;
  readonly today: Date;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  readonly colour: boolean;
  /** Default: the project's own `stacks/settings`. */
  readonly reader?: SettingsReader;
}

/** Where text goes. */
export interface Terminal {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Runs the command and returns its exit code. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<0 | 1> {
  const { stdout, stderr } = surroundings;
  try {
    const options = optionsOf(args, surroundings.folder);
    if (options === undefined) stdout.write(`${HELP}\n`);
    else await preview(options.stack, options.out, options.project, surroundings);
    return 0;
  } catch (error) {
    stderr.write(`${explained(error)}\n`);
    return 1;
  }
}

/** The options; undefined when help was asked for. */
function optionsOf(
  args: readonly string[],
  folder: string,
): { stack: string; out: string; project: Project } | undefined {
  const project = openProject(folder);
  const stacks = `Stacks found: ${project.stacks.join(", ") || "none"}.`;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        stack: { type: "string", default: "staging" },
        out: { type: "string", default: "out" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return undefined;
    for (const [name, value] of Object.entries({ stack: values.stack, out: values.out })) {
      if (value === "") throw new Error(`--${name} has no value.`);
    }
    return { stack: values.stack, out: resolve(folder, values.out), project };
  } catch (error) {
    const [reason] = String((error as Error).message).split(". To specify");
    throw new UsageError(`${reason?.replace(/\.$/, "")}. Options: --stack NAME, --out FOLDER, --help. ${stacks}`);
  }
}

async function preview(stack: string, out: string, project: Project, surroundings: Surroundings): Promise<void> {
  const { stdout, stderr, folder, today, colour } = surroundings;
  const target = join(out, stack);
  const progress = progressLine(stderr, stack);
  try {
    const reader = surroundings.reader ?? settingsReader(folder);
    const options = { project, stack, reader, today, onResource: progress.count };
    const { view, files } = await writePreview(target, options);
    progress.end();
    const width = Math.min(120, Math.max(80, stdout.columns ?? 100));
    stdout.write(report(view, { width, colour, folder: relative(process.cwd(), target) || ".", files }));
  } finally {
    progress.end();
  }
}

/** What to tell about a failure: the message of those that are the user's, everything about the others. */
function explained(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const users = [UsageError, RefusedError, PlanError].some((kind) => error instanceof kind);
  return users ? error.message : (error.stack ?? error.message);
}
