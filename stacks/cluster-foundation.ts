import * as aws from "@pulumi/aws";
import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { allReady, Cluster, ClusterAddons, GPU_PACKING_WEIGHTS, Network, SharedFileSystem } from "../components";
import type { Context } from "./context";
import { createIdentities, type Identities } from "./identities";
import { createNodePools } from "./node-pools";
import { createKubernetesProvider } from "./providers";
import { zonesOfNetwork } from "./settings/pool-zones";

/** The cluster that the rest of the platform stands on. */
export interface ClusterFoundation {
  readonly network: Network;
  readonly cluster: Cluster;
  readonly kubernetesProvider: kubernetes.Provider;
  readonly identities: Identities;
  readonly addons: ClusterAddons;
  /** EFS, when asked for. */
  readonly sharedFileSystem?: SharedFileSystem;
  /** Gate by pool: its nodes have joined. */
  readonly poolsReady: Record<string, pulumi.Output<string>>;
  /** Gate: service-linked roles that the account lacked. */
  readonly serviceLinkedRolesReady: pulumi.Output<string>;
}

/** Network, cluster, identities, node pools and add-ons on AWS. */
export function createClusterFoundation(
  context: Context,
  awsOptions: pulumi.ComponentResourceOptions,
  awsProvider: aws.Provider,
): ClusterFoundation {
  const { settings, region, durable, iam } = context;
  const create = settings.cluster.create;
  if (create === undefined) throw new pulumi.RunError("a cluster of our own needs cluster.create in the settings");
  const serviceLinkedRolesReady = createServiceLinkedRoles(settings.serviceLinkedRoles, awsProvider);
  const network = createNetwork(context, awsOptions);
  const cluster = new Cluster(
    "cluster",
    {
      ...create,
      namePrefix: `${pulumi.getProject()}-${pulumi.getStack()}`,
      region,
      subnetIds: network.privateSubnetIds,
      durable,
      packingWeights:
        settings.llm.enabled && settings.llm.gpu.scheduler === "managed" ? GPU_PACKING_WEIGHTS : undefined,
      assumeRoleArn: settings.aws.assumeRoleArn,
      iam,
    },
    awsOptions,
  );
  const identities = createIdentities(context, cluster, awsOptions);
  // Controllers find their credentials from their first pod on, and on destruction keep them until the last.
  const accountReady = allReady(serviceLinkedRolesReady, ...Object.values(identities));
  const poolsReady = createNodePools(context, { network, cluster, accountReady, tags: volumeTags() }, awsOptions);
  const nodesReady = allReady(poolsReady.system, poolsReady.cpu);

  const sharedFileSystem = settings.storage.sharedFileSystem.enabled
    ? createSharedFileSystem(context, network, cluster, awsOptions)
    : undefined;
  const addons = createAddons(
    context,
    cluster,
    { identities, nodesReady, shared: sharedFileSystem !== undefined },
    awsOptions,
  );
  const kubernetesProvider = createKubernetesProvider({
    kubeconfig: cluster.kubeconfig,
    clusterIdentifier: cluster.clusterArn,
    // Never the GPU pools: a machine that cannot be had must not hold up everything else.
    gates: [cluster.accessReady, cluster.networkingReady, network.egressReady, nodesReady],
  });
  return {
    network,
    cluster,
    kubernetesProvider,
    identities,
    addons,
    sharedFileSystem,
    poolsReady,
    serviceLinkedRolesReady,
  };
}

/** Roles of AWS services that a new account lacks; the gate opens when they exist. */
function createServiceLinkedRoles(services: readonly string[], provider: aws.Provider): pulumi.Output<string> {
  const roles = services.map(
    (service) =>
      new aws.iam.ServiceLinkedRole(
        `service-linked-role-${service.replace(/\.amazonaws\.com$/, "").replaceAll(".", "-")}`,
        { awsServiceName: service },
        { provider },
      ),
  );
  return allReady(...roles.map((role) => role.urn));
}

function createNetwork(
  { settings: { network }, region, durable }: Context,
  options: pulumi.ComponentResourceOptions,
): Network {
  if (network === undefined) throw new pulumi.RunError("a cluster of our own needs network in the settings");
  const flowLogs = network.create?.flowLogs;
  return new Network(
    "network",
    {
      region,
      existing: network.existing,
      create: network.create && {
        ...network.create,
        flowLogs: flowLogs?.enabled ? { retentionDays: flowLogs.retentionDays, disposable: !durable } : undefined,
      },
    },
    options,
  );
}

function createSharedFileSystem(
  context: Context,
  network: Network,
  cluster: Cluster,
  options: pulumi.ComponentResourceOptions,
): SharedFileSystem {
  return new SharedFileSystem(
    "files",
    {
      vpcId: network.vpcId,
      zones: zonesOf(context),
      subnetIds: network.privateSubnetIds,
      clientSecurityGroupId: cluster.clusterSecurityGroupId,
      durable: context.durable,
    },
    options,
  );
}

/** What the add-ons on nodes wait for, and whether EFS is among them. */
interface AddonParts {
  readonly identities: Identities;
  readonly nodesReady: pulumi.Output<string>;
  readonly shared: boolean;
}

function createAddons(
  context: Context,
  cluster: Cluster,
  { identities, nodesReady, shared }: AddonParts,
  options: pulumi.ComponentResourceOptions,
): ClusterAddons {
  const { llm } = context.settings;
  const hasWeights = (kind: string) =>
    llm.enabled && Object.values(llm.models).some(({ weights }) => weights.kind === kind);
  return new ClusterAddons(
    "addons",
    {
      clusterName: cluster.clusterName,
      kubernetesVersion: context.settings.cluster.create?.kubernetesVersion ?? "",
      placement: context.placement("clusterAddons"),
      sharedFileSystems: shared,
      s3Mounts: hasWeights("s3Mount"),
      lustreFileSystems: hasWeights("fsxLustre"),
      volumeTags: volumeTags(),
      addonVersions: context.settings.cluster.create?.addonVersions,
      nodesReady,
      ebsIdentityReady: identities.ebsCsi,
      efsIdentityReady: identities.efsCsi,
    },
    options,
  );
}

/** The zones of the network, as the settings name them. */
export function zonesOf({ settings }: Context): string[] {
  return zonesOfNetwork(settings.network);
}

/** Tags by which the volumes of a stack are found after it is gone. */
export function volumeTags(): Record<string, string> {
  return { "managed-by": "pulumi", project: pulumi.getProject(), stack: pulumi.getStack() };
}
