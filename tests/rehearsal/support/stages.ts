import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openProject } from "../../../preview/project";
import { installTools } from "../../../rehearsal/install/install-tools";
import { Stage, type StageOptions } from "../../../rehearsal/stage";
import type { Verdict } from "../../../rehearsal/verdict";
import { ROOT } from "../../support/sources";

/** A stage of its own for `action`: an account, a backend, and a cluster if one is given. */
export async function onStage<Result>(
  given: Pick<StageOptions, "stack" | "changes" | "cluster" | "patienceSeconds">,
  action: (stage: Stage) => Promise<Result>,
): Promise<Result> {
  const { pulumiRoot } = await installTools({
    which: ["engine"],
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  const folder = mkdtempSync(join(tmpdir(), "stage-"));
  const stage = await Stage.open({ ...given, project: openProject(ROOT), pulumiRoot, folder });
  try {
    return await action(stage);
  } finally {
    await stage.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Path of a module that breaks the platform in one way. */
export function broken(way: string): string {
  return join(__dirname, "..", "breaks", `${way}.ts`);
}

/** Fails with what was found, unless everything passed. */
export function passes(verdicts: readonly Verdict[]): void {
  assert.notEqual(verdicts.length, 0, "nothing was judged");
  const bad = verdicts.filter(({ outcome }) => outcome !== "passed");
  const lines = bad.flatMap(({ drill, outcome, figure, findings }) => [
    `${outcome}: ${drill} (${figure})`,
    ...findings,
  ]);
  assert.deepEqual(lines, []);
}

/** Everything that was found by the verdicts whose title matches; fails when one of them passed. */
export function findings(verdicts: readonly Verdict[], title: RegExp): string[] {
  const meant = verdicts.filter(({ drill }) => title.test(drill));
  assert.notEqual(meant.length, 0, `no verdict on ${title}: ${verdicts.map(({ drill }) => drill).join("; ")}`);
  for (const { drill, outcome } of meant) assert.equal(outcome, "failed", `${drill} did not notice`);
  return meant.flatMap((verdict) => verdict.findings);
}
