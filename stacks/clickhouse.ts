import type * as pulumi from "@pulumi/pulumi";
import {
  APPLICATION_USER,
  allocatable,
  allReady,
  ClickHouse,
  ClickHouseKeeper,
  ClickHouseOperator,
  ClientCertificate,
  LANGFUSE_SECRETS,
  type LangfuseCredentials,
  type LangfuseSecrets,
  slotUser,
} from "../components";
import { type ClusterFoundation, zonesOf } from "./cluster-foundation";
import type { Context, Providers } from "./context";
import type { Edge } from "./edge";
import type { Namespaces } from "./namespaces";
import type { Operations } from "./operations";
import type { Settings } from "./settings";

/** Name of the ClickHouse and Keeper installations; part of their hosts' names, so it stays. */
export const CLICKHOUSE_INSTALLATION = "langfuse";

/** Migrations say `ON CLUSTER default`, so this name cannot be another. */
const CLICKHOUSE_CLUSTER = "default";

/** Everything that ClickHouse stands on. */
interface ClickHouseParts {
  readonly context: Context;
  readonly foundation?: ClusterFoundation;
  readonly namespaces: Namespaces;
  readonly operations: Operations;
  readonly edge: Edge;
  readonly credentials: LangfuseCredentials;
  readonly secrets: LangfuseSecrets;
  readonly providers: Providers;
}

/** What Keeper and servers have in common, settled once. */
interface InstallationParts extends ClickHouseParts {
  readonly create: NonNullable<Settings["clickhouse"]["create"]>;
  readonly namespace: pulumi.Output<string>;
  /** Gate: operator, volumes and the nodes of the data pool. */
  readonly onDataNodes: pulumi.Output<string>;
  /** Gate: policies, and names. */
  readonly podsReady: pulumi.Output<string>;
}

/** Operator, Keeper and servers; undefined when ClickHouse is somebody else's. */
export function createClickHouse(parts: ClickHouseParts): ClickHouse | undefined {
  const { context, foundation, namespaces, operations, credentials, providers } = parts;
  const create = context.settings.clickhouse.create;
  const namespace = namespaces.data;
  if (create === undefined || namespace === undefined) return undefined;
  // The operator finds the API server by its address; only Keeper and servers need names, and must not hold it up.
  const policiesReady = namespace.policiesReady;
  const operator = new ClickHouseOperator(
    "clickhouse-operator",
    {
      namespace: namespace.namespaceName,
      operatorPassword: credentials.clickhouseOperatorPassword,
      secretsRevision: String(context.settings.rotation.application),
      serviceMonitor: operations.serviceMonitors,
      monitorsReady: operations.monitorsReady,
      placement: context.placement("clickhouseOperator"),
      policiesReady,
      mirrors: context.mirrors,
    },
    providers.kubernetes,
  );
  const installation: InstallationParts = {
    ...parts,
    create,
    namespace: namespace.namespaceName,
    onDataNodes: allReady(operator.ready, operations.storageReady, foundation?.poolsReady.data),
    podsReady: allReady(policiesReady, foundation?.addons.dnsReady),
  };
  return createServers(installation, createKeeper(installation));
}

function createKeeper(parts: InstallationParts): ClickHouseKeeper {
  const { context, create, namespace, operations, onDataNodes, podsReady, providers } = parts;
  return new ClickHouseKeeper(
    "clickhouse-keeper",
    {
      namespace,
      installation: CLICKHOUSE_INSTALLATION,
      replicas: create.keepers,
      storage: { size: "20Gi", storageClass: create.storage.storageClass },
      durable: context.durable,
      imageTag: create.version,
      podMonitor: operations.serviceMonitors,
      monitorsReady: operations.monitorsReady,
      placement: context.placement("clickhouseKeeper"),
      priorityClassName: operations.priorityClasses.data,
      operatorReady: onDataNodes,
      policiesReady: podsReady,
      mirrors: context.mirrors,
    },
    providers.kubernetes,
  );
}

function createServers(parts: InstallationParts, keeper: ClickHouseKeeper): ClickHouse {
  const { context, create, namespace, operations, credentials, secrets, onDataNodes, podsReady, providers } = parts;
  const { settings, durable, mirrors } = context;
  const password = (key: keyof (typeof LANGFUSE_SECRETS)["clickhouseServer"]["keys"]) => ({
    secretName: secrets.clickhouseServerSecretName,
    secretKey: LANGFUSE_SECRETS.clickhouseServer.keys[key],
  });
  const networks = clientNetworks(parts);
  return new ClickHouse(
    "clickhouse",
    {
      namespace,
      installation: CLICKHOUSE_INSTALLATION,
      clusterName: CLICKHOUSE_CLUSTER,
      shards: create.shards,
      replicas: create.replicas,
      zones: Math.max(zonesOf(context).length, 1),
      keeperNodes: keeper.nodes,
      defaultPassword: password("defaultPassword"),
      interserverSecret: password("interserverSecret"),
      users: [
        { name: slotUser(APPLICATION_USER, "a"), password: password("passwordA"), networks },
        { name: slotUser(APPLICATION_USER, "b"), password: password("passwordB"), networks },
      ],
      secretsRevision: credentials.clickhousePasswordsRevision,
      resources: create.resources,
      nodeAllocatableMemoryMiB: allocatable(settings.nodePools.data?.instanceTypes[0] ?? "")?.memoryMiB,
      storage: create.storage,
      durable,
      tls: create.tls ? parts.edge.privateIssuer : undefined,
      imageTag: create.version,
      podMonitor: operations.serviceMonitors,
      monitorsReady: operations.monitorsReady,
      placement: context.placement("clickhouse"),
      priorityClassName: operations.priorityClasses.data,
      operatorReady: onDataNodes,
      policiesReady: allReady(podsReady, secrets.serverReady),
      mirrors,
    },
    providers.kubernetes,
  );
}

/** What Langfuse needs to trust ClickHouse's certificate; undefined when connections are plain, or the servers are somebody else's. */
export function createClickHouseTrust({
  context,
  namespaces,
  edge,
  providers,
}: ClickHouseParts): ClientCertificate | undefined {
  if (!context.settings.clickhouse.create?.tls || !edge.privateIssuer || !namespaces.langfuse) return undefined;
  return new ClientCertificate(
    "clickhouse-client",
    {
      namespace: namespaces.langfuse.namespaceName,
      secretName: "langfuse-clickhouse-client",
      commonName: "langfuse",
      ...edge.privateIssuer,
    },
    providers.kubernetes,
  );
}

/** Where Langfuse's pods connect from: pods have addresses of the private subnets. */
function clientNetworks({ foundation }: ClickHouseParts): pulumi.Input<pulumi.Input<string>[]> {
  return foundation?.network.privateSubnetCidrs ?? ["0.0.0.0/0"];
}
