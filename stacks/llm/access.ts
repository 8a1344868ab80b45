import { ModelAccess } from "../../components";
import type { Settings } from "../settings";
import type { LlmParts } from "./parts";

/** ServiceAccounts, API keys and people's roles. */
export function createModelAccess({
  context,
  llm,
  foundation,
  namespaces,
  providers,
}: LlmParts): ModelAccess | undefined {
  const namespace = namespaces.models;
  if (namespace === undefined) return undefined;
  const { secrets } = context.settings;
  const { readers, operators, keyRevision } = llm.access;
  return new ModelAccess(
    "model-access",
    {
      namespace: namespace.namespaceName,
      servers: Object.keys(llm.models),
      sharedKeyServers: llm.gateway.router.enabled ? routedServers(llm) : [],
      apiKey: secrets.modelApiKey,
      keyRevision,
      huggingFaceToken: secrets.huggingFaceToken,
      members: { clusterName: foundation.cluster.clusterName, readers, operators },
    },
    providers.both,
  );
}

/** The model servers behind the router. */
export function routedServers({ gateway, models }: Settings["llm"]): string[] {
  return gateway.router.servers ?? Object.keys(models);
}
