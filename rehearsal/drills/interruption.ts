import type { Stage } from "../stage";
import { type Verdict, verdict } from "../verdict";
import { failuresOf, seconds, unexpected } from "./drill";
import { twice } from "./faults";
import { removeOrphans } from "./orphans";

/** From nothing: Ctrl-C when half of the stack is made; the next `up` does the rest. Ends with the stack deployed. */
export async function interrupted(stage: Stage): Promise<Verdict[]> {
  const half = await halfOf(stage);
  const run = stage.start("up");
  const made = await reached(stage, half, run.result);
  run.interrupt();
  const first = await run.result;
  const up = await stage.run("up");
  const preview = await stage.run("preview");
  return [
    verdict(
      "Ctrl-C half-way, and up resumes",
      `stopped at ${made}, resumed in ${seconds(up.seconds)}`,
      [
        ...(first.succeeded ? ["the run ended before it was interrupted"] : []),
        ...failuresOf(up),
        ...twice(stage),
        ...unexpected(preview, () => false),
      ],
      stage.basis,
    ),
  ];
}

/**
 * From nothing: the machine is lost when half of the stack is made. What docs/recovery.md says is done, and nothing else. Ends
 * with the stack deployed.
 */
export async function killed(stage: Stage): Promise<Verdict[]> {
  const half = await halfOf(stage);
  const run = stage.start("up", { options: { checkpoints: true } });
  const made = await reached(stage, half, run.result);
  stage.kill(run);
  // A run that was killed leaves no result.
  const survived = await run.result.then(
    () => true,
    () => false,
  );
  const steps = await recover(stage);
  const preview = await stage.run("preview");
  return [
    verdict(
      "killed half-way, and the documented recovery works",
      `killed at ${made}; ${steps.figure}`,
      [
        ...(survived ? ["the run ended before it was killed"] : []),
        ...steps.findings,
        ...unexpected(preview, () => false),
      ],
      stage.basis,
    ),
  ];
}

/** Recovery as documented: forget unconfirmed creations, delete pending Helm records and objects that exist, `up` again. */
async function recover(stage: Stage): Promise<{ figure: string; findings: string[] }> {
  await stage.run("cancel");
  const refresh = await stage.run("refresh", { options: { clearPendingCreates: true } });
  if (!refresh.succeeded) return { figure: "refresh failed", findings: failuresOf(refresh) };
  const records = await stage.api.list("v1", "Secret", {
    labelSelector: "owner=helm,status in (pending-install,pending-upgrade,pending-rollback)",
  });
  for (const { metadata, apiVersion, kind } of records) {
    await stage.api.delete({
      apiVersion,
      kind,
      name: metadata.name,
      ...(metadata.namespace ? { namespace: metadata.namespace } : {}),
    });
  }
  let removed = 0;
  for (let runs = 1; runs <= 10; runs++) {
    const up = await stage.run("up", { options: { refresh: true, continueOnError: true } });
    // What has a name of its own is in nobody's way: it is found by its tags, and deleted too.
    const orphans = await removeOrphans(stage);
    removed += orphans;
    if (up.succeeded) {
      const byHand = `${records.length} pending releases and ${removed} orphans removed by hand`;
      return { figure: `${runs} runs, ${byHand}`, findings: [] };
    }
    if (orphans === 0) return { figure: "up failed", findings: failuresOf(up) };
  }
  return { figure: "10 runs", findings: ["recovery did not come to an end in 10 runs"] };
}

/** Half of the resources that the stack is made of; forgets all calls so far. */
async function halfOf(stage: Stage): Promise<number> {
  const preview = await stage.run("preview");
  stage.calls.clear();
  const resources = preview.steps.filter(({ op, type }) => op === "create" && /^(aws|kubernetes|random):/.test(type));
  return Math.floor(resources.length / 2);
}

/** Resolves when that many resources are made, or the run is over, with their number. */
async function reached(stage: Stage, count: number, over: Promise<unknown>): Promise<number> {
  let ended = false;
  const end = () => {
    ended = true;
  };
  over.then(end, end);
  const made = () => stage.calls.records.filter(({ method, preview }) => method === "create" && !preview).length;
  while (made() < count && !ended) await new Promise((resolve) => setTimeout(resolve, 20));
  return made();
}
