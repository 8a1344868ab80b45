import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { instanceShape } from "../internal/instance-types";
import type { NodePoolArgs } from "./node-pool";

/** Root disk in GiB unless the caller names a size. */
export function diskSize(args: NodePoolArgs): number {
  return args.diskSizeGiB ?? (args.gpu ? 200 : 100);
}

/**
 * What a node is made of. It names no security group: EKS then attaches the cluster's own, which stores accept; with any group
 * here it would leave that one out. It names no AMI and no type either, so that EKS keeps both up to date.
 */
export function createLaunchTemplate(
  name: string,
  args: NodePoolArgs,
  opts: pulumi.CustomResourceOptions,
): aws.ec2.LaunchTemplate {
  const userData = nodeUserData(args.instanceTypes);
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
            ...(args.kmsKeyArn === undefined ? {} : { kmsKeyId: args.kmsKeyArn }),
          },
        },
      ],
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
      tagSpecifications: [
        { resourceType: "instance", tags },
        { resourceType: "volume", tags },
      ],
      ...(userData === undefined ? {} : { userData: Buffer.from(userData).toString("base64") }),
    },
    opts,
  );
}

/**
 * Tells the kubelet how many pods the smallest of the pool's types holds under prefix delegation; its own table knows only
 * what fits without. EKS adds the rest of the configuration. Undefined when a type is not in our table: EKS decides then.
 */
export function nodeUserData(instanceTypes: readonly string[]): string | undefined {
  const pods = instanceTypes.map((type) => instanceShape(type)?.maxPods);
  if (pods.some((count) => count === undefined)) return undefined;
  const nodeConfig = {
    apiVersion: "node.eks.aws/v1alpha1",
    kind: "NodeConfig",
    spec: { kubelet: { config: { maxPods: Math.min(...pods.filter((count) => count !== undefined)) } } },
  };
  return [
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="//"',
    "",
    "--//",
    "Content-Type: application/node.eks.aws",
    "",
    JSON.stringify(nodeConfig),
    "",
    "--//--",
    "",
  ].join("\n");
}
