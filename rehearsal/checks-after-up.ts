import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { plannedKinds } from "./checks/accepted";
import { runChecks } from "./checks/checks";
import type { CheckContext, PlannedObject, SearchedText } from "./checks/context";
import { checkOpenSecrets } from "./checks/open-secrets";
import { readCluster } from "./checks/snapshot";
import { untilSettled } from "./drills/watch";
import type { Stage } from "./stage";
import type { Verdict } from "./verdict";

/** On a deployed stack: looks at everything that is there, and evicts what may be evicted. Leaves the stack deployed. */
export async function checksAfterUp(stage: Stage): Promise<Verdict[]> {
  await untilSettled(stage.api);
  return runChecks(await contextOf(stage));
}

/** On a deployed stack: whatever was written so far shows no secret that was ever made. */
export async function openSecrets(stage: Stage): Promise<Verdict[]> {
  return checkOpenSecrets(await contextOf(stage));
}

async function contextOf(stage: Stage): Promise<CheckContext> {
  const state = stage.state();
  const plannedObjects = state.resources
    .filter(({ custom, type }) => custom && !type.startsWith("pulumi:"))
    .map(
      ({ urn, type, inputs = {}, outputs = {} }): PlannedObject => ({
        urn,
        type,
        name: urn.split("::").at(-1) ?? "",
        inputs,
        outputs,
      }),
    );
  return {
    api: stage.api,
    snapshot: await readCluster(stage.api, plannedKinds(plannedObjects)),
    plannedObjects,
    releases: stage.releases(),
    permissiveKinds: stage.permissiveKinds,
    nodeGroups: stage.cloud.nodeGroups(),
    associations: stage.cloud.podIdentities().map(({ namespace, serviceAccount, effectiveAt }) => ({
      namespace,
      serviceAccount,
      effectiveAt: performance.timeOrigin + effectiveAt,
    })),
    secrets: stage.random.secrets(),
    texts: [{ where: "the state", text: state.text }, ...stage.texts, ...previewFiles(stage.previewFolder)],
  };
}

/** The files of the embedded preview, if there are any. */
function previewFiles(folder: string | undefined): SearchedText[] {
  if (folder === undefined) return [];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map(({ parentPath, name }) => {
    const path = join(parentPath, name);
    return { where: path, text: readFileSync(path, "utf8") };
  });
}
