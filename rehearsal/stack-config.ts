import { type Document, parseDocument } from "yaml";
import { type Project, readStackText } from "../preview/project";
import { loadStackFile, type StackFile } from "../stacks/settings";

/** Other settings than the stack file's, by path: `nodePools.cpu.maxSize`; undefined removes the key. */
export type Changes = Readonly<Record<string, unknown>>;

/** The configuration of a stack, with `changes`. */
export function stackConfig(project: Project, stack: string, changes: Changes): StackFile {
  const document = documentOf(project, stack);
  for (const [path, value] of Object.entries(changes)) {
    const keys = keysOf(project, path);
    if (value === undefined) document.deleteIn(keys);
    else document.setIn(keys, document.createNode(value));
  }
  return loadStackFile(String(document), project.name);
}

/** One scalar setting of a stack, as its file has it; undefined when it is not there. */
export function settingOf(project: Project, stack: string, path: string): unknown {
  return documentOf(project, stack).getIn(keysOf(project, path));
}

function documentOf(project: Project, stack: string): Document {
  return parseDocument(readStackText(project, stack));
}

function keysOf({ name }: Project, path: string): string[] {
  const [section = "", ...rest] = path.split(".");
  return ["config", `${name}:${section}`, ...rest];
}
