import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { instanceShape } from "../internal/instance-types";
import { shortHash } from "../internal/stable-json";
import type { NodePoolArgs } from "./node-pool";
import { nodeLabels, type PoolGroup } from "./node-pool-groups";
import { diskSize } from "./node-pool-launch-template";

const PREFIX = "k8s.io/cluster-autoscaler/node-template";

/** A zone's name (`us-east-1a`), as opposed to its id (`use1-az1`): node labels carry names. */
const ZONE_NAME = /^[a-z]{2}(-[a-z]+)+-\d+(-[a-z]+-\d+)?[a-z]$/;

/**
 * What a node would look like, as tags for an empty group: label, taint and resource under the autoscaler's own keys. The
 * autoscaler copies a living node where there is one, so that only groups that may be empty need them. (EKS knows labels
 * and taints too, but is asked only for groups that never had a node.)
 */
export function scalingHints(args: NodePoolArgs, zone?: string): Record<string, string> {
  const labels = nodeLabels(args);
  // By this label EBS volumes ask for their zone; the autoscaler itself fills in only the general one.
  if (zone !== undefined && ZONE_NAME.test(zone)) labels["topology.ebs.csi.aws.com/zone"] = zone;
  const hints: Record<string, string> = { "resources/ephemeral-storage": `${diskSize(args)}Gi` };
  for (const [key, value] of Object.entries(labels)) hints[`label/${key}`] = value;
  for (const { key, value, effect } of args.taints ?? []) hints[`taint/${key}`] = `${value ?? ""}:${effect}`;
  const gpus = instanceShape(args.instanceTypes[0] ?? "")?.gpu?.count;
  if (args.gpu && gpus !== undefined) hints["resources/nvidia.com/gpu"] = String(gpus);
  return hints;
}

/** Tags the Auto Scaling groups of a pool that may be empty. Node groups do not hand their own tags on to them. */
export function createScalingHints(
  name: string,
  args: NodePoolArgs,
  groups: readonly PoolGroup[],
  opts: pulumi.CustomResourceOptions,
): void {
  if (args.minSize > 0) return;
  for (const { zone, autoscalingGroupName } of groups) {
    for (const [key, value] of Object.entries(scalingHints(args, zone))) {
      new aws.autoscaling.Tag(
        [name, "hint", ...(zone === undefined ? [] : [zone]), logicalName(key)].join("-"),
        { autoscalingGroupName, tag: { key: `${PREFIX}/${key}`, value, propagateAtLaunch: false } },
        opts,
      );
    }
  }
}

/** A tag's key as part of a logical name; the hash keeps keys apart that differ in punctuation only. */
function logicalName(key: string): string {
  return `${key.replace(/[^A-Za-z0-9]+/g, "-")}-${shortHash(key, 4)}`;
}
