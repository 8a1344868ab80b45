import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parse } from "yaml";
import type { NoticeContext, Settings, StackFile } from "../stacks/settings";
import { UsageError } from "./errors";

/** A Pulumi project on disk. */
export interface Project {
  readonly folder: string;
  readonly name: string;
  /** Absolute path of the program. */
  readonly main: string;
  /** Names of the stacks that have a `Pulumi.<stack>.yaml`, in alphabetical order. */
  readonly stacks: string[];
}

/** The project's own reader of settings. */
export interface SettingsReader {
  loadStackFile(text: string, project: string): StackFile;
  readSettings(): Settings;
  notices(settings: Settings, context: NoticeContext): string[];
}

/** The project in `folder`. */
export function openProject(folder: string): Project {
  const file = join(folder, "Pulumi.yaml");
  if (!existsSync(file)) throw new UsageError(`${folder} holds no Pulumi.yaml. Run this in the folder of the project.`);
  const { name, main = "index.ts" } = parse(readFileSync(file, "utf8")) as { name: string; main?: string };
  const stacks = readdirSync(folder).flatMap((entry) => /^Pulumi\.(.+)\.yaml$/.exec(entry)?.[1] ?? []);
  return { folder, name, main: join(folder, main), stacks: stacks.sort() };
}

/** The text of a stack's file; fails with the stacks that there are. */
export function readStackText(project: Project, stack: string): string {
  if (!project.stacks.includes(stack)) {
    const found = project.stacks.length > 0 ? project.stacks.join(", ") : "none";
    throw new UsageError(`There is no stack "${stack}": no file Pulumi.${stack}.yaml. Stacks found: ${found}.`);
  }
  return readFileSync(join(project.folder, `Pulumi.${stack}.yaml`), "utf8");
}

/** The settings reader of the project in `folder`; loaded only now, since it pulls in the SDK. */
export function settingsReader(folder: string): SettingsReader {
  return createRequire(join(folder, "package.json"))("./stacks/settings/index.ts") as SettingsReader;
}

/** Runs the project's program from its first line, whether or not it ran before in this process. */
export function runProgram(project: Project): unknown {
  const load = createRequire(project.main);
  delete load.cache[load.resolve(project.main)];
  return load(project.main);
}
