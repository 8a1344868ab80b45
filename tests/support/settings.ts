import { readFileSync } from "node:fs";
import { join } from "node:path";
import { formatProblem } from "../../components/internal/problems";
import { loadStackFile, type ParseResult, parseSettings, type SettingsContext } from "../../stacks/settings";

/** Changes by path, such as `nodePools.cpu.maxSize`; undefined removes the key. */
export type Changes = Readonly<Record<string, unknown>>;

const PREFIX = "llm-platform:";

/** A committed stack file as the parser gets it: by section, JSON opened. */
export function committed(stack: "prod" | "staging"): Record<string, unknown> {
  const text = readFileSync(join(__dirname, `../../Pulumi.${stack}.yaml`), "utf8");
  const { config } = loadStackFile(text, "llm-platform");
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      const name = key.slice(PREFIX.length);
      return [name, name === "lifecycle" ? value : JSON.parse(value)];
    }),
  );
}

/** `raw` with the changes made in a copy. */
export function changed(raw: Record<string, unknown>, changes: Changes): Record<string, unknown> {
  const copy = structuredClone(raw);
  for (const [path, value] of Object.entries(changes)) {
    const steps = path.split(".");
    const last = steps.pop() ?? "";
    let target = copy;
    for (const step of steps) {
      target[step] ??= {};
      target = target[step] as Record<string, unknown>;
    }
    if (value === undefined) delete target[last];
    // A copy, which further changes may go into.
    else target[last] = structuredClone(value);
  }
  return copy;
}

/** A stack with changes, parsed. */
export function parsed(
  changes: Changes,
  context: Partial<SettingsContext> = {},
  stack: "prod" | "staging" = "prod",
): ParseResult {
  return parseSettings(changed(committed(stack), changes), { stack, ...context });
}

/** The lines of everything wrong with a stack after changes; none when all is well. */
export function problemLines(
  changes: Changes,
  context: Partial<SettingsContext> = {},
  stack: "prod" | "staging" = "prod",
): string[] {
  return (parsed(changes, context, stack).problems ?? []).map(formatProblem);
}
