import type { NamespaceRole } from "../namespaces";
import type { Settings } from "../settings";
import { spansNodes } from "../settings/model-server";
import { deliveryNamespaces } from "./delivery-settings";

type LlmNamespaceRole = Extract<
  NamespaceRole,
  "models" | "gpuRuntime" | "leaderWorkerSets" | "argoCd" | "argoRollouts" | "flagger"
>;

/** Which namespaces models and delivery need. */
export function llmNamespaces(settings: Settings): Record<LlmNamespaceRole, boolean> {
  const { enabled, models } = settings.llm;
  return {
    models: enabled,
    gpuRuntime: enabled,
    leaderWorkerSets: enabled && Object.values(models).some(spansNodes),
    ...deliveryNamespaces(settings),
  };
}
