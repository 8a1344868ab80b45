import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { managedPolicyArn, policyDocument, roleSettings, serviceTrust } from "../internal/iam";
import type { ClusterArgs, ClusterEndpointArgs } from "./cluster";

/** Range of Service addresses unless the caller names one; stated, so that policies know it before the cluster exists. */
export const DEFAULT_SERVICE_CIDR = "172.20.0.0/16";

/** Days that logs are kept unless the caller says otherwise. */
export const DEFAULT_LOG_RETENTION_DAYS = 30;

/** The EKS cluster with what must be there before it: name, log group, role and key. */
export function createControlPlane(
  name: string,
  args: ClusterArgs,
  opts: pulumi.CustomResourceOptions,
): aws.eks.Cluster {
  const { clusterName, logGroup } = createNameAndLogs(name, args, opts);
  const key = createSecretsKey(name, args, opts);
  const { role, permissions } = createClusterRole(name, args, key.arn, opts);
  return new aws.eks.Cluster(
    `${name}-cluster`,
    {
      name: clusterName,
      version: args.kubernetesVersion,
      roleArn: role.arn,
      accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: true },
      // Without EKS' own unpinned copies of vpc-cni, kube-proxy and coredns: ours come as add-ons with exact versions.
      bootstrapSelfManagedAddons: false,
      vpcConfig: { subnetIds: args.subnetIds, ...endpointConfig(args.endpoint) },
      kubernetesNetworkConfig: { ipFamily: "ipv4", serviceIpv4Cidr: args.serviceCidr ?? DEFAULT_SERVICE_CIDR },
      encryptionConfig: { provider: { keyArn: key.arn }, resources: ["secrets"] },
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      ...schedulerConfig(args.packingWeights),
      // No paid extended support by surprise; at the end of standard support EKS upgrades by itself.
      upgradePolicy: { supportType: "STANDARD" },
      deletionProtection: args.durable,
    },
    {
      ...opts,
      protect: args.durable,
      dependsOn: [logGroup, ...permissions],
      // Both are read at creation only and cannot be changed afterwards; a cluster that was imported reports other values,
      // and a difference would replace it.
      ignoreChanges: ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"],
    },
  );
}

/** EKS' scheduler, told to fill the node that has the most of these resources in use; untold, it takes the one with the least. */
function schedulerConfig(weights: Record<string, number> | undefined): Partial<aws.eks.ClusterArgs> {
  if (weights === undefined) return {};
  const resources = Object.entries(weights).map(([name, weight]) => ({ name, weight }));
  return {
    kubeSchedulerConfig: { nodeResourcesFit: { scoringStrategy: { type: "MostAllocated", resources } } },
  };
}

function endpointConfig({ publicAccessCidrs }: ClusterEndpointArgs) {
  const endpointPublicAccess = publicAccessCidrs.length > 0;
  return { endpointPrivateAccess: true, endpointPublicAccess, ...(endpointPublicAccess ? { publicAccessCidrs } : {}) };
}

/**
 * The cluster's name, and the log group that wears it. The name is generated here instead of by the provider, because the
 * group must exist before the cluster: else EKS makes it, without retention and outside our reach. What replaces the cluster
 * is a keeper of the name: a new cluster then has a new name, and never meets the old one's leftovers.
 */
function createNameAndLogs(name: string, args: ClusterArgs, opts: pulumi.CustomResourceOptions) {
  const keepers = { serviceCidr: args.serviceCidr ?? DEFAULT_SERVICE_CIDR, rolePath: args.iam?.path ?? "/" };
  const clusterName = new random.RandomId(
    `${name}-name`,
    { byteLength: 4, prefix: `${args.namePrefix ?? name}-`, keepers },
    opts,
  ).hex;
  const logGroup = new aws.cloudwatch.LogGroup(
    `${name}-logs`,
    {
      name: pulumi.interpolate`/aws/eks/${clusterName}/cluster`,
      retentionInDays: args.logRetentionDays ?? DEFAULT_LOG_RETENTION_DAYS,
    },
    { ...opts, retainOnDelete: args.durable },
  );
  return { clusterName, logGroup };
}

/**
 * The key that encrypts Secrets in etcd. It has KMS' default policy (the account decides by IAM), so that no role is ever
 * locked out of it. It encrypts nothing that outlives the cluster, hence it is protected and not retained.
 */
function createSecretsKey(name: string, args: ClusterArgs, opts: pulumi.CustomResourceOptions): aws.kms.Key {
  return new aws.kms.Key(
    `${name}-secrets-key`,
    {
      description: `Kubernetes Secrets of ${name}`,
      enableKeyRotation: true,
      deletionWindowInDays: args.durable ? 30 : 7,
    },
    { ...opts, protect: args.durable },
  );
}

function createClusterRole(
  name: string,
  args: ClusterArgs,
  keyArn: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): { role: aws.iam.Role; permissions: pulumi.Resource[] } {
  const role = new aws.iam.Role(
    `${name}-role`,
    {
      description: `EKS control plane of ${name}`,
      assumeRolePolicy: serviceTrust("eks.amazonaws.com"),
      ...roleSettings(args.iam),
    },
    opts,
  );
  const policy = new aws.iam.RolePolicyAttachment(
    `${name}-role-cluster`,
    { role: role.name, policyArn: managedPolicyArn(args.region, "AmazonEKSClusterPolicy") },
    opts,
  );
  const keyUse = new aws.iam.RolePolicy(
    `${name}-role-secrets-key`,
    {
      role: role.name,
      policy: pulumi.output(keyArn).apply((arn) =>
        policyDocument([
          {
            Effect: "Allow",
            Action: ["kms:Encrypt", "kms:Decrypt", "kms:ListGrants", "kms:DescribeKey"],
            Resource: arn,
          },
        ]),
      ),
    },
    opts,
  );
  return { role, permissions: [policy, keyUse] };
}
