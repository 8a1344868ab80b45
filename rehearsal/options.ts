import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { UsageError } from "../preview/errors";
import { openProject, type Project } from "../preview/project";

/** What `--help` prints. */
export const HELP = `Deploys a stack on this machine, without an AWS account, and drills it: a real Pulumi engine and a real Kubernetes
API server, stand-ins for AWS and for everything that would run.

  npm run rehearse -- [--stack NAME] [--crds FOLDER] [--charts FOLDER] [--out FOLDER] [--keep]

  --stack NAME           a stack, as in Pulumi.NAME.yaml; may be given several times (default: all)
  --crds FOLDER          schemas of custom resources, one CRD a file, any depth; without them they are not checked
  --charts FOLDER        charts as <chart>-<version>.tgz: those are rendered by helm; for others stand-ins of their workloads run
  --out FOLDER           where the preview's folders are; rehearsal.json goes there (default: out)
  --providers real       use the installed plugins of kubernetes and random in place of stand-ins
  --with-language-host   let the installed Pulumi run the program, by Pulumi.yaml
  --keep                 leave the files of the run, and say where
  --help                 this text

Needs Go 1.25.11 or later the first time, to build its tools into ~/.cache/llm-platform.
Exit code: 0 when nothing failed, 1 when a check or drill failed, or the options are wrong.`;

/** The options, checked. */
export interface RehearsalOptions {
  readonly project: Project;
  readonly stacks: readonly string[];
  /** Absolute; undefined when there are none. */
  readonly crds: string | undefined;
  /** Absolute; undefined where only a mirror of the stack is rendered. */
  readonly charts: string | undefined;
  /** Absolute. */
  readonly out: string;
  readonly realProviders: boolean;
  readonly languageHost: boolean;
  readonly keep: boolean;
}

/** Reads the command line; undefined when help was asked for. */
export function optionsOf(args: readonly string[], folder: string): RehearsalOptions | undefined {
  const project = openProject(folder);
  const { values } = parsed(args);
  if (values.help) return undefined;
  const stacks = values.stack ?? project.stacks;
  for (const stack of stacks) {
    if (project.stacks.includes(stack)) continue;
    throw new UsageError(`There is no stack "${stack}". Stacks found: ${project.stacks.join(", ") || "none"}.`);
  }
  if (!["stand-in", "real"].includes(values.providers)) {
    throw new UsageError(`--providers is "${values.providers}". Allowed: stand-in, real.`);
  }
  return {
    project,
    stacks,
    crds: existing("--crds", "CustomResourceDefinitions", values.crds, folder),
    charts: existing("--charts", "charts as <chart>-<version>.tgz", values.charts, folder),
    out: resolve(folder, values.out),
    realProviders: values.providers === "real",
    languageHost: values["with-language-host"],
    keep: values.keep,
  };
}

/** The absolute path of a folder that an option names. */
function existing(option: string, what: string, value: string | undefined, folder: string): string | undefined {
  if (value === undefined) return undefined;
  const path = resolve(folder, value);
  if (existsSync(path)) return path;
  throw new UsageError(`There is no folder ${path}. Give ${option} a folder of ${what}, or leave it out.`);
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        stack: { type: "string", multiple: true },
        crds: { type: "string" },
        charts: { type: "string" },
        out: { type: "string", default: "out" },
        providers: { type: "string", default: "stand-in" },
        "with-language-host": { type: "boolean", default: false },
        keep: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    const [reason] = String((error as Error).message).split(". To specify");
    throw new UsageError(
      `${reason?.replace(/\.$/, "")}. Options: --stack, --crds, --charts, --out, --providers, --with-language-host, --keep, --help.`,
    );
  }
}
