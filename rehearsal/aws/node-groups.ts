import { localDiskGB } from "../../components/internal/gpu-hardware";
import type { Properties } from "../providers/provider";
import type { Cloud } from "./cloud";
import type { NodeGroup } from "./observer";
import { refusal } from "./refusal";
import type { LiveResource } from "./resource";

/** EKS' spelling of a taint's effect, in Kubernetes' own. */
const EFFECTS: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
  NO_EXECUTE: "NoExecute",
};

/** A node group as the cluster sees it. */
export function nodeGroupOf({ physicalName, logicalName, inputs }: LiveResource, cloud: Cloud): NodeGroup {
  const { minSize, maxSize, desiredSize } = inputs.scalingConfig;
  const zones = (inputs.subnetIds as string[]).map(
    (subnet) => cloud.find("aws:ec2/subnet:Subnet", subnet)?.inputs.availabilityZone as string | undefined,
  );
  const cluster = cloud.find("aws:eks/cluster:Cluster", inputs.clusterName);
  // Machines of a capacity block have their type from there.
  const template = cloud.find("aws:ec2/launchTemplate:LaunchTemplate", inputs.launchTemplate?.id);
  const instanceType: string = inputs.instanceTypes?.[0] ?? template?.inputs.instanceType ?? "t3.medium";
  return {
    name: physicalName,
    pool: poolOf(logicalName),
    instanceType,
    zones: zones.filter((zone) => zone !== undefined),
    minSize,
    maxSize,
    size: desiredSize,
    spot: inputs.capacityType === "SPOT",
    labels: inputs.labels ?? {},
    taints: (inputs.taints ?? []).map(({ effect, ...taint }: Properties) => ({ ...taint, effect: EFFECTS[effect] })),
    ...diskOf(template, instanceType),
    version: inputs.version ?? cluster?.inputs.version ?? "",
  };
}

/** The root disk; or the machine's own disks where the template joins them, of which GB and file system take a fifth. */
function diskOf(template: LiveResource | undefined, instanceType: string): Pick<NodeGroup, "diskGiB"> {
  const { blockDeviceMappings = [], userData = "" } = template?.inputs ?? {};
  const local = Buffer.from(String(userData), "base64").includes("RAID0") ? localDiskGB(instanceType) : 0;
  const root = (blockDeviceMappings as Properties[])[0]?.ebs?.volumeSize as number | undefined;
  const diskGiB = local > 0 ? Math.floor(local * 0.8) : root;
  return diskGiB === undefined ? {} : { diskGiB };
}

/** `pool-cpu` of `pool-cpu-nodes-us-east-1a`: the component that made the group. */
function poolOf(logicalName: string): string {
  return logicalName.replace(/-nodes(-[a-z0-9-]+)?$/, "");
}

/** Throws when EKS refuses these sizes. They are always sent together: a changed bound sends the program's desired size too. */
export function checkSizes({ minSize, maxSize, desiredSize }: Properties): void {
  const refuse = (message: string) => {
    throw refusal("InvalidParameterException", message);
  };
  if (minSize > maxSize) refuse(`Minimum capacity ${minSize} can't be greater than maximum capacity ${maxSize}`);
  if (minSize > desiredSize) refuse(`Minimum capacity ${minSize} can't be greater than desired size ${desiredSize}`);
  if (desiredSize > maxSize) refuse(`desired capacity ${desiredSize} can't be greater than max size ${maxSize}`);
}
