import assert from "node:assert/strict";
import { planOf } from "../../preview/plan";
import { quotaNeeds, uncountedInstanceTypes } from "../../preview/quotas";
import { reachabilityOf } from "../../preview/reachability";
import type { RecordedResource } from "../../preview/recorder";
import { resource, stack } from "./support";

function plan(...resources: RecordedResource[]) {
  const recording = {
    resources: [stack(), ...resources],
    duplicateUrns: [],
    failures: [],
    secrets: [],
    result: undefined,
  };
  return planOf("llm-platform", "test", recording);
}

const nodes = (name: string, type: string, sizes: [desired: number, max: number], capacityType = "ON_DEMAND") =>
  resource("aws:eks/nodeGroup:NodeGroup", name, {
    inputs: {
      instanceTypes: [type],
      capacityType,
      scalingConfig: { desiredSize: sizes[0], minSize: 0, maxSize: sizes[1] },
    },
  });

function needs(...resources: RecordedResource[]): Record<string, [number, number]> {
  return Object.fromEntries(
    quotaNeeds(plan(...resources), "eu-west-1").map(({ code, min, max }) => [code, [min, max]]),
  );
}

describe("quotas", () => {
  it("add up the vCPUs of node groups by family and capacity type", () => {
    const found = needs(
      nodes("system", "m7i.large", [3, 6]),
      nodes("cpu", "c7i.4xlarge", [6, 20]),
      nodes("spot", "m7i.large", [2, 4], "SPOT"),
      nodes("gpu", "g6e.12xlarge", [0, 12]),
    );
    assert.deepEqual(found, {
      "L-1216C47A": [3 * 2 + 6 * 16, 6 * 2 + 20 * 16],
      "L-34B43A08": [4, 8],
      "L-DB2E81BA": [0, 576],
      "L-6D54EA21": [4, 4],
    });
  });

  it("count what the plan creates, and nothing that it only reads", () => {
    const found = needs(
      resource("aws:ec2/vpc:Vpc", "vpc"),
      resource("aws:ec2/vpc:Vpc", "adopted", { read: true }),
      ...["a", "b", "c"].map((zone) => resource("aws:ec2/eip:Eip", zone)),
      resource("aws:lb/loadBalancer:LoadBalancer", "nlb", { inputs: { loadBalancerType: "network" } }),
      resource("aws:elasticache/replicationGroup:ReplicationGroup", "redis", { inputs: { numCacheClusters: 2 } }),
    );
    assert.deepEqual(found, {
      "L-F678F1CE": [1, 1],
      "L-0263D0A3": [3, 3],
      "L-DFE45DF3": [2, 2],
      "L-69A177A2": [1, 1],
    });
  });

  it("count NAT gateways by zone", () => {
    const subnets = ["a", "b"].map((zone) => {
      return resource("aws:ec2/subnet:Subnet", zone, { inputs: { availabilityZone: `eu-west-1${zone}` } });
    });
    const gateways = subnets.map(({ urn, name }) =>
      resource("aws:ec2/natGateway:NatGateway", name, { propertyDependencies: { subnetId: [urn] } }),
    );
    assert.deepEqual(needs(...subnets, ...gateways)["L-FE5A380F"], [1, 1]);
  });

  it("come with the command that shows what the account has", () => {
    const [need] = quotaNeeds(plan(resource("aws:ec2/vpc:Vpc", "vpc")), "eu-west-1");
    assert.equal(
      need?.command,
      "aws service-quotas get-service-quota --service-code vpc --quota-code L-F678F1CE --region eu-west-1 --query Quota.Value",
    );
  });

  it("name instance types that they cannot count", () => {
    assert.deepEqual(uncountedInstanceTypes(plan(nodes("odd", "z99.huge", [1, 1]))), ["z99.huge"]);
  });
});

describe("reachability", () => {
  const cluster = (vpcConfig: object) => resource("aws:eks/cluster:Cluster", "cluster", { inputs: { vpcConfig } });

  it("says from where a public endpoint is reached", () => {
    const access = { endpointPublicAccess: true, endpointPrivateAccess: true, publicAccessCidrs: ["203.0.113.0/24"] };
    const { cluster: doors } = reachabilityOf(plan(cluster(access)));
    assert.match(doors[0] ?? "", /public endpoint, from 203\.0\.113\.0\/24 only\..* or from inside the VPC\.$/);
  });

  it("says that the world reaches an endpoint without ranges", () => {
    assert.match(reachabilityOf(plan(cluster({}))).cluster[0] ?? "", /public endpoint, from 0\.0\.0\.0\/0/);
  });

  it("says that a private endpoint needs somebody inside", () => {
    const { cluster: doors } = reachabilityOf(
      plan(cluster({ endpointPublicAccess: false, endpointPrivateAccess: true })),
    );
    assert.match(doors[0] ?? "", /private endpoint only\. `pulumi up` must run inside the VPC/);
  });

  it("reads who may enter a load balancer from its security group's rules", () => {
    const group = resource("aws:ec2/securityGroup:SecurityGroup", "group");
    const rule = (name: string, urn: string, port: number) =>
      resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name, {
        inputs: { fromPort: port, toPort: port, cidrIpv4: "198.51.100.0/24" },
        propertyDependencies: { securityGroupId: [urn] },
      });
    const balancer = resource("aws:lb/loadBalancer:LoadBalancer", "entry", {
      propertyDependencies: { securityGroups: [group.urn] },
    });
    const found = reachabilityOf(plan(group, balancer, rule("own", group.urn, 443), rule("other", "urn:other", 22)));
    assert.deepEqual(found.public, ["Load balancer entry: from the internet, port 443 from 198.51.100.0/24."]);
  });
});
