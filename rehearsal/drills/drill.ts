import { changesIn, type OperationResult, type Step } from "../engine/request";
import type { Stage } from "../stage";
import { notRun, type Verdict, verdict } from "../verdict";

/** Something that is tried on a stack; where it begins and how it leaves the stack is said beside each. */
export type Drill = (stage: Stage) => Promise<Verdict[]>;

/** A drill and what it is called where it could not run, or broke. */
export type NamedDrill = readonly [title: string, drill: Drill];

/** Runs a drill; whatever breaks in it is its verdict. */
export async function judged(title: string, stage: Stage, drill: Drill): Promise<Verdict[]> {
  try {
    return await drill(stage);
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [verdict(title, "broke", [message])];
  }
}

/** Drills that need what an earlier one did not reach. */
export function skipped(titles: readonly string[], reason: string): Verdict[] {
  return titles.map((title) => notRun(title, reason));
}

/** Why a run of the engine failed, one line a resource; none when it succeeded. */
export function failuresOf(result: OperationResult): string[] {
  if (result.succeeded) return [];
  const errors = result.diagnostics.filter(({ severity }) => severity === "error");
  const lines = errors.map(({ urn, message }) => `${urn.split("::").slice(2).join(" ") || "the run"}: ${message}`);
  return lines.length > 0 ? [...new Set(lines)] : [result.error ?? "the run failed and does not say why"];
}

/** `update aws:eks/nodeGroup:NodeGroup pool-cpu (scalingConfig)`. */
export function stepLine({ op, type, name, diffs }: Step): string {
  return `${op} ${type} ${name}${diffs.length > 0 ? ` (${diffs.join(", ")})` : ""}`;
}

/** Every change of a run that `allowed` does not expect, and the run's failures. */
export function unexpected(result: OperationResult, allowed: (step: Step) => boolean): string[] {
  return [
    ...failuresOf(result),
    ...changesIn(result)
      .filter((step) => step.type !== "pulumi:pulumi:Stack" && !allowed(step))
      .map((step) => `unexpected: ${stepLine(step)}`),
  ];
}

/** `1 update, 3 creates`. */
export function counts(result: OperationResult): string {
  const tally = new Map<string, number>();
  for (const { op, type } of changesIn(result)) {
    if (type !== "pulumi:pulumi:Stack") tally.set(op, (tally.get(op) ?? 0) + 1);
  }
  const parts = [...tally].map(([op, count]) => `${count} ${op}`);
  return parts.length === 0 ? "no change" : parts.join(", ");
}

/** `12 s`. */
export function seconds(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} s`;
}
