import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../internal/gates";
import { EFA_NODE_LABELS, GPU_NODE_LABELS } from "../internal/gpu-nodes";
import { sharingLabels } from "../internal/gpu-sharing";
import { Architectures, accelerator, instanceShape } from "../internal/instance-types";
import { subnetOfZone } from "../internal/zones";
import type { NodePoolArgs } from "./node-pool";
import { CapacityType, TaintEffect } from "./node-pool-kinds";
import type { NodeRole } from "./node-pool-role";

/** One node group of a pool. */
export interface PoolGroup {
  /** The zone, of a pool with a group for each. */
  readonly zone?: string;
  readonly group: aws.eks.NodeGroup;
  readonly autoscalingGroupName: pulumi.Output<string>;
}

/** What the groups of a pool share. */
export interface GroupParts {
  readonly role: NodeRole;
  readonly launchTemplate: aws.ec2.LaunchTemplate;
}

/** Kubernetes' word for a taint's effect, in EKS' spelling. */
const EKS_EFFECTS: Record<TaintEffect, string> = {
  [TaintEffect.NoSchedule]: "NO_SCHEDULE",
  [TaintEffect.PreferNoSchedule]: "PREFER_NO_SCHEDULE",
  [TaintEffect.NoExecute]: "NO_EXECUTE",
};

/**
 * Labels of a pool's nodes: the caller's, and for GPU nodes those by which the autoscaler, the device plugin and the exporter of
 * metrics know them.
 */
export function nodeLabels(args: NodePoolArgs): Record<string, string> {
  if (!args.gpu) return { ...args.labels };
  return {
    "k8s.amazonaws.com/accelerator": accelerator(args.instanceTypes[0] ?? ""),
    ...GPU_NODE_LABELS,
    ...sharingLabels(args.gpuSharing),
    ...(args.efa === undefined ? {} : EFA_NODE_LABELS),
    ...args.labels,
  };
}

/** Makes the node group of a pool, or one for each zone. */
export function createNodeGroups(
  name: string,
  args: NodePoolArgs,
  parts: GroupParts,
  opts: pulumi.CustomResourceOptions,
): PoolGroup[] {
  if (!args.perZone) {
    const group = createGroup(`${name}-nodes`, args, args.subnetIds, parts, opts);
    return [{ group, autoscalingGroupName: autoscalingGroupName(name, group) }];
  }
  const zones = args.zones ?? [];
  return zones.map((zone, index) => {
    const subnetIds = pulumi
      .output(args.subnetIds)
      .apply((ids) => [subnetOfZone(`NodePool "${name}"`, zones, ids, index)]);
    const group = createGroup(`${name}-nodes-${zone}`, args, subnetIds, parts, opts);
    return { zone, group, autoscalingGroupName: autoscalingGroupName(name, group) };
  });
}

function createGroup(
  groupName: string,
  args: NodePoolArgs,
  subnetIds: pulumi.Input<pulumi.Input<string>[]>,
  { role, launchTemplate }: GroupParts,
  opts: pulumi.CustomResourceOptions,
): aws.eks.NodeGroup {
  return new aws.eks.NodeGroup(
    groupName,
    {
      ...groupSettings(args),
      nodeRoleArn: role.arn,
      subnetIds,
      launchTemplate: { id: launchTemplate.id, version: launchTemplate.latestVersion.apply(String) },
    },
    {
      ...opts,
      // Nodes must find a way out, a network and their permissions; on destruction all of it outlives them.
      dependsOn: after(args.egressReady, args.networkingReady, role.ready),
      // The autoscaler moves it. With `resize` it is ours for one run.
      ignoreChanges: args.resize ? [] : ["scalingConfig.desiredSize"],
    },
  );
}

function groupSettings(args: NodePoolArgs) {
  const architecture = instanceShape(args.instanceTypes[0] ?? "")?.architecture ?? Architectures.X86;
  const amiType = args.gpu
    ? "AL2023_x86_64_NVIDIA"
    : architecture === Architectures.Arm
      ? "AL2023_ARM_64_STANDARD"
      : "AL2023_x86_64_STANDARD";
  return {
    clusterName: args.clusterName,
    version: args.kubernetesVersion,
    amiType,
    // A capacity block's type stands in the launch template; EKS takes it from one of the two.
    ...(args.capacityBlock === undefined ? { instanceTypes: args.instanceTypes } : {}),
    capacityType: args.capacityType ?? CapacityType.OnDemand,
    scalingConfig: { minSize: args.minSize, maxSize: args.maxSize, desiredSize: args.desiredSize ?? args.minSize },
    labels: nodeLabels(args),
    taints: (args.taints ?? []).map(({ key, value, effect }) => ({
      key,
      ...(value === undefined ? {} : { value }),
      effect: EKS_EFFECTS[effect],
    })),
    // Spare GPUs may not be had, not even for the time of an update: one node goes before the next one comes.
    updateConfig: args.gpu ? { maxUnavailable: 1, updateStrategy: "MINIMAL" } : { maxUnavailablePercentage: 33 },
    nodeRepairConfig: { enabled: true },
    ...(args.amiReleaseVersion === undefined ? {} : { releaseVersion: args.amiReleaseVersion }),
  };
}

function autoscalingGroupName(name: string, group: aws.eks.NodeGroup): pulumi.Output<string> {
  return group.resources.apply((resources) => {
    const groupName = resources[0]?.autoscalingGroups[0]?.name;
    if (groupName === undefined) throw new pulumi.RunError(`NodePool "${name}": EKS reports no Auto Scaling group`);
    return groupName;
  });
}
