import type { Properties } from "../../providers/provider";
import type { Cloud } from "../cloud";
import { changedPaths } from "../differences";
import { checkSizes, nodeGroupOf } from "../node-groups";
import { refusal } from "../refusal";
import type { Draft, LiveResource, RuleTable } from "../resource";
import { checkUpgrade, minorOf, ofCluster } from "./eks-cluster";
import { policiesOf } from "./identity";
import { egressOf } from "./network-paths";

const CLUSTER = "aws:eks/cluster:Cluster";
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const ADDON = "aws:eks/addon:Addon";
const SCALING_GROUP = "aws:autoscaling/group:Group";

/** Policies without which a node does not join; one of each list. */
const NODE_POLICIES = [
  ["AmazonEKSWorkerNodePolicy", "AmazonEKSWorkerNodeMinimalPolicy"],
  ["AmazonEKS_CNI_Policy"],
  ["AmazonEC2ContainerRegistryPullOnly", "AmazonEC2ContainerRegistryReadOnly"],
];

/** Add-ons with Deployments, which are not well before there are nodes. Those with DaemonSets alone are. */
const NEED_NODES = [
  "coredns",
  "aws-ebs-csi-driver",
  "aws-efs-csi-driver",
  "aws-fsx-csi-driver",
  "metrics-server",
  "snapshot-controller",
];

/** EKS: what runs in clusters. */
export const NODE_RULES: RuleTable = {
  [NODE_GROUP]: {
    name: { property: "nodeGroupName" },
    replaces: [
      "amiType",
      "capacityType",
      "clusterName",
      "diskSize",
      "instanceTypes",
      "launchTemplate.id",
      "launchTemplate.name",
      "nodeRoleArn",
      "remoteAccess",
      "subnetIds",
    ],
    tagged: true,
    references: {
      clusterName: { to: CLUSTER, strict: true, holds: true },
      // Through the instance profile that EKS makes of it.
      nodeRoleArn: { to: "aws:iam/role:Role", holds: true },
      "subnetIds[]": { to: "aws:ec2/subnet:Subnet", holds: true },
      "launchTemplate.id": { to: "aws:ec2/launchTemplate:LaunchTemplate" },
    },
    computed: ({ inputs, physicalName }) => ({ id: `${inputs.clusterName}:${physicalName}` }),
    unique: {
      key: ({ clusterName, nodeGroupName }) => `${clusterName} ${nodeGroupName}`,
      message: ({ physicalName }) =>
        `ResourceInUseException: NodeGroup already exists with name ${physicalName} and cluster name`,
    },
    admit: admitNodes,
    made: async (group, cloud) => {
      addScalingGroup(group, cloud);
      await cloud.observer.nodeGroupChanged?.(nodeGroupOf(group, cloud));
    },
    // Sizes are sent together, and only when one of them changed; otherwise what the autoscaler made of them stays.
    effective: (group, before, now) =>
      changedPaths(before.scalingConfig, now.scalingConfig).length === 0
        ? { ...now, scalingConfig: group.inputs.scalingConfig }
        : now,
    admitChange: (group, now, cloud) => {
      checkSizes(now.scalingConfig);
      checkNodeVersion(now, cloud);
      checkUpgradeOfNodes(group.inputs, now);
    },
    changed: async (group, _before, cloud) => {
      await cloud.observer.nodeGroupChanged?.(nodeGroupOf(group, cloud));
    },
    release: (group, cloud) => blameStrandedNodes(group, cloud),
    gone: async (group, cloud) => {
      await cloud.observer.nodeGroupDeleted?.(nodeGroupOf(group, cloud));
    },
  },
  [ADDON]: {
    replaces: ["addonName", "clusterName", "namespaceConfig"],
    tagged: true,
    references: ofCluster,
    computed: ({ inputs }) => ({ id: `${inputs.clusterName}:${inputs.addonName}` }),
    unique: {
      key: ({ clusterName, addonName }) => `${clusterName} ${addonName}`,
      message: ({ inputs }) => `ResourceInUseException: Addon already exists: ${inputs.addonName}`,
    },
    check: checkConfiguration,
    admit: admitAddon,
    made: installAddon,
    changed: (addon, _before, cloud) => installAddon(addon, cloud),
    gone: removeAddon,
  },
  "aws:autoscaling/tag:Tag": {
    replaces: ["autoscalingGroupName", "tag.key"],
    references: { autoscalingGroupName: { to: SCALING_GROUP, strict: true } },
    computed: ({ inputs }) => ({ id: `${inputs.autoscalingGroupName},${inputs.tag?.key}` }),
  },
  [SCALING_GROUP]: {
    replaces: [],
    missing: (value) => `ValidationError: AutoScalingGroup name not found - AutoScalingGroup '${value}' not found`,
  },
};

