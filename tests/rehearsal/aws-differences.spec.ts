import assert from "node:assert/strict";
import { difference } from "../../rehearsal/aws/differences";
import { RULES } from "../../rehearsal/aws/rules";
import { type Properties, UNKNOWN } from "../../rehearsal/providers/provider";
import { AwsAccount } from "./support/aws-account";

const CLUSTER = "aws:eks/cluster:Cluster";

const REPLACED: readonly [type: string, before: Properties, now: Properties, replaces: readonly string[]][] = [
  ["aws:ec2/subnet:Subnet", { cidrBlock: "10.0.0.0/24" }, { cidrBlock: "10.0.1.0/24" }, ["cidrBlock"]],
  ["aws:eks/nodeGroup:NodeGroup", { instanceTypes: ["a", "b"] }, { instanceTypes: ["b", "a"] }, ["instanceTypes"]],
  ["aws:eks/nodeGroup:NodeGroup", { version: "1.34" }, { version: "1.35" }, []],
  ["aws:rds/instance:Instance", { engineVersion: "16" }, { engineVersion: "17" }, []],
  ["aws:rds/instance:Instance", { kmsKeyId: "arn:old" }, { kmsKeyId: UNKNOWN }, ["kmsKeyId"]],
  ["aws:rds/instance:Instance", { identifier: "old" }, { identifier: "new" }, []],
  [
    "aws:elasticache/replicationGroup:ReplicationGroup",
    { engineVersion: "8.1" },
    { engineVersion: "8.0" },
    ["engineVersion"],
  ],
  ["aws:secretsmanager/secretVersion:SecretVersion", { secretString: "a" }, { secretString: "b" }, ["secretString"]],
  [
    "aws:lb/loadBalancer:LoadBalancer",
    { loadBalancerType: "network", subnets: ["a"] },
    { loadBalancerType: "network", subnets: ["a", "b"] },
    [],
  ],
  [
    "aws:lb/loadBalancer:LoadBalancer",
    { loadBalancerType: "network", subnets: ["a", "b"] },
    { loadBalancerType: "network", subnets: ["a"] },
    ["subnets"],
  ],
  [
    CLUSTER,
    { kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/16" } },
    { kubernetesNetworkConfig: { serviceIpv4Cidr: "10.100.0.0/16" } },
    ["kubernetesNetworkConfig.serviceIpv4Cidr"],
  ],
  [CLUSTER, { vpcConfig: { publicAccessCidrs: ["a"] } }, { vpcConfig: { publicAccessCidrs: ["b"] } }, []],
];

describe("differences in the AWS stand-in", () => {
  for (const [type, before, now, replaces] of REPLACED) {
    const what = JSON.stringify(now);
    it(`${replaces.length > 0 ? "replaces" : "updates"} ${type} for ${what} after ${JSON.stringify(before)}`, () => {
      const found = difference(before, now, RULES[type]);
      assert.deepEqual([found.replaces, found.changes.length], [replaces, 1]);
    });
  }

  it("takes lists for sets, documents for what they say, and empty for absent", () => {
    const before = { subnetIds: ["a", "b"], policy: '{"a":1,"b":2}', taints: [] };
    assert.deepEqual(difference(before, { subnetIds: ["b", "a"], policy: '{ "b": 2, "a": 1 }' }).changes, []);
  });

  it("names the path inside a list", () => {
    const of = (targetGroupArn: string) => ({ defaultActions: [{ type: "forward", targetGroupArn }] });
    assert.deepEqual(difference(of("a"), of("b")).paths, ["defaultActions[0].targetGroupArn"]);
  });

  it("deletes first where the program keeps the name that it gave", () => {
    const rules = RULES["aws:cloudwatch/logGroup:LogGroup"];
    const found = difference({ name: "a", logGroupClass: "STANDARD" }, { name: "a", logGroupClass: "DELIVERY" }, rules);
    assert.equal(found.deleteBeforeReplace, true);
  });

  it("creates first where the name is automatic", async () => {
    const account = new AwsAccount();
    const group = await account.make("aws:rds/parameterGroup:ParameterGroup", "parameters", { family: "postgres16" });
    const found = await account.compare(group, { family: "postgres17" });
    assert.deepEqual([found.replaces, found.deleteBeforeReplace], [["family"], false]);
  });

  it("sees a changed default tag on what has tags, and nothing on what has none", async () => {
    const account = new AwsAccount();
    const { vpc, route } = await account.network();
    account.cloud.defaultTags = { environment: "staging" };
    const changes = [await account.compare(vpc, {}), await account.compare(route, {})].map((found) => found.changes);
    assert.deepEqual(changes, [["tagsAll"], []]);
  });

  it("replaces everything when the region moves, and nothing when tags do", async () => {
    const { provider } = new AwsAccount();
    const moved = await provider.diffConfiguration({ region: "us-east-1" }, { region: "eu-west-1" });
    const tagged = await provider.diffConfiguration(
      { region: "us-east-1" },
      { region: "us-east-1", defaultTags: "{}" },
    );
    assert.deepEqual([moved.replaces, tagged.replaces], [["region"], []]);
  });
});
