import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { PlanError, RefusedError, UsageError } from "../preview/errors";
import type { Terminal } from "../preview/main";
import { openProject, type Project, type SettingsReader, settingsReader } from "../preview/project";
import { counted } from "../preview/text";
import { renderStack } from "./render";
import { refuseForeignEnvironment, writeEnvironment } from "./write";

const HELP = `Writes the manifests of model servers that Argo CD brings (delivery.owner: argocd), without Pulumi, account or cluster;
of all model servers, to look at, where it brings none.

  npm run render -- [--stack NAME] [--out FOLDER]

  --stack NAME   the stack, as in Pulumi.NAME.yaml (default: staging)
  --out FOLDER   where to write, such as a checkout of the repository of manifests (default: out); the manifests go to
                 FOLDER/environments/NAME, with a kustomization.yaml, and replace what is there
  --help         this text

No Secret and nothing that only AWS knows is among them. The same settings give the same bytes.
Exit code: 0 when everything is written, 1 when settings, options or the manifests are wrong; then nothing is written.`;

const COMMIT = "Commit and push them; Argo CD does the rest.";

/** Two who apply the same object undo each other's work. */
const NOT_OWNED =
  "Pulumi owns these servers. Before Argo CD applies them, set llm.models.<server>.delivery.owner to argocd (docs/delivery.md).";

/** What a run needs of the world around it. */
export interface Surroundings {
  /** Folder of the Pulumi project. */
  readonly folder: string;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /** Default: the project's own `stacks/settings`. */
  readonly reader?: SettingsReader;
}

/** Runs the command and returns its exit code. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<0 | 1> {
  const { stdout, stderr } = surroundings;
  try {
    const options = optionsOf(args, surroundings.folder);
    if (options === undefined) stdout.write(`${HELP}\n`);
    else await render(options, surroundings);
    return 0;
  } catch (error) {
    stderr.write(`${explained(error)}\n`);
    return 1;
  }
}

interface Options {
  readonly stack: string;
  readonly out: string;
  readonly project: Project;
}

/** The options; undefined when help was asked for. */
function optionsOf(args: readonly string[], folder: string): Options | undefined {
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

async function render({ stack, out, project }: Options, { reader, folder, stdout }: Surroundings): Promise<void> {
  const target = join(out, "environments", stack);
  await refuseForeignEnvironment(target);
  const { servers, owned, files } = await renderStack({ project, stack, reader: reader ?? settingsReader(folder) });
  await writeEnvironment(target, files);
  const place = relative(process.cwd(), target) || ".";
  stdout.write(`${counted(files.length, "file")} of ${counted(servers.length, "model server")} in ${place}: `);
  stdout.write(`${servers.join(", ")}.\n${owned ? COMMIT : NOT_OWNED}\n`);
}

/** What to tell about a failure: the message of those that are the user's, everything about the others. */
function explained(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const users = [UsageError, RefusedError, PlanError].some((kind) => error instanceof kind);
  return users ? error.message : (error.stack ?? error.message);
}
