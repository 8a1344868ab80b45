import * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import type { GpuSharingArgs } from "../internal/gpu-sharing";
import type { IamSettings } from "../internal/iam";
import { checkNodePoolArgs } from "./node-pool-checks";
import { createFabric } from "./node-pool-fabric";
import { createNodeGroups } from "./node-pool-groups";
import type { CapacityBlockArgs, CapacityType, NodePoolEfaArgs, NodeTaint } from "./node-pool-kinds";
import { createLaunchTemplate } from "./node-pool-launch-template";
import { createNodeRole } from "./node-pool-role";
import { createScalingHints } from "./node-pool-scaling-hints";

export {
  type CapacityBlockArgs,
  CapacityType,
  type NodePoolEfaArgs,
  type NodeTaint,
  TaintEffect,
} from "./node-pool-kinds";

export interface NodePoolArgs {
  /** Name of the EKS cluster. Changing it replaces the pool. */
  readonly clusterName: pulumi.Input<string>;
  /** Kubernetes minor of the nodes, that of the cluster. Changing it rolls the nodes. */
  readonly kubernetesVersion: string;
  /** Region, e.g. `us-east-1`; decides the partition of policies. */
  readonly region: string;
  /** Private subnets, one a zone; for GPUs those of the zones that have the type. Changing them replaces the node groups. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Zones of `subnetIds`, in the same order, by name or id; needed with `perZone` and `efa`. Append only: they are keys. */
  readonly zones?: string[];
  /**
   * One node group for each zone instead of one over all: needed where pods own zonal volumes, because the autoscaler cannot
   * choose a zone within a group. Sizes then count per zone. Changing it replaces the node groups. Default false.
   */
  readonly perZone?: boolean;
  /** EC2 types, all of one architecture and with the same GPUs; with spot capacity list several. Changing them replaces the node groups. */
  readonly instanceTypes: string[];
  /** On-demand, spot or a capacity block. Changing it replaces the node groups. Default on-demand. */
  readonly capacityType?: CapacityType;
  /**
   * The block, with `capacityType` CAPACITY_BLOCK: one instance type, the block's zone, and `minSize` 0, since there are no machines
   * before the block begins. EKS takes the nodes away 40 minutes before it ends.
   */
  readonly capacityBlock?: CapacityBlockArgs;
  /**
   * Fewest nodes (per zone with `perZone`); 0 is allowed, the autoscaler then starts the first node. Raised above the number of
   * nodes that run, it is refused by EKS: the same run needs `desiredSize` and `resize`.
   */
  readonly minSize: number;
  /** Most nodes (per zone with `perZone`), at least 1. */
  readonly maxSize: number;
  /** Nodes at creation; later the autoscaler decides. Default `minSize`. */
  readonly desiredSize?: number;
  /**
   * For one run, set the number of nodes to `desiredSize` (or `minSize`) in place of leaving it to the autoscaler; needed to
   * raise `minSize` above the current number. It may remove nodes that are in use. Default false.
   */
  readonly resize?: boolean;
  /** Root disk in GiB, gp3, at least 20. Changing it rolls the nodes. Default 100, and 200 with GPUs (their images are large). */
  readonly diskSizeGiB?: number;
  /** KMS key of root disks, by ARN; EC2 Auto Scaling must be allowed to use it. Default: the AWS-managed key for EBS. */
  readonly kmsKeyArn?: pulumi.Input<string>;
  /** Node labels, e.g. `workload-type`. Default none. */
  readonly labels?: Record<string, string>;
  /** Node taints. Default none. */
  readonly taints?: NodeTaint[];
  /**
   * Nodes with NVIDIA GPUs: AMI with driver, labels by which device plugin and autoscaler know them, fast disks, and updates that
   * take one node away before they add one. Must agree with `instanceTypes`. Default false.
   */
  readonly gpu?: boolean;
  /** How pods share the GPUs of a node; labels the nodes for `GpuRuntime`, which must know the same. Default one pod a GPU. */
  readonly gpuSharing?: GpuSharingArgs;
  /**
   * Network cards by which GPUs of several nodes speak to each other (EFA), on types that have them: a security group and a
   * placement group of the pool's own, in exactly one zone. Pods ask for `vpc.amazonaws.com/efa` and `hugepages-2Mi`. Changing
   * it rolls the nodes. Default none.
   */
  readonly efa?: NodePoolEfaArgs;
  /** Exact AMI release, e.g. `1.35.0-20260720`. Default: the newest at creation, moved by a Kubernetes upgrade. */
  readonly amiReleaseVersion?: string;
  /** Gate: nodes can reach the internet and AWS (routes, NAT, endpoints). */
  readonly egressReady?: pulumi.Input<string>;
  /** Gate: VPC CNI, kube-proxy and Pod Identity agent are in the cluster. */
  readonly networkingReady?: pulumi.Input<string>;
  /** Tags of instances and their volumes; node groups do not pass on the provider's default tags. Default none. */
  readonly tags?: Record<string, string>;
  /** What the account demands of roles. */
  readonly iam?: IamSettings;
}

/**
 * Nodes of one kind: an EKS managed node group (or one a zone) with its role and launch template, and what the autoscaler must
 * know to start the first node. Amazon Linux 2023, encrypted gp3 disks, IMDSv2 out of reach for pods. It does
 * not manage the number of nodes after creation, nor what offers GPUs to pods (`GpuRuntime`).
 */
export class NodePool extends pulumi.ComponentResource {
  /** One, or one a zone in the order of `zones`. */
  readonly nodeGroupNames: pulumi.Output<string[]>;
  /** In the order of `nodeGroupNames`. */
  readonly autoscalingGroupNames: pulumi.Output<string[]>;
  /** Role of the nodes. */
  readonly nodeRoleArn: pulumi.Output<string>;
  /** Gate: every node group is active, so its `minSize` nodes have joined. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: NodePoolArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:NodePool", name, {}, opts);
    checkNodePoolArgs(name, args);
    const role = createNodeRole(name, args, { parent: this });
    const fabric = args.efa === undefined ? undefined : createFabric(name, args, args.efa, { parent: this });
    const launchTemplate = createLaunchTemplate(name, args, fabric, { parent: this });
    const groups = createNodeGroups(name, args, { role, launchTemplate }, { parent: this });
    createScalingHints(name, args, groups, { parent: this });

    this.nodeGroupNames = pulumi.all(groups.map(({ group }) => group.nodeGroupName));
    this.autoscalingGroupNames = pulumi.all(groups.map(({ autoscalingGroupName }) => autoscalingGroupName));
    this.nodeRoleArn = role.arn;
    this.ready = ready(groups.map(({ group }) => group));
    this.registerOutputs({
      nodeGroupNames: this.nodeGroupNames,
      autoscalingGroupNames: this.autoscalingGroupNames,
      nodeRoleArn: this.nodeRoleArn,
      ready: this.ready,
    });
  }
}
