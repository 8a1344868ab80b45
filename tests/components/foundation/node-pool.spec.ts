import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { CapacityType, NodePool, type NodePoolArgs, TaintEffect } from "../../../components/foundation/node-pool";
import { scalingHints } from "../../../components/foundation/node-pool-scaling-hints";
import { nodeUserData } from "../../../components/foundation/node-pool-user-data";
import { after as behind, ready } from "../../../components/internal/gates";
import { PHYSICAL_NAME_LIMITS } from "../../../components/internal/names";
import { graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];
const MINIMAL: NodePoolArgs = {
  clusterName: "main-1",
  kubernetesVersion: "1.35",
  region: "us-east-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  instanceTypes: ["m7i.large"],
  minSize: 2,
  maxSize: 4,
};
const GPU: Partial<NodePoolArgs> = {
  instanceTypes: ["g6e.12xlarge"],
  gpu: true,
  minSize: 0,
  labels: { "workload-type": "gpu" },
  taints: [{ key: "nvidia.com/gpu", value: "present", effect: TaintEffect.NoSchedule }],
};
const GROUP = "aws:eks/nodeGroup:NodeGroup";
const TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
const TAG = "aws:autoscaling/tag:Tag";
const pool = (args: Partial<NodePoolArgs> = {}, name = "cpu") =>
  graphOf(() => new NodePool(name, { ...MINIMAL, ...args }, explicitProviders()));

