import { Addons } from "../internal/addon-versions";
import type { Toleration } from "../internal/pods";
import type { ClusterAddonsArgs } from "./cluster-addons";

/** What an add-on tolerates besides the caller's taints: its own default, which a list of ours would otherwise replace. */
const CRITICAL_ADDONS_ONLY: Toleration = { key: "CriticalAddonsOnly", operator: "Exists" };

/**
 * Configuration of each add-on by its own schema. EKS checks it and refuses unknown keys, and each version has its schema,
 * so that we use only keys that have long been there.
 */
export function addonConfigurations(
  args: ClusterAddonsArgs,
): Record<
  | "coredns"
  | "snapshot-controller"
  | "aws-ebs-csi-driver"
  | "aws-efs-csi-driver"
  | "aws-mountpoint-s3-csi-driver"
  | "aws-fsx-csi-driver"
  | "metrics-server"
  | "eks-node-monitoring-agent",
  Record<string, unknown>
> {
  const { nodeSelector, tolerations = [] } = args.placement ?? {};
  const placement = {
    ...(nodeSelector === undefined ? {} : { nodeSelector }),
    ...(tolerations.length === 0 ? {} : { tolerations: [CRITICAL_ADDONS_ONLY, ...tolerations] }),
  };
  const replicas = args.replicas ?? 2;
  const controller = { ...placement, ...(args.volumeTags === undefined ? {} : { extraVolumeTags: args.volumeTags }) };
  return {
    [Addons.CoreDns]: { replicaCount: replicas, ...placement },
    [Addons.SnapshotController]: placement,
    [Addons.EbsCsiDriver]: withController(controller),
    [Addons.EfsCsiDriver]: withController(placement),
    [Addons.S3CsiDriver]: withController(placement),
    [Addons.FsxCsiDriver]: withController(placement),
    [Addons.MetricsServer]: { replicas, ...placement },
    // The agent itself tolerates every taint; its helper that asks the GPUs does not, and without it no GPU is ever found ill.
    [Addons.NodeMonitoringAgent]: { dcgmAgent: { tolerations: [{ operator: "Exists" }] } },
  };
}

function withController(controller: Record<string, unknown>): Record<string, unknown> {
  return Object.keys(controller).length === 0 ? {} : { controller };
}
