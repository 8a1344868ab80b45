import { type Flow, ingressContract } from "../components";
import { CLICKHOUSE_INSTALLATION, createClickHouse, createClickHouseTrust } from "./clickhouse";
import { type ClusterFoundation, createClusterFoundation } from "./cluster-foundation";
import { type Context, contextOf, type Providers, providersOf, reachesInternet } from "./context";
import { createDataStores } from "./data";
import { createWebRollout } from "./delivery";
import { createEdge } from "./edge";
import { flowAddresses, langfuseFlowEnds, modelFlowEnds } from "./flow-ends";
import { platformFlows } from "./flows";
import { createLangfuseIdentity } from "./identities";
import { createLangfuse } from "./langfuse";
import { createSecrets } from "./langfuse-secrets";
import { createModels } from "./llm/models";
import { llmNamespaces } from "./llm/namespaces";
import { createNamespaces, type NamespaceRole } from "./namespaces";
import { createMonitoring, createOperations } from "./operations";
import { type PlatformOutputs, platformOutputs } from "./outputs";
import { createAwsProvider, createKubernetesProvider } from "./providers";
import type { Settings } from "./settings";

/** Builds the platform that the settings describe: one graph, in which whatever order is needed is an edge. */
export function createPlatform(settings: Settings): PlatformOutputs {
  const context = contextOf(settings);
  const { foundation, providers } = createFoundation(context);
  const stores = createDataStores(context, foundation, providers.aws);
  const roles = namespaceRoles(context);
  const namespaces = createNamespaces(roles, flowsOf(context, foundation, roles), providers.kubernetes);
  const { secrets, secretsReady } = createSecrets({ context, foundation, namespaces, stores, providers });
  const operations = createOperations(context, foundation, namespaces, providers);
  const edge = createEdge({ context, providers, namespaces, operations, foundation });
  const identityReady =
    foundation &&
    createLangfuseIdentity(
      context,
      foundation.cluster,
      [stores.buckets.events, stores.buckets.media, stores.buckets.exports],
      providers.aws,
    );
  const { credentials } = stores;
  const clickhouseParts = { context, foundation, namespaces, operations, edge, credentials, secrets, providers };
  const clickhouse = createClickHouse(clickhouseParts);
  const clickhouseTrust = createClickHouseTrust(clickhouseParts);
  const langfuse = createLangfuse({
    context,
    foundation,
    namespaces,
    operations,
    edge,
    stores,
    clickhouse,
    clickhouseTrust,
    secrets,
    secretsReady,
    identityReady,
    providers,
  });
  const monitoring = createMonitoring(context, namespaces, operations, edge, foundation, providers);
  createWebRollout({ context, foundation, namespaces, operations, providers }, langfuse, monitoring);
  const { llm } = settings;
  const models =
    llm.enabled && foundation
      ? createModels({ context, llm, foundation, namespaces, operations, edge, stores, monitoring, providers })
      : undefined;
  return platformOutputs({ context, foundation, stores, clickhouse, langfuse, secrets, edge, monitoring, models });
}

/** A cluster of our own with all below it, or the one that the kubeconfig leads to. */
function createFoundation(context: Context): { foundation?: ClusterFoundation; providers: Providers } {
  const { settings } = context;
  if (settings.cluster.existing) {
    const provider = createKubernetesProvider({
      kubeconfig: settings.secrets.kubeconfig ?? "",
      clusterIdentifier: settings.cluster.existing.name,
      gates: [],
    });
    return { providers: providersOf(undefined, provider) };
  }
  const awsProvider = createAwsProvider(settings);
  const foundation = createClusterFoundation(context, { providers: [awsProvider] }, awsProvider);
  return { foundation, providers: providersOf(awsProvider, foundation.kubernetesProvider) };
}

/** Namespaces that this stack needs: what an existing cluster provides needs none of ours. */
function namespaceRoles({ settings }: Context): NamespaceRole[] {
  const provided = settings.cluster.existing?.provides ?? [];
  const own = settings.cluster.create !== undefined;
  const needed: Record<NamespaceRole, boolean> = {
    langfuse: true,
    data: settings.clickhouse.create !== undefined,
    ingress: ingressContract(settings.ingress.controller) !== undefined && !provided.includes("ingressController"),
    certManager:
      ((settings.ingress.controller !== "alb" && settings.certificates.issuer !== "none") ||
        settings.clickhouse.create?.tls === true) &&
      !provided.includes("certManager"),
    externalDns: own && settings.dns !== undefined && reachesInternet(settings),
    externalSecrets: own && settings.externalSecrets.enabled,
    keda: !provided.includes("keda"),
    monitoring: settings.monitoring.prometheus.enabled && !provided.includes("prometheusOperator"),
    ...llmNamespaces(settings),
  };
  return (Object.keys(needed) as NamespaceRole[]).filter((role) => needed[role]);
}

function flowsOf(context: Context, foundation: ClusterFoundation | undefined, namespaces: NamespaceRole[]): Flow[] {
  const { settings } = context;
  return platformFlows({
    addresses: flowAddresses(context, foundation),
    namespaces,
    ingress: ingressContract(settings.ingress.controller),
    langfuse: langfuseFlowEnds(context, foundation),
    clickhouse: settings.clickhouse.create === undefined ? undefined : CLICKHOUSE_INSTALLATION,
    podIdentity: foundation !== undefined,
    models: modelFlowEnds(context, foundation),
  });
}
