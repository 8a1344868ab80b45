/** 1 when anything failed. Also when a stack shows nothing that passed: a rehearsal that tried nothing must not look like a good one. */
export function exitCode(stacks: readonly { readonly verdicts: readonly { readonly outcome: string }[] }[]): 0 | 1 {
  const good = stacks.every(
    ({ verdicts }) =>
      verdicts.some(({ outcome }) => outcome === "passed") && !verdicts.some(({ outcome }) => outcome === "failed"),
  );
  return good && stacks.length > 0 ? 0 : 1;
}
