import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { efaCards, localDiskGB } from "../internal/gpu-hardware";
import { EFA_RESOURCE } from "../internal/gpu-nodes";
import { gpuResources } from "../internal/gpu-sharing";
import { instanceShape } from "../internal/instance-types";
import { shortHash } from "../internal/stable-json";
import type { NodePoolArgs } from "./node-pool";
import { nodeLabels, type PoolGroup } from "./node-pool-groups";
import { diskSize } from "./node-pool-launch-template";
import { usesLocalDisks } from "./node-pool-user-data";

const PREFIX = "k8s.io/cluster-autoscaler/node-template";

/** A zone's name (`us-east-1a`), as opposed to its id (`use1-az1`): node labels carry names. */
const ZONE_NAME = /^[a-z]{2}(-[a-z]+)+-\d+(-[a-z]+-\d+)?[a-z]$/;

/**
 * What a node would look like, as tags for an empty group: label, taint and resource under the autoscaler's own keys. The
 * autoscaler copies a living node where there is one, so that only groups that may be empty need them. (EKS knows labels
 * and taints too, but is asked only for groups that never had a node.)
 */
export function scalingHints(args: NodePoolArgs, zone = onlyZone(args)): Record<string, string> {
  const labels = nodeLabels(args);
  // By this label EBS volumes ask for their zone; the autoscaler itself fills in only the general one.
  if (zone !== undefined && ZONE_NAME.test(zone)) labels["topology.ebs.csi.aws.com/zone"] = zone;
  const hints: Record<string, string> = { "resources/ephemeral-storage": `${ephemeralStorage(args)}Gi` };
  for (const [key, value] of Object.entries(labels)) hints[`label/${key}`] = value;
  for (const { key, value, effect } of args.taints ?? []) hints[`taint/${key}`] = `${value ?? ""}:${effect}`;
  for (const [key, amount] of Object.entries(deviceHints(args))) hints[`resources/${key}`] = amount;
  return hints;
}

/** What device plugins will offer on a node, and the large pages that EFA's libraries ask for. */
function deviceHints({ gpu, gpuSharing, efa, instanceTypes: [type = ""] }: NodePoolArgs): Record<string, string> {
  const gpus = gpu ? instanceShape(type)?.gpu?.count : undefined;
  const resources = gpus === undefined ? {} : gpuResources(gpus, gpuSharing);
  return {
    ...Object.fromEntries(Object.entries(resources).map(([name, count]) => [name, String(count)])),
    // The image sets more aside; this is what one pod needs by AWS' guide.
    ...(efa === undefined ? {} : { [EFA_RESOURCE]: String(efaCards(type)), "hugepages-2Mi": "5120Mi" }),
  };
}

/** GiB for images, logs and files of pods: the root disk, or the node's own disks, of which GB and file system take a fifth. */
function ephemeralStorage(args: NodePoolArgs): number {
  if (!usesLocalDisks(args)) return diskSize(args);
  return Math.floor(Math.min(...args.instanceTypes.map(localDiskGB)) * 0.8);
}

/** The zone of a pool that has but one. */
function onlyZone({ zones = [] }: NodePoolArgs): string | undefined {
  return zones.length === 1 ? zones[0] : undefined;
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
