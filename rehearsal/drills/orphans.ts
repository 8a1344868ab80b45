import { RELEASE, referenceOf } from "../kubernetes/kinds";
import type { Stage } from "../stage";

/**
 * Does what docs/recovery.md tells a person to do about "already exists": deletes what a run made and could not record. Answers
 * how much that was.
 */
export async function removeOrphans(stage: Stage): Promise<number> {
  const known = new Set(stage.state().resources.flatMap(({ id }) => (id === undefined ? [] : [id])));
  const strays = stage.cloud.orphans(known);
  for (const stray of strays) await stage.cloud.discard(stray);
  const recorded = new Set(stage.state().resources.map(({ urn }) => urn));
  const objects = stage.calls.records.filter(
    ({ method, preview, type, urn }) =>
      method === "create" && !preview && type.startsWith("kubernetes:") && type !== RELEASE && !recorded.has(urn),
  );
  let removed = 0;
  for (const { type, properties } of objects) {
    const { name, namespace } = properties.metadata;
    const reference = referenceOf(type, namespace === undefined ? name : `${namespace}/${name}`);
    if (await stage.api.delete(reference)) removed++;
  }
  return strays.length + removed;
}
