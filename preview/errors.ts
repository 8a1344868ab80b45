/** A fault of whoever asks; its message says all. */
export class UsageError extends Error {}

/** Settings or arguments that the program refuses; the message is the program's own. */
export class RefusedError extends Error {}

/** A plan that must not be deployed; one line for each fault. */
export class PlanError extends Error {
  constructor(readonly faults: readonly string[]) {
    const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
    super(`The plan has ${count}, so nothing was written:\n${faults.map((fault) => `  ${fault}`).join("\n")}`);
  }
}
