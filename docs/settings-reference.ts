import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackFileSchema } from "../stacks/settings/schema";

/*
 * Writes docs/settings.md from the schema of the settings; a test holds the two together.
 *
 *   node --require ts-node/register docs/settings-reference.ts
 */

interface Node {
  readonly description?: string;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly properties?: Record<string, Node>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly oneOf?: readonly { readonly required: readonly string[] }[];
}

const WIDTH = 120;

const HEAD = `# Settings

Made from the schema by \`node --require ts-node/register docs/settings-reference.ts\`; do not edit.

A stack's settings are the keys below \`llm-platform:\` in \`Pulumi.<stack>.yaml\`. Editors complete them from
\`settings.schema.json\`. Everything is checked before anything is made: an unknown key, a wrong type or values that do
not fit together end the run with one message that lists every problem, what was found and what to do. Write versions in
quotes, or YAML reads \`1.30\` as 1.3.

**required** means: inside the block that is used. Where a block has \`create\` and \`existing\`, exactly one is given.
`;

/** The reference as Markdown. */
export function settingsReference(): string {
  const { properties } = stackFileSchema() as { properties: { config: Node } };
  const { config } = properties;
  const sections = Object.entries(config.properties ?? {}).map(([key, node]) => {
    const name = key.replace("llm-platform:", "");
    const need = config.required?.includes(key) ? " Required." : "";
    const lines = children(node, "");
    return [
      `## ${name}`,
      "",
      wrapped(`${node.description ?? ""}${need}`, ""),
      "",
      ...lines,
      ...(lines.length ? [""] : []),
    ];
  });
  return `${HEAD}\n${sections.flat().join("\n").trimEnd()}\n`;
}

/** One line for every key below `node`, depth first. */
function children(node: Node, path: string): string[] {
  const required = new Set(node.required ?? []);
  const alternatives = new Set(node.oneOf?.flatMap((each) => each.required) ?? []);
  const keys = Object.entries(node.properties ?? {}).flatMap(([key, child]) => {
    const below = path === "" ? key : `${path}.${key}`;
    const need = required.has(key) && !alternatives.has(key);
    return [entry(below, child, need), ...children(child, below)];
  });
  const named =
    typeof node.additionalProperties === "object" ? children(node.additionalProperties, `${path}<name>`) : [];
  const listed = node.items?.properties === undefined ? [] : children(node.items, `${path}[]`);
  return [...keys, ...named, ...listed];
}

function entry(path: string, node: Node, required: boolean): string {
  const notes = [form(node), required && node.default === undefined ? "**required**" : ""].filter(
    (note) => note !== "",
  );
  const kind = notes.length > 0 ? ` (${notes.join(", ")})` : "";
  return wrapped(`- \`${path}\`${kind}: ${node.description ?? ""}`, "  ");
}

/** What a value looks like, where the description alone does not say. */
function form({ type, enum: names, minimum, maximum, items }: Node): string {
  if (names !== undefined) return names.map((name) => `\`${name}\``).join(" | ");
  if (type === "integer") return minimum === undefined || maximum === undefined ? "number" : `${minimum} to ${maximum}`;
  if (type === "boolean") return "true | false";
  if (type === "array") return items?.enum === undefined ? "list" : `list of ${form(items)}`;
  return "";
}

function wrapped(text: string, indent: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join("\n");
}

if (require.main === module) writeFileSync(join(__dirname, "settings.md"), settingsReference());
