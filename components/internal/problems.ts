import * as pulumi from "@pulumi/pulumi";

/** One thing that is wrong with a caller's input. */
export interface Problem {
  /** Where: the path of the property, as the caller wrote it, e.g. `createdSubnets.zones[1]`. */
  readonly path: string;
  /** What must hold, as a sentence without its final full stop, e.g. "must be at least 1". */
  readonly rule: string;
  /** The offending value; leave it out for anything that may be a secret. */
  readonly got?: unknown;
  /** What to do about it, as a sentence, e.g. "Raise maxSize or lower minSize." */
  readonly fix: string;
}

/** One line for one problem: path, rule, value, fix. */
export function formatProblem(problem: Problem): string {
  const got = "got" in problem ? ` (got ${describe(problem.got)})` : "";
  return `${problem.path}: ${problem.rule}${got}. ${problem.fix}`;
}

/** Collects everything wrong with a component's arguments, so that the caller hears of all of it at once. */
export class Problems {
  private readonly found: Problem[] = [];

  /** Notes a problem when `holds` is false. */
  check(holds: boolean, problem: Problem): void {
    if (!holds) this.found.push(problem);
  }

  /** Notes a problem unless exactly one of the named optional blocks is given. */
  exactlyOne(path: string, blocks: Record<string, unknown>): void {
    const names = Object.keys(blocks);
    const given = names.filter((name) => blocks[name] !== undefined);
    this.check(given.length === 1, {
      path,
      rule: `exactly one of ${names.join(", ")} must be given`,
      got: given.length === 0 ? "none" : given.join(" and "),
      fix: given.length === 0 ? `Add ${names.join(" or ")}.` : `Keep one of ${given.join(", ")}.`,
    });
  }

  /**
   * Throws one error that names the component, its instance and every problem found; does nothing when there is none.
   * Call it before the first child is registered.
   */
  throwIfAny(component: string, name: string): void {
    if (this.found.length === 0) return;
    const lines = this.found.map((problem) => `  ${formatProblem(problem)}`);
    throw new pulumi.RunError(`${component} "${name}" cannot be built from these arguments:\n${lines.join("\n")}`);
  }
}

/** Name and password in an address. */
const USER_INFORMATION = /:\/\/[^/\s@"]+@/g;

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (pulumi.Output.isInstance(value)) return "a value known only later";
  const text = (typeof value === "string" ? value : JSON.stringify(value)).replaceAll(USER_INFORMATION, "://[hidden]@");
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
