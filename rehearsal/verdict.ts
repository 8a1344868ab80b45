/** How a check or a drill ended. `not run` says in its figure why: it is never a silent pass. */
export type Outcome = "passed" | "failed" | "not run";

/** What a verdict rests on, where that is less than the whole: shown beside it. */
export type Basis = "stand-in pods" | "permissive CRDs" | "in-memory API";

/** One line of the table that a rehearsal ends with. */
export interface Verdict {
  /** What was tried, e.g. `second preview shows no change`. */
  readonly drill: string;
  readonly outcome: Outcome;
  /** What was measured or counted, in a few words, e.g. `365 resources, 0 changes`; for `not run` the reason. */
  readonly figure: string;
  /** What is wrong, one finding a line, with the object and what to do; empty unless failed. */
  readonly findings: readonly string[];
  readonly basis?: readonly Basis[];
}

/** Passed when nothing was found. */
export function verdict(drill: string, figure: string, findings: readonly string[], basis?: readonly Basis[]): Verdict {
  const outcome = findings.length === 0 ? "passed" : "failed";
  return { drill, outcome, figure, findings: [...findings], ...(basis?.length ? { basis } : {}) };
}

/** A drill that could not be tried, and why. */
export function notRun(drill: string, reason: string): Verdict {
  return { drill, outcome: "not run", figure: reason, findings: [] };
}
