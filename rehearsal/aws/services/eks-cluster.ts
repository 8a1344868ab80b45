import type { CheckResult, Properties } from "../../providers/provider";
import { type Cloud, endpointOutputs } from "../cloud";
import { freshHex } from "../identifiers";
import { refusal } from "../refusal";
import type { Draft, LiveResource, RuleTable } from "../resource";
import { requirePolicy } from "./identity";
import { ensureLogGroup } from "./logs";
import { vpcOf } from "./network-paths";
import { only } from "./stores";

const CLUSTER = "aws:eks/cluster:Cluster";
const ENTRY = "aws:eks/accessEntry:AccessEntry";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const SUBNET = "aws:ec2/subnet:Subnet";
const ROLE = "aws:iam/role:Role";

/** Reference to the cluster by its name, which programs know before there is a cluster. */
export const ofCluster = { clusterName: { to: CLUSTER, strict: true } } as const;

/** EKS: clusters and who may enter them. */
export const CLUSTER_RULES: RuleTable = {
  [CLUSTER]: {
    name: { property: "name" },
    replaces: [
      "roleArn",
      "accessConfig.bootstrapClusterCreatorAdminPermissions",
      "bootstrapSelfManagedAddons",
      "encryptionConfig",
      "kubernetesNetworkConfig.serviceIpv4Cidr",
      "kubernetesNetworkConfig.ipFamily",
      "outpostConfig",
    ],
    tagged: true,
    references: {
      roleArn: { to: ROLE },
      "vpcConfig.subnetIds[]": { to: SUBNET, holds: true },
      "vpcConfig.securityGroupIds[]": { to: GROUP, holds: true },
      "encryptionConfig.provider.keyArn": { to: "aws:kms/key:Key" },
    },
    unique: {
      key: ({ name }) => `${name}`,
      message: ({ physicalName }) => `ResourceInUseException: Cluster already exists with name: ${physicalName}`,
    },
    computed: clusterOutputs,
    admit: ({ inputs }, cloud) =>
      requirePolicy(inputs.roleArn, ["AmazonEKSClusterPolicy"], "InvalidParameterException", cloud),
    made: openCluster,
    admitChange: ({ inputs }, now) => checkUpgrade(inputs.version, now.version),
    missing: (value) => `ResourceNotFoundException: No cluster found for name: ${value}.`,
    inUse: () => "ResourceInUseException: Cluster has nodegroups attached",
    release: (cluster, cloud) => {
      if (cluster.inputs.deletionProtection === true) {
        throw refusal(
          "InvalidRequestException",
          "Cluster deletion protection is enabled. Disable it before deleting the cluster.",
        );
      }
      leaveGroupInUse(cluster, cloud);
    },
  },
  [ENTRY]: {
    replaces: ["clusterName", "principalArn", "type"],
    tagged: true,
    references: ofCluster,
    computed: ({ inputs }) => ({ id: `${inputs.clusterName}:${inputs.principalArn}` }),
    unique: {
      key: ({ clusterName, principalArn }) => `${clusterName} ${principalArn}`,
      message: () => "ResourceInUseException: The specified access entry resource is already in use on this cluster.",
    },
    check: checkAccessGroups,
  },
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": {
    replaces: ["clusterName", "principalArn", "policyArn", "accessScope"],
    references: ofCluster,
    computed: ({ inputs }) => ({ id: `${inputs.clusterName}#${inputs.principalArn}#${inputs.policyArn}` }),
    admit: ({ inputs }, cloud) => {
      if (cloud.all(ENTRY).some((entry) => entry.inputs.principalArn === inputs.principalArn)) return;
      throw refusal(
        "ResourceNotFoundException",
        `The specified principalArn could not be found: ${inputs.principalArn} has no access entry (yet).`,
      );
    },
  },
  "aws:eks/podIdentityAssociation:PodIdentityAssociation": {
    replaces: ["clusterName", "namespace", "serviceAccount"],
    tagged: true,
    references: { ...ofCluster, roleArn: { to: ROLE } },
    computed: ({ inputs }, cloud) => {
      const associationId = `a-${freshHex(17)}`;
      const place = `arn:aws:eks:${cloud.region}:${cloud.account}:podidentityassociation`;
      return { id: associationId, associationId, associationArn: `${place}/${inputs.clusterName}/${associationId}` };
    },
    unique: {
      key: ({ clusterName, namespace, serviceAccount }) => `${clusterName} ${namespace} ${serviceAccount}`,
      message: ({ inputs }) =>
        `ResourceInUseException: Association already exists: ${inputs.namespace}/${inputs.serviceAccount}`,
    },
  },
};

