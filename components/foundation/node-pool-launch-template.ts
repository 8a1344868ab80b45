import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { NodePoolArgs } from "./node-pool";
import type { Fabric } from "./node-pool-fabric";
import { nodeUserData } from "./node-pool-user-data";

/** Speed of a GPU node's root disk: images of model servers are 10 GB and more, and pulling several layers at once needs it. */
const GPU_DISK = { iops: 16_000, throughput: 1000 } as const;

/** Root disk in GiB unless the caller names a size. */
export function diskSize(args: NodePoolArgs): number {
  return args.diskSizeGiB ?? (args.gpu ? 200 : 100);
}

/**
 * What a node is made of. It names no security group: EKS then attaches the cluster's own, which stores accept; with any group
 * here it would leave that one out, so that EFA's interfaces name it as well. It names no AMI, so that EKS keeps it up to date,
 * and a type only where a capacity block demands it.
 */
export function createLaunchTemplate(
  name: string,
  args: NodePoolArgs,
  fabric: Fabric | undefined,
  opts: pulumi.CustomResourceOptions,
): aws.ec2.LaunchTemplate {
  const userData = nodeUserData(args);
  const tags = { ...args.tags, Name: name };
  return new aws.ec2.LaunchTemplate(
    `${name}-template`,
    {
      description: `Nodes of ${name}`,
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeSize: diskSize(args),
            volumeType: "gp3",
            encrypted: "true",
            deleteOnTermination: "true",
            ...(args.gpu ? GPU_DISK : {}),
            ...(args.kmsKeyArn === undefined ? {} : { kmsKeyId: args.kmsKeyArn }),
          },
        },
      ],
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      tagSpecifications: [
        { resourceType: "instance", tags },
        { resourceType: "volume", tags },
      ],
      ...blockMarket(args),
      ...(fabric === undefined
        ? {}
        : { networkInterfaces: fabric.networkInterfaces, placement: { groupName: fabric.placementGroup } }),
      ...(userData === undefined ? {} : { userData: Buffer.from(userData).toString("base64") }),
    },
    opts,
  );
}

/** How EC2 is told to take machines out of a capacity block. */
function blockMarket({ capacityBlock, instanceTypes }: NodePoolArgs): Partial<aws.ec2.LaunchTemplateArgs> {
  if (capacityBlock === undefined) return {};
  return {
    instanceType: instanceTypes[0],
    instanceMarketOptions: { marketType: "capacity-block" },
    capacityReservationSpecification: {
      capacityReservationTarget: { capacityReservationId: capacityBlock.reservationId },
    },
  };
}
