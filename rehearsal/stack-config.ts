import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { loadStackFile, type StackFile } from "../stacks/settings";

/** Other settings than the stack file's, by path: `nodePools.cpu.maxSize`; undefined removes the key. */
export type Changes = Readonly<Record<string, unknown>>;

/** The configuration of a stack of the project in `folder`, with `changes`. */
export function stackConfig(folder: string, project: string, stack: string, changes: Changes): StackFile {
  const document = parseDocument(readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8"));
  for (const [path, value] of Object.entries(changes)) {
    const [section = "", ...rest] = path.split(".");
    const keys = ["config", `${project}:${section}`, ...rest];
    if (value === undefined) document.deleteIn(keys);
    else document.setIn(keys, document.createNode(value));
  }
  return loadStackFile(String(document), project);
}

/** One setting of a stack of the project in `folder`, as its file has it; undefined when it is not there. */
export function settingOf(folder: string, project: string, stack: string, path: string): unknown {
  const document = parseDocument(readFileSync(join(folder, `Pulumi.${stack}.yaml`), "utf8"));
  const [section = "", ...rest] = path.split(".");
  return (
    (document.toJS() as { config: Record<string, unknown> }).config &&
    document.getIn(["config", `${project}:${section}`, ...rest])
  );
}
