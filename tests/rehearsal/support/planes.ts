import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openProject, settingsReader } from "../../../preview/project";
import { writePreview } from "../../../preview/write";
import { startControlPlane } from "../../../rehearsal/cluster/start-control-plane";
import { installTools } from "../../../rehearsal/install/install-tools";
import type { ClusterOptions } from "../../../rehearsal/stage";
import { ROOT } from "../../support/sources";

/** A control plane of its own for `action`, with the preview of `stack` beside it. CRDs come from REHEARSAL_CRDS, if that is set. */
export async function onPlane<Result>(
  stack: string,
  action: (cluster: ClusterOptions) => Promise<Result>,
): Promise<Result> {
  const tools = await installTools({
    which: ["engine", "cluster"],
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  const folder = mkdtempSync(join(tmpdir(), "plane-"));
  const preview = join(folder, "preview");
  await writePreview(preview, {
    project: openProject(ROOT),
    stack,
    reader: settingsReader(ROOT),
    today: new Date("2026-11-24"),
  });
  const plane = await startControlPlane({ tools, folder });
  try {
    const crds = process.env.REHEARSAL_CRDS;
    return await action({ plane, helm: tools.helm, preview, crds, charts: undefined });
  } finally {
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