/** Groups of people and pipelines; those of the system belong to Kubernetes, and nodes have theirs by their type. */
function checkAccessGroups({ kubernetesGroups, type = "STANDARD" }: Properties): CheckResult["failures"] {
  if (!Array.isArray(kubernetesGroups)) return [];
  const property = "kubernetesGroups";
  return only([
    ...kubernetesGroups.map(
      (group: unknown) =>
        /^(system:|eks:|aws:|amazon:|iam:)/.test(`${group}`) && {
          property,
          reason: `InvalidParameterException: The kubernetes group name ${group} is invalid, it cannot start with ${`${group}`.split(":")[0]}:`,
        },
    ),
    type !== "STANDARD" &&
      kubernetesGroups.length > 0 && {
        property,
        reason: `InvalidParameterException: groups cannot be given to an entry of type ${type}`,
      },
  ]);
}

function clusterOutputs({ inputs }: Draft, cloud: Cloud): Properties {
  return {
    ...endpointOutputs(cloud.clusterEndpoint),
    vpcConfig: {
      clusterSecurityGroupId: `sg-${freshHex(17)}`,
      vpcId: vpcOf(inputs.vpcConfig?.subnetIds?.[0], cloud) ?? `vpc-${freshHex(17)}`,
    },
  };
}

/** What comes with a cluster: its security group, the entry of whoever made it, and its log group. */
function openCluster({ id, physicalName, inputs, computed, createdAt }: LiveResource, cloud: Cloud): void {
  const common = { urn: "", logicalName: "", ownedBy: id, createdAt, computed: {} };
  const { clusterSecurityGroupId, vpcId } = computed.vpcConfig;
  const groupName = `eks-cluster-sg-${physicalName}`;
  const group = {
    type: GROUP,
    id: clusterSecurityGroupId,
    physicalName: groupName,
    inputs: { vpcId, name: groupName },
  };
  cloud.add({ ...common, ...group });
  if (inputs.accessConfig?.bootstrapClusterCreatorAdminPermissions !== false) {
    const entry = `${physicalName}:${cloud.caller}`;
    const entryInputs = { clusterName: physicalName, principalArn: cloud.caller };
    cloud.add({ ...common, type: ENTRY, id: entry, physicalName: entry, inputs: entryInputs });
  }
  if ((inputs.enabledClusterLogTypes ?? []).length > 0) ensureLogGroup(`/aws/eks/${physicalName}/cluster`, cloud);
}

/** EKS goes up one minor version at a time, and never down. */
export function checkUpgrade(before: string | undefined, now: string | undefined): void {
  if (before === undefined || now === undefined || before === now) return;
  const [from, to] = [minorOf(before), minorOf(now)];
  if (to === from + 1) return;
  throw refusal("InvalidParameterException", `Unsupported Kubernetes minor version update from ${before} to ${now}`);
}

/** `35` of `1.35`. */
export function minorOf(version: string): number {
  return Number(version.split(".")[1]);
}

/** EKS leaves its security group behind when other groups' rules name it, and the VPC then cannot go. */
function leaveGroupInUse(cluster: LiveResource, cloud: Cloud): void {
  const group = cloud.find(GROUP, cluster.computed.vpcConfig.clusterSecurityGroupId);
  if (group === undefined) return;
  const holders = cloud.all().filter(({ inputs: { securityGroupId, referencedSecurityGroupId } }) => {
    return referencedSecurityGroupId === group.id && securityGroupId !== group.id;
  });
  if (holders.length === 0) return;
  cloud.add({ ...group, ownedBy: undefined });
  cloud.hazards.push(
    `EKS left the security group of ${cluster.physicalName} behind, since ${holders.map(({ logicalName }) => logicalName).join(", ")} refer to it`,
  );
}
