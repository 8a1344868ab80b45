import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkOut } from "../checkout";
import type { Stage } from "../stage";
import { type Verdict, verdict } from "../verdict";
import { counts, failuresOf, seconds, unexpected } from "./drill";
import { MIGRATED_FIRST, MigrationWatch, NAMESPACE } from "./migration-watch";
import { watching } from "./watch";

/** From nothing to a deployed stack: a preview, then `up`, which must need no second try. */
export async function firstUp(stage: Stage): Promise<Verdict[]> {
  const version = String(stage.setting("langfuse.version"));
  const watch = new MigrationWatch(version);
  const preview = await stage.run("preview");
  const up = stage.api.real
    ? await watching(stage.api, NAMESPACE, watch.look, () => stage.run("up"))
    : await stage.run("up");
  const planned = preview.steps.filter(({ op }) => op === "create").length;
  const made = up.steps.filter(({ op, outcome }) => op === "create" && outcome === "done").length;
  const missed = preview.succeeded && up.succeeded && planned !== made;
  return [
    verdict("first preview", `${planned} to create, ${seconds(preview.seconds)}`, failuresOf(preview)),
    verdict("first up needs no second try", `${made} created, ${seconds(up.seconds)}`, [
      ...failuresOf(up),
      ...(missed ? [`the preview announced ${planned} resources, up made ${made}`] : []),
    ]),
    ...(stage.api.real ? [verdict(MIGRATED_FIRST, watch.figure, watch.findings(), stage.basis)] : []),
  ];
}

/** On a deployed stack: a preview of the same commit finds nothing to do; from another folder neither. */
export async function secondPreview(stage: Stage): Promise<Verdict[]> {
  const again = await stage.run("preview");
  const elsewhere = await fromAnotherPath(stage.project.folder, (projectFolder) =>
    stage.run("preview", { projectFolder }),
  );
  const none = () => false;
  const figure = (result: typeof again) => `${result.steps.length} resources, ${counts(result)}`;
  return [
    verdict("second preview shows no change", figure(again), unexpected(again, none)),
    verdict("preview from another path shows no change", figure(elsewhere), unexpected(elsewhere, none)),
  ];
}

/** Calls `action` with another checkout of the project, as on another machine. */
async function fromAnotherPath<Result>(folder: string, action: (copy: string) => Promise<Result>): Promise<Result> {
  const parent = mkdtempSync(join(tmpdir(), "elsewhere-"));
  const copy = join(parent, "another-checkout");
  try {
    checkOut(folder, copy);
    return await action(copy);
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}
