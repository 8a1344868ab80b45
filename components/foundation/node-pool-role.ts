import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import { managedPolicyArn, partitionOf, roleSettings, serviceTrust } from "../internal/iam";
import type { NodePoolArgs } from "./node-pool";

/** Policies of every node, by the key under which they are attached. */
const NODE_POLICIES = {
  worker: "AmazonEKSWorkerNodePolicy",
  // On the node instead of on VPC CNI's own identity: a node needs its network before the Pod Identity agent's image can be
  // pulled. Pods cannot borrow it, since the metadata service is one hop too far for them.
  cni: "AmazonEKS_CNI_Policy",
  registry: "AmazonEC2ContainerRegistryPullOnly",
} as const;

/** The role of a pool's nodes. */
export interface NodeRole {
  readonly arn: pulumi.Output<string>;
  /** Gate: all policies are attached. */
  readonly ready: pulumi.Output<string>;
}

/** Makes the role of a pool's nodes; EKS enters it into the cluster's access list together with the node group. */
export function createNodeRole(name: string, args: NodePoolArgs, opts: pulumi.CustomResourceOptions): NodeRole {
  const service = partitionOf(args.region) === "aws-cn" ? "ec2.amazonaws.com.cn" : "ec2.amazonaws.com";
  const role = new aws.iam.Role(
    `${name}-role`,
    { description: `Nodes of ${name}`, assumeRolePolicy: serviceTrust(service), ...roleSettings(args.iam) },
    opts,
  );
  const attachments = Object.entries(NODE_POLICIES).map(
    ([key, policy]) =>
      new aws.iam.RolePolicyAttachment(
        `${name}-role-${key}`,
        { role: role.name, policyArn: managedPolicyArn(args.region, policy) },
        opts,
      ),
  );
  return { arn: role.arn, ready: ready(attachments) };
}
