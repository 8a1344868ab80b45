import * as aws from "@pulumi/aws";
import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  allReady,
  CapacityType,
  Cluster,
  ClusterAddons,
  Network,
  NodePool,
  type NodeTaint,
  SharedFileSystem,
} from "../components";
import type { Context } from "./context";
import { createIdentities, type Identities } from "./identities";
import { poolPurpose } from "./placement";
import { createKubernetesProvider } from "./providers";

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
  if (create === undefined || settings.network === undefined) {
    throw new pulumi.RunError("a cluster of our own needs cluster.create and network in the settings");
  }
  const serviceLinkedRoles = settings.serviceLinkedRoles.map(
    (service) =>
      new aws.iam.ServiceLinkedRole(
        `service-linked-role-${service.split(".")[0]}`,
        { awsServiceName: service },
        { provider: awsProvider },
      ),
  );
  const serviceLinkedRolesReady = allReady(...serviceLinkedRoles.map((role) => role.urn));

  const flowLogs = settings.network.create?.flowLogs;
  const network = new Network(
    "network",
    {
      region,
      existing: settings.network.existing,
      create: settings.network.create && {
        ...settings.network.create,
        flowLogs: flowLogs?.enabled ? { retentionDays: flowLogs.retentionDays, disposable: !durable } : undefined,
      },
    },
    awsOptions,
  );
  const cluster = new Cluster(
    "cluster",
    {
      ...create,
      namePrefix: `${pulumi.getProject()}-${pulumi.getStack()}`,
      region,
      subnetIds: network.privateSubnetIds,
      durable,
      assumeRoleArn: settings.aws.assumeRoleArn,
      iam,
    },
    awsOptions,
  );
  const identities = createIdentities(context, cluster, awsOptions);
  const poolsReady = createNodePools(context, network, cluster, serviceLinkedRolesReady, awsOptions);
  const nodesReady = allReady(poolsReady.system, poolsReady.cpu);

  const sharedFileSystem = settings.storage.sharedFileSystem.enabled
    ? new SharedFileSystem(
        "files",
        {
          vpcId: network.vpcId,
          zones: zonesOf(context),
          subnetIds: network.privateSubnetIds,
          clientSecurityGroupId: cluster.clusterSecurityGroupId,
          durable,
        },
        awsOptions,
      )
    : undefined;
  const addons = new ClusterAddons(
    "addons",
    {
      clusterName: cluster.clusterName,
      kubernetesVersion: create.kubernetesVersion,
      placement: context.placement("clusterAddons"),
      sharedFileSystems: sharedFileSystem !== undefined,
      volumeTags: volumeTags(),
      nodesReady,
      ebsIdentityReady: identities.ebsCsi,
      efsIdentityReady: identities.efsCsi,
    },
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

/** The zones of the network, as the settings name them. */
export function zonesOf({ settings }: Context): string[] {
  return settings.network?.create?.zones ?? settings.network?.existing?.zones ?? [];
}

/** Tags by which the volumes of a stack are found after it is gone. */
export function volumeTags(): Record<string, string> {
  return { "managed-by": "pulumi", project: pulumi.getProject(), stack: pulumi.getStack() };
}

function createNodePools(
  context: Context,
  network: Network,
  cluster: Cluster,
  serviceLinkedRolesReady: pulumi.Output<string>,
  options: pulumi.ComponentResourceOptions,
): Record<string, pulumi.Output<string>> {
  const { settings, region, iam } = context;
  return Object.fromEntries(
    Object.entries(settings.nodePools).map(([key, pool]) => {
      const { capacityType, labels, taints, ...sizes } = pool;
      const purpose = poolPurpose(key);
      const nodePool = new NodePool(
        `pool-${key}`,
        {
          ...sizes,
          clusterName: cluster.clusterName,
          kubernetesVersion: settings.cluster.create?.kubernetesVersion ?? "",
          region,
          subnetIds: network.privateSubnetIds,
          zones: zonesOf(context),
          capacityType: capacityType === "spot" ? CapacityType.Spot : CapacityType.OnDemand,
          labels: { ...purpose.labels, ...labels },
          taints: [...(purpose.taints as NodeTaint[]), ...taints],
          gpu: purpose.gpu,
          egressReady: allReady(network.egressReady, serviceLinkedRolesReady),
          networkingReady: cluster.networkingReady,
          tags: { ...volumeTags(), ...settings.aws.tags },
          iam,
        },
        options,
      );
      return [key, nodePool.ready];
    }),
  );
}