describe("NodePool", () => {
  it("makes one node group over all zones, with role and launch template", async () => {
    const graph = await pool();
    assert.deepEqual(
      graph
        .childrenOf(graph.component("NodePool"))
        .map(({ name }) => name)
        .sort(),
      ["cpu-nodes", "cpu-role", "cpu-role-cni", "cpu-role-registry", "cpu-role-worker", "cpu-template"],
    );
    const { inputs, options } = graph.one(GROUP);
    assert.deepEqual(inputs.subnetIds, MINIMAL.subnetIds);
    assert.equal(inputs.version, "1.35");
    assert.equal(inputs.amiType, "AL2023_x86_64_STANDARD");
    assert.equal(inputs.capacityType, "ON_DEMAND");
    assert.deepEqual(inputs.scalingConfig, { minSize: 2, maxSize: 4, desiredSize: 2 });
    assert.deepEqual(inputs.updateConfig, { maxUnavailablePercentage: 33 });
    assert.deepEqual(inputs.nodeRepairConfig, { enabled: true });
    assert.deepEqual(options.ignoreChanges, ["scalingConfig.desiredSize"]);
  });

  it("hardens nodes: encrypted gp3 disk, IMDSv2 out of reach for pods, no security group, no AMI of ours", async () => {
    const { inputs } = (await pool()).one(TEMPLATE);
    assert.deepEqual(inputs.blockDeviceMappings, [
      {
        deviceName: "/dev/xvda",
        ebs: { volumeSize: 100, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
      },
    ]);
    assert.deepEqual(inputs.metadataOptions, {
      httpEndpoint: "enabled",
      httpTokens: "required",
      httpPutResponseHopLimit: 1,
    });
    for (const absent of [
      "vpcSecurityGroupIds",
      "networkInterfaces",
      "imageId",
      "instanceType",
      "iamInstanceProfile",
    ]) {
      assert.ok(!(absent in inputs), absent);
    }
  });

  it("makes one group a zone, each in its own subnet and from one template", async () => {
    const graph = await pool({ perZone: true, zones: ZONES });
    assert.equal(graph.ofType(TEMPLATE).length, 1);
    const subnets = graph.ofType(GROUP).map(({ name, inputs }) => [name, inputs.subnetIds]);
    assert.deepEqual(subnets.sort(), [
      ["cpu-nodes-us-east-1a", ["subnet-a"]],
      ["cpu-nodes-us-east-1b", ["subnet-b"]],
      ["cpu-nodes-us-east-1c", ["subnet-c"]],
    ]);
  });

  it("takes everything that the caller states", async () => {
    const graph = await pool({
      instanceTypes: ["c7i.4xlarge", "c6i.4xlarge"],
      capacityType: CapacityType.Spot,
      desiredSize: 3,
      resize: true,
      diskSizeGiB: 50,
      kmsKeyArn: "arn:aws:kms:us-east-1:111111111111:key/1",
      labels: { "node-type": "cpu" },
      taints: [{ key: "batch", effect: TaintEffect.PreferNoSchedule }],
      amiReleaseVersion: "1.35.0-20260720",
      tags: { environment: "test" },
      iam: { permissionsBoundaryArn: "arn:aws:iam::111111111111:policy/boundary", path: "/platform/" },
    });
    const { inputs, options } = graph.one(GROUP);
    assert.deepEqual(inputs.instanceTypes, ["c7i.4xlarge", "c6i.4xlarge"]);
    assert.equal(inputs.capacityType, "SPOT");
    assert.deepEqual(inputs.scalingConfig, { minSize: 2, maxSize: 4, desiredSize: 3 });
    assert.deepEqual(options.ignoreChanges, []);
    assert.deepEqual(inputs.labels, { "node-type": "cpu" });
    assert.deepEqual(inputs.taints, [{ key: "batch", effect: "PREFER_NO_SCHEDULE" }]);
    assert.equal(inputs.releaseVersion, "1.35.0-20260720");
    const template = graph.one(TEMPLATE).inputs;
    const [disk] = template.blockDeviceMappings as { ebs: Record<string, unknown> }[];
    assert.equal(disk?.ebs.volumeSize, 50);
    assert.equal(disk?.ebs.kmsKeyId, "arn:aws:kms:us-east-1:111111111111:key/1");
    assert.deepEqual(template.tagSpecifications, [
      { resourceType: "instance", tags: { environment: "test", Name: "cpu" } },
      { resourceType: "volume", tags: { environment: "test", Name: "cpu" } },
    ]);
    const role = graph.one("aws:iam/role:Role").inputs;
    assert.equal(role.permissionsBoundary, "arn:aws:iam::111111111111:policy/boundary");
    assert.equal(role.path, "/platform/");
  });

  it("follows the partition of the region", async () => {
    const graph = await pool({ region: "cn-north-1" });
    for (const { inputs } of graph.ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")) {
      assert.match(String(inputs.policyArn), /^arn:aws-cn:iam::aws:policy\/Amazon/);
    }
    assert.match(String(graph.one("aws:iam/role:Role").inputs.assumeRolePolicy), /ec2\.amazonaws\.com\.cn/);
  });

  it("gives ARM types the ARM image", async () => {
    assert.equal((await pool({ instanceTypes: ["m7g.large"] })).one(GROUP).inputs.amiType, "AL2023_ARM_64_STANDARD");
  });

  it("gives GPU nodes driver, disk, accelerator label and what the autoscaler must know of an empty group", async () => {
    const graph = await pool(GPU, "gpu");
    const { inputs } = graph.one(GROUP);
    assert.equal(inputs.amiType, "AL2023_x86_64_NVIDIA");
    assert.deepEqual(inputs.labels, {
      "k8s.amazonaws.com/accelerator": "nvidia-l40s",
      "nvidia.com/gpu.present": "true",
      "workload-type": "gpu",
    });
    assert.deepEqual(inputs.taints, [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }]);
    const tags = graph.ofType(TAG).map(({ inputs }) => inputs.tag as { key: string; value: string });
    const prefix = "k8s.io/cluster-autoscaler/node-template/";
    assert.deepEqual(Object.fromEntries(tags.map(({ key, value }) => [key.replace(prefix, ""), value])), {
      "label/k8s.amazonaws.com/accelerator": "nvidia-l40s",
      "label/nvidia.com/gpu.present": "true",
      "label/workload-type": "gpu",
      "resources/ephemeral-storage": "3040Gi",
      "resources/nvidia.com/gpu": "4",
      "taint/nvidia.com/gpu": "present:NoSchedule",
    });
    assert.ok(tags.every(({ key }) => key.startsWith(prefix)));
    for (const { inputs } of graph.ofType(TAG)) {
      assert.match(String(inputs.autoscalingGroupName), /^eks-gpu-nodes-/);
    }
  });

  it("tags only groups that may be empty", async () => {
    assert.equal((await pool({ labels: { a: "b" }, minSize: 1 })).ofType(TAG).length, 0);
    assert.equal((await pool({ labels: { a: "b" }, minSize: 0, perZone: true, zones: ZONES })).ofType(TAG).length, 9);
  });

  it("names the zone for EBS volumes in hints, where zones are given by name", () => {
    const hints = (zone: string) => scalingHints({ ...MINIMAL, minSize: 0 }, zone);
    assert.equal(hints("us-east-1a")["label/topology.ebs.csi.aws.com/zone"], "us-east-1a");
    assert.equal(hints("us-gov-west-1b")["label/topology.ebs.csi.aws.com/zone"], "us-gov-west-1b");
    assert.equal(hints("use1-az1")["label/topology.ebs.csi.aws.com/zone"], undefined);
  });

  it("tells the kubelet how many pods its smallest type holds, and leaves unknown types to EKS", async () => {
    const { inputs } = (await pool({ instanceTypes: ["m7i.large", "m6i.large"] })).one(TEMPLATE);
    const userData = Buffer.from(String(inputs.userData), "base64").toString();
    assert.match(userData, /^MIME-Version: 1\.0\nContent-Type: multipart\/mixed; boundary="\/\/"\n\n--\/\/\n/);
    assert.match(userData, /Content-Type: application\/node\.eks\.aws\n\n\{/);
    assert.match(userData, /"kind":"NodeConfig","spec":\{"kubelet":\{"config":\{"maxPods":110\}\}\}/);
    assert.match(nodeUserData({ instanceTypes: ["m7g.12xlarge", "m7g.medium"] }) ?? "", /"maxPods":98\}/);
    assert.equal(nodeUserData({ instanceTypes: ["m7i.large", "x9.large"] }), undefined);
  });

  it("waits for egress, networking and its own permissions, and others wait for it", async () => {
    const graph = await graphOf(() => {
      const options = explicitProviders();
      const route = new aws.sqs.Queue("egress", {});
      const cni = new aws.sqs.Queue("cni", {});
      const nodes = new NodePool(
        "cpu",
        { ...MINIMAL, egressReady: ready([route]), networkingReady: ready([cni]) },
        options,
      );
      new aws.sqs.Queue("consumer", {}, { dependsOn: behind(nodes.ready) });
    });
    const group = graph.one(GROUP);
    const earlier = [
      graph.one("aws:sqs/queue:Queue", "egress"),
      graph.one("aws:sqs/queue:Queue", "cni"),
      ...graph.ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
    ];
    assert.equal(earlier.length, 5);
    for (const each of earlier) assert.ok(graph.waitsFor(group, each), each.name);
    assert.ok(graph.waitsFor(graph.one("aws:sqs/queue:Queue", "consumer"), group));
    const role = graph.one("aws:iam/role:Role");
    assert.ok(!graph.waitsFor(role, graph.one("aws:sqs/queue:Queue", "egress")), "only node groups wait");
  });

  it("offers names of its groups and its role", async () => {
    const graph = await pool({ perZone: true, zones: ZONES });
    const outputs = graph.component("NodePool").outputs ?? {};
    assert.deepEqual(
      outputs.nodeGroupNames,
      ZONES.map((zone) => `cpu-nodes-${zone}-0000000`),
    );
    assert.equal((outputs.autoscalingGroupNames as string[]).length, 3);
    assert.equal(outputs.nodeRoleArn, "arn:aws:iam::111111111111:role/cpu-role-0000000");
  });

  it("registers twice in one stack, with explicit providers, before anything is known", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new NodePool("one", { ...MINIMAL, ...GPU }, options);
        new NodePool("two", { ...MINIMAL, ...GPU, perZone: true, zones: ZONES }, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(GROUP).length, 4);
    assert.equal(graph.ofType(TAG).length, 6 + 3 * 7);
    assert.deepEqual(
      graph.resources.filter((each) => each.type.startsWith("aws:") && each.provider === ""),
      [],
    );
  });

  it("keeps generated names within AWS' limits", async () => {
    const graph = await pool(
      { perZone: true, zones: ["ap-southeast-2a", "us-west-2-lax-1a", "b"] },
      "a-name-of-20-letters",
    );
    for (const { type, name } of graph.resources) {
      const limit = PHYSICAL_NAME_LIMITS[type];
      if (limit !== undefined) assert.ok(name.length + 8 <= limit, `${name} is too long for ${type}`);
    }
  });
});
