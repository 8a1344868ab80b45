import type { ModelServerSettings } from "./model-server";

/** Versions that colours of a server have other than its own, each once. */
export function coloredVersions({ delivery, model }: Pick<ModelServerSettings, "delivery" | "model">): string[] {
  const { blue, green } = delivery.blueGreen ?? {};
  const versions = [blue?.version, green?.version].filter((version) => version !== undefined);
  return [...new Set(versions)].filter((version) => version !== model.version);
}
