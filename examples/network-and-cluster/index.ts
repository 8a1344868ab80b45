import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  Cluster,
  ClusterAddons,
  EBS_CSI_IDENTITY,
  EBS_CSI_POLICY,
  managedPolicyArn,
  NatGateways,
  Network,
  NodePool,
  WorkloadIdentity,
} from "llm-platform";

// A VPC in three zones and an EKS cluster with one pool of nodes: the ground for anything that runs on Kubernetes.
const config = new pulumi.Config();
const region = config.require("region");
const zones = ["a", "b", "c"].map((zone) => `${region}${zone}`);
const kubernetesVersion = "1.35";

const options = { providers: [new aws.Provider("aws", { region })] };
const network = new Network(
  "network",
  { region, create: { cidr: "10.40.0.0/16", zones, natGateways: NatGateways.Single } },
  options,
);
const cluster = new Cluster(
  "cluster",
  {
    region,
    kubernetesVersion,
    subnetIds: network.privateSubnetIds,
    endpoint: { publicAccessCidrs: config.requireObject<string[]>("publicAccessCidrs") },
    durable: false,
  },
  options,
);
// Before the nodes: credentials are injected when a pod is admitted, and an identity that comes later is never seen by it.
const volumes = new WorkloadIdentity(
  "volumes",
  {
    clusterName: cluster.clusterName,
    clusterArn: cluster.clusterArn,
    ...EBS_CSI_IDENTITY,
    managedPolicyArns: { ebs: managedPolicyArn(region, EBS_CSI_POLICY) },
  },
  options,
);
const nodes = new NodePool(
  "nodes",
  {
    clusterName: cluster.clusterName,
    kubernetesVersion,
    region,
    subnetIds: network.privateSubnetIds,
    instanceTypes: ["m7i.large"],
    minSize: 2,
    maxSize: 5,
    egressReady: network.egressReady,
    networkingReady: cluster.networkingReady,
  },
  options,
);
new ClusterAddons(
  "addons",
  { clusterName: cluster.clusterName, kubernetesVersion, nodesReady: nodes.ready, ebsIdentityReady: volumes.ready },
  options,
);

export const clusterName = cluster.clusterName;
export const kubeconfig = pulumi.secret(cluster.kubeconfig);
