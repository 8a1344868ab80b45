import { stringify } from "yaml";
import { PlanError } from "../preview/errors";
import { manifestFiles, type OutputFile } from "../preview/manifests";
import type { Plan, PlannedResource } from "../preview/plan";
import { isSecretValue, isUnknownValue, type RecordedResource } from "../preview/recorder";
import { pathsWhere } from "../preview/redaction";

/** First line of every kustomization that we write: a folder without it is not ours to replace. */
export const HEADER = "# Written by `npm run render`. Edits here are lost: change the settings of the stack.";

const KUSTOMIZATION = "kustomization.yaml";
/** Argo CD applies lower numbers first, and goes on when all of them are healthy. */
const SYNC_WAVE = "argocd.argoproj.io/sync-wave";
const MANIFESTS = /^manifests\//;

/** What git may not hold, one line for each; empty when all is well. */
export function refusals(objects: readonly RecordedResource[]): string[] {
  return objects.flatMap(({ inputs }) => {
    const what = described(inputs);
    if (inputs.kind === "Secret") return [`${what}: Secrets stay with Pulumi. Make it outside the model server.`];
    const paths = (matches: (value: unknown) => boolean) => pathsWhere(inputs, matches);
    return [
      ...paths(isSecretValue).map((path) => `${what}: ${path} is secret. Refer to a Kubernetes Secret instead.`),
      ...paths(isUnknownValue).map(
        (path) => `${what}: ${path} is known only after a deployment. Read it from a ConfigMap that Pulumi keeps.`,
      ),
    ];
  });
}

/** The files of an environment: one for each object, and the kustomization that lists them. */
export function environmentFiles(plan: Plan, objects: readonly PlannedResource[]): OutputFile[] {
  const waves = syncWaves(objects);
  const resources = objects.map((object) => inWave(object, waves.get(object.urn) ?? 0));
  const files = manifestFiles({ ...plan, resources }).map(({ path, text }) => ({
    path: path.replace(MANIFESTS, ""),
    text,
  }));
  const listed = files.map(({ path }) => path).sort();
  const kustomization = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources: listed };
  return [...files, { path: KUSTOMIZATION, text: `${HEADER}\n${stringify(kustomization, { lineWidth: 0 })}` }];
}

/** Fails with everything that git may not hold. */
export function refuseUnfit(objects: readonly RecordedResource[]): void {
  const faults = refusals(objects);
  if (faults.length > 0) throw new PlanError(faults);
}

/**
 * The order of Pulumi's graph as waves: an object comes after all that it waits for among these, so that a Service turns to a new
 * colour only after its smoke Job, under Argo CD as under Pulumi.
 */
function syncWaves(objects: readonly PlannedResource[]): Map<string, number> {
  const byUrn = new Map(objects.map((object) => [object.urn, object]));
  const waves = new Map<string, number>();
  const waveOf = (urn: string): number => {
    const known = waves.get(urn);
    if (known !== undefined) return known;
    const earlier = (byUrn.get(urn)?.dependencies ?? []).filter((each) => each !== urn && byUrn.has(each));
    const wave = earlier.length === 0 ? 0 : 1 + Math.max(...earlier.map(waveOf));
    waves.set(urn, wave);
    return wave;
  };
  for (const { urn } of objects) waveOf(urn);
  return waves;
}

function inWave(object: PlannedResource, wave: number): PlannedResource {
  if (wave === 0) return object;
  const metadata = (object.inputs.metadata ?? {}) as { annotations?: Record<string, unknown> };
  const annotations = { ...metadata.annotations, [SYNC_WAVE]: String(wave) };
  return { ...object, inputs: { ...object.inputs, metadata: { ...metadata, annotations } } };
}

function described({ kind, metadata }: Record<string, unknown>): string {
  const { namespace, name } = (metadata ?? {}) as { namespace?: unknown; name?: unknown };
  const shown = (value: unknown) => (typeof value === "string" ? value : "?");
  return `${shown(kind)} ${shown(namespace)}/${shown(name)}`;
}
