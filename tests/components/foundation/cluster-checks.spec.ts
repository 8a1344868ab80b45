import assert from "node:assert/strict";
import { Cluster, type ClusterArgs } from "../../../components/foundation/cluster";
import { failureOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const ADMIN = "arn:aws:iam::111111111111:role/platform-admin";
const MINIMAL: ClusterArgs = {
  kubernetesVersion: "1.35",
  region: "us-east-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  endpoint: { publicAccessCidrs: ["203.0.113.0/24"] },
  durable: true,
};

describe("Cluster arguments", () => {
  const refused: [string, Partial<ClusterArgs>, string][] = [
    [
      "an unknown minor",
      { kubernetesVersion: "1.33" },
      "kubernetesVersion: must be one of 1.34, 1.35, 1.36 (got 1.33). Take a minor that add-ons, charts and images are pinned for.",
    ],
    [
      "weights that nothing has, and weights of nothing",
      { packingWeights: { "nvidia.com/gpu": 0, cpu: 101 } },
      "packingWeights.nvidia.com/gpu: must be a whole number from 1 to 100 (got 0). Correct it.\n  packingWeights.cpu: must be a whole number from 1 to 100 (got 101). Correct it.",
    ],
    [
      "packing by no resource",
      { packingWeights: {} },
      "packingWeights: must weigh 1 to 100 resources (got 0). Name a resource, such as nvidia.com/gpu, or leave packingWeights out.",
    ],
    [
      "an API server that nobody reaches",
      { endpoint: { publicAccessCidrs: [] } },
      "endpoint.publicAccessCidrs: is empty, so that nobody outside the VPC reaches the API server, Pulumi included. List the ranges that you deploy from, or set endpoint.reachedPrivately when you deploy from inside the VPC.",
    ],
    [
      "an API server that everybody reaches",
      { endpoint: { publicAccessCidrs: ["0.0.0.0/0"] } },
      "endpoint.publicAccessCidrs[0]: opens the API server to the world (got 0.0.0.0/0). List the ranges of your offices, VPN and runners.",
    ],
    [
      "half the world",
      { endpoint: { publicAccessCidrs: ["203.0.113.7/32", "128.0.0.0/1"] } },
      "endpoint.publicAccessCidrs[1]: opens the API server to the world (got 128.0.0.0/1). List the ranges of your offices, VPN and runners.",
    ],
    [
      "private ranges on the public endpoint",
      { endpoint: { publicAccessCidrs: ["10.1.0.0/16"] } },
      "endpoint.publicAccessCidrs[0]: is a private range, which never reaches a public endpoint (got 10.1.0.0/16). Remove it: private addresses use the private endpoint, which is always on.",
    ],
    [
      "ranges with host bits",
      { endpoint: { publicAccessCidrs: ["203.0.113.5/24"] } },
      "endpoint.publicAccessCidrs[0]: must be an IPv4 range without host bits (got 203.0.113.5/24). Write it like 198.51.100.0/24, a single address with /32.",
    ],
    [
      "sessions as principals",
      { viewers: ["arn:aws:sts::111111111111:assumed-role/admin/me"] },
      "viewers[0]: must be the ARN of an IAM role or user (got arn:aws:sts::111111111111:assumed-role/admin/me). Write it like arn:aws:iam::111111111111:role/platform-admin; an assumed-role session has no entry of its own.",
    ],
    [
      "a principal twice",
      { admins: [ADMIN], viewers: [ADMIN] },
      `viewers[0]: is listed more than once among admins and viewers (got ${ADMIN}). Keep it once: a principal has one access entry.`,
    ],
    [
      "the creating role among the admins",
      { admins: [ADMIN], assumeRoleArn: ADMIN },
      `admins[0]: is the role that creates the cluster, which is an administrator already; EKS answers 409 (got ${ADMIN}). Remove it.`,
    ],
    [
      "a period that CloudWatch does not know",
      { logRetentionDays: 31 },
      "logRetentionDays: must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653 (got 31). Take the next longer period.",
    ],
    [
      "public Service addresses",
      { serviceCidr: "203.0.113.0/24" },
      "serviceCidr: must be a /12 to /24 inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, without host bits (got 203.0.113.0/24). Take one that overlaps neither the VPC nor networks connected to it, e.g. 172.20.0.0/16.",
    ],
    [
      "a single subnet",
      { subnetIds: ["subnet-a"] },
      "subnetIds: must hold subnets in at least two zones (got 1). Add a subnet of another zone.",
    ],
    [
      "an add-on that is not there",
      { addonVersions: { "vpc-cin": "v1.23.0-eksbuild.1" } },
      "addonVersions.vpc-cin: must name one of vpc-cni, kube-proxy, eks-pod-identity-agent, coredns, snapshot-controller, aws-ebs-csi-driver, aws-efs-csi-driver, aws-mountpoint-s3-csi-driver, aws-fsx-csi-driver, metrics-server, eks-node-monitoring-agent. Correct the name, or remove it.",
    ],
    [
      "a floating add-on version",
      { addonVersions: { coredns: "latest" } },
      "addonVersions.coredns: must be an exact version like v1.23.0-eksbuild.1 (got latest). Take one that `aws eks describe-addon-versions` lists for the cluster's minor.",
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`refuses ${what}`, async () => {
      const failure = await failureOf(() => new Cluster("main", { ...MINIMAL, ...args }, explicitProviders()));
      assert.ok(
        failure.includes(`Cluster "main" cannot be built from these arguments:\n  ${message}`),
        `unexpected message:\n${failure}`,
      );
    });
  }

  it("makes nothing when it refuses", async () => {
    let made = 0;
    await failureOf(() => new Cluster("main", { ...MINIMAL, kubernetesVersion: "1.3" }, explicitProviders()), {
      onResource: ({ type }) => {
        if (type.startsWith("aws:")) made++;
      },
    });
    assert.equal(made, 0);
  });
});
