import * as pulumi from "@pulumi/pulumi";
import {
  allReady,
  CapacityType,
  type Cluster,
  type GpuSharingArgs,
  type Network,
  NodePool,
  type NodeTaint,
} from "../components";
import type { Context } from "./context";
import { poolPurpose } from "./placement";
import type { Settings } from "./settings";
import { gpuPoolsInUse } from "./settings/gpu-pools";
import { zonesOfNetwork, zonesOfPool } from "./settings/pool-zones";

type PoolSettings = Settings["nodePools"][string];

const CAPACITY_TYPES: Record<PoolSettings["capacityType"], CapacityType> = {
  onDemand: CapacityType.OnDemand,
  spot: CapacityType.Spot,
  capacityBlock: CapacityType.CapacityBlock,
};

/** What pools stand on. */
export interface NodePoolParts {
  readonly network: Network;
  readonly cluster: Cluster;
  /** Gate: what the account must have before the first machine. */
  readonly accountReady: pulumi.Output<string>;
  /** Tags of machines and their volumes. */
  readonly tags: Record<string, string>;
}

/** Every pool of the settings; the gates open when a pool's machines have joined. */
export function createNodePools(
  context: Context,
  { network, cluster, accountReady, tags }: NodePoolParts,
  options: pulumi.ComponentResourceOptions,
): Record<string, pulumi.Output<string>> {
  const { settings, region, iam } = context;
  return Object.fromEntries(
    Object.entries(settings.nodePools).map(([key, pool]) => {
      const { capacityType, labels, taints, efa, ...rest } = pool;
      const purpose = poolPurpose(key, pool.instanceTypes);
      const zones = zonesOfPool(settings.network, pool);
      const all = zonesOfNetwork(settings.network);
      const nodePool = new NodePool(
        `pool-${key}`,
        {
          ...rest,
          ...sizes(settings, key, pool),
          clusterName: cluster.clusterName,
          kubernetesVersion: settings.cluster.create?.kubernetesVersion ?? "",
          region,
          subnetIds: pool.zones === undefined ? network.privateSubnetIds : subnetsIn(network, all, zones),
          zones,
          capacityType: CAPACITY_TYPES[capacityType],
          labels: { ...purpose.labels, ...labels },
          taints: [...(purpose.taints as NodeTaint[]), ...taints],
          gpu: purpose.gpu,
          gpuSharing: sharingOfPool(settings, key),
          efa: efa ? { vpcId: network.vpcId, clusterSecurityGroupId: cluster.clusterSecurityGroupId } : undefined,
          egressReady: allReady(network.egressReady, accountReady),
          networkingReady: cluster.networkingReady,
          tags: { ...tags, ...settings.aws.tags },
          iam,
        },
        options,
      );
      return [key, nodePool.ready];
    }),
  );
}

/** How pods share the GPUs of a pool; undefined where each has whole ones. */
export function sharingOfPool({ llm }: Settings, pool: string): GpuSharingArgs | undefined {
  return llm.enabled ? llm.gpu.sharing[pool] : undefined;
}

/** A pool with GPUs has its machines from the moment that a model server is placed there; `resize` overrides that for one run. */
function sizes(settings: Settings, key: string, pool: PoolSettings): Pick<PoolSettings, "minSize" | "desiredSize"> {
  const { minSize, desiredSize, resize, instanceTypes } = pool;
  if (!poolPurpose(key, instanceTypes).gpu || gpuPoolsInUse(settings).includes(key)) return { minSize, desiredSize };
  return { minSize: 0, desiredSize: resize ? desiredSize : undefined };
}

/** The network's private subnets in some of its zones. */
function subnetsIn(network: Network, all: readonly string[], zones: readonly string[]): pulumi.Output<string[]> {
  return network.privateSubnetIds.apply((ids) =>
    zones.map((zone) => {
      const id = ids[all.indexOf(zone)];
      if (id === undefined) throw new pulumi.RunError(`no private subnet lies in zone ${zone}`);
      return id;
    }),
  );
}
