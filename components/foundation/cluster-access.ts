import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { partitionOf } from "../internal/iam";
import { shortHash } from "../internal/stable-json";
import type { ClusterArgs } from "./cluster";

/** A name for a principal that depends on nobody else in the list: its last path segment and a hash of the ARN. */
function principalKey(arn: string): string {
  const lastSegment = arn.slice(arn.lastIndexOf("/") + 1);
  return `${lastSegment}-${shortHash(arn, 6)}`;
}

/** Access entries and policies for `admins` and `viewers`. Returns what the Kubernetes provider must wait for. */
export function createAccess(
  name: string,
  clusterName: pulumi.Input<string>,
  args: ClusterArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const grants = [
    ...(args.admins ?? []).map((arn) => ({ arn, policy: "AmazonEKSClusterAdminPolicy" })),
    ...(args.viewers ?? []).map((arn) => ({ arn, policy: "AmazonEKSViewPolicy" })),
  ];
  return grants.map(({ arn, policy }) => {
    const key = principalKey(arn);
    const entry = new aws.eks.AccessEntry(
      `${name}-access-${key}`,
      { clusterName, principalArn: arn, type: "STANDARD" },
      opts,
    );
    return new aws.eks.AccessPolicyAssociation(
      `${name}-access-policy-${key}`,
      {
        clusterName,
        principalArn: entry.principalArn,
        policyArn: `arn:${partitionOf(args.region)}:eks::aws:cluster-access-policy/${policy}`,
        accessScope: { type: "cluster" },
      },
      opts,
    );
  });
}