/** What a new node needs to join; in AWS the answer comes after some 25 minutes. */
function admitNodes({ inputs }: Draft, cloud: Cloud): void {
  checkSizes(inputs.scalingConfig);
  checkNodeVersion(inputs, cloud);
  const fail = (reason: string) => {
    throw refusal("NodeCreationFailure", `Instances failed to join the kubernetes cluster: ${reason}`);
  };
  const attached = policiesOf(inputs.nodeRoleArn, cloud);
  for (const alternatives of attached === undefined ? [] : NODE_POLICIES) {
    if (!alternatives.some((name) => attached?.includes(name))) {
      fail(`${alternatives.join(" or ")} is not attached to ${inputs.nodeRoleArn}`);
    }
  }
  const stranded = inputs.subnetIds.filter((subnet: string) => !egressOf(subnet, cloud));
  if (stranded.length > 0) fail(`no route leads out of ${stranded.join(", ")}`);
  const cluster = cloud.find(CLUSTER, inputs.clusterName);
  if (
    cluster?.inputs.bootstrapSelfManagedAddons === false &&
    addonOf("vpc-cni", inputs.clusterName, cloud) === undefined
  ) {
    fail("the cluster has no vpc-cni, so no node becomes Ready");
  }
}

function checkNodeVersion({ version, clusterName }: Properties, cloud: Cloud): void {
  const control = cloud.find(CLUSTER, clusterName)?.inputs.version;
  if (version === undefined || control === undefined || minorOf(version) <= minorOf(control)) return;
  throw refusal("InvalidParameterException", `Nodegroup version ${version} is newer than the cluster's ${control}`);
}

function checkUpgradeOfNodes(before: Properties, now: Properties): void {
  if (before.version !== now.version) checkUpgrade(before.version, now.version);
}

function addScalingGroup({ id, computed, createdAt }: LiveResource, cloud: Cloud): void {
  const name = computed.resources[0].autoscalingGroups[0].name;
  const common = { urn: "", logicalName: "", inputs: {}, computed: {}, ownedBy: id, createdAt };
  cloud.add({ ...common, type: SCALING_GROUP, id: name, physicalName: name });
}

/** Nodes are drained through the API server over their network; without its add-on or a way out that hangs. */
function blameStrandedNodes({ logicalName, inputs }: LiveResource, cloud: Cloud): void {
  if (inputs.scalingConfig.desiredSize === 0) return;
  if (inputs.subnetIds.some((subnet: string) => !egressOf(subnet, cloud))) {
    cloud.hazards.push(`${logicalName} had to be drained without a way out of its subnets`);
  }
}

function addonOf(name: string, clusterName: string, cloud: Cloud): LiveResource | undefined {
  return cloud.all(ADDON).find(({ inputs }) => inputs.addonName === name && inputs.clusterName === clusterName);
}

function checkConfiguration({ configurationValues: text }: Properties) {
  try {
    if (typeof text === "string" && text.startsWith("{")) JSON.parse(text);
    return [];
  } catch (error) {
    return [{ property: "configurationValues", reason: `is not JSON: ${(error as Error).message}` }];
  }
}

function admitAddon({ inputs }: Draft, cloud: Cloud): void {
  if (!NEED_NODES.includes(inputs.addonName) || runningNodes(inputs.clusterName, cloud) > 0) return;
  throw refusal(
    "InsufficientNumberOfReplicas",
    `Addon ${inputs.addonName} is DEGRADED: it doesn't have the desired number of replicas, since the cluster has no nodes.`,
  );
}

function runningNodes(clusterName: string, cloud: Cloud): number {
  return cloud
    .all(NODE_GROUP)
    .filter(({ inputs }) => inputs.clusterName === clusterName)
    .reduce((sum, { inputs }) => sum + Number(inputs.scalingConfig.desiredSize), 0);
}

async function installAddon({ inputs }: LiveResource, cloud: Cloud): Promise<void> {
  const configuration = JSON.parse(inputs.configurationValues ?? "{}") as Record<string, unknown>;
  await cloud.observer.addonInstalled?.(inputs.addonName, configuration);
}

async function removeAddon({ inputs, logicalName }: LiveResource, cloud: Cloud): Promise<void> {
  if (inputs.addonName === "vpc-cni" && runningNodes(inputs.clusterName, cloud) > 0) {
    cloud.hazards.push(`${logicalName} was removed while there were nodes, whose network goes with it`);
  }
  // What is preserved stays in the cluster and is nobody's add-on any more.
  if (inputs.preserve !== true) await cloud.observer.addonRemoved?.(inputs.addonName);
}
