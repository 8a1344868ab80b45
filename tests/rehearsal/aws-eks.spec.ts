import assert from "node:assert/strict";
import { PROPAGATION_SECONDS } from "../../rehearsal/aws/access";
import { wait } from "../../rehearsal/clock";
import { AwsAccount } from "./support/aws-account";

const ENTRY = "aws:eks/accessEntry:AccessEntry";
const POLICY = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
const ADDON = "aws:eks/addon:Addon";
const ADMIN = "arn:aws:iam::111111111111:role/admin";

describe("EKS in the AWS stand-in", () => {
  it("lets the creator in at once, and others some seconds after they have entry and policy", async () => {
    const account = new AwsAccount();
    await account.cluster();
    await account.make(ENTRY, "entry", { clusterName: "main", principalArn: ADMIN });
    await account.make(POLICY, "policy", { clusterName: "main", principalArn: ADMIN, policyArn: "arn:admin" });
    const early = [account.cloud.admits(), account.cloud.admits(ADMIN)];
    await wait(PROPAGATION_SECONDS + 0.5);
    assert.deepEqual([early, account.cloud.admits(ADMIN)], [[true, false], true]);
  });

  it("refuses an access entry for whoever made the cluster", async () => {
    const account = new AwsAccount();
    await account.cluster();
    const entry = { clusterName: "main", principalArn: account.cloud.caller };
    await assert.rejects(account.make(ENTRY, "entry", entry), /already in use on this cluster/);
  });

  it("refuses an association for a cluster that is not there yet", async () => {
    const association = { clusterName: "main", namespace: "app", serviceAccount: "app", roleArn: ADMIN };
    const made = new AwsAccount().make("aws:eks/podIdentityAssociation:PodIdentityAssociation", "app", association);
    await assert.rejects(made, /No cluster found for name: main/);
  });

  it("sends the program's desired size along with a changed bound: the autoscaler's nodes are lost", async () => {
    const account = new AwsAccount();
    const { group } = await account.nodes(1, 1, 5);
    await account.cloud.setDesiredSize(group.state.nodeGroupName, 4);
    await account.change(group, { scalingConfig: { minSize: 1, desiredSize: 1, maxSize: 6 } });
    assert.equal(account.cloud.nodeGroups()[0]?.size, 1);
  });

  it("leaves the autoscaler's nodes alone when no size changes", async () => {
    const account = new AwsAccount();
    const { group } = await account.nodes(1, 1, 5);
    await account.cloud.setDesiredSize(group.state.nodeGroupName, 4);
    await account.change(group, { labels: { tier: "web" } });
    assert.equal(account.cloud.nodeGroups()[0]?.size, 4);
  });

  it("shows the autoscaler's size to a refresh", async () => {
    const account = new AwsAccount();
    const { group } = await account.nodes(1, 1, 5);
    await account.cloud.setDesiredSize(group.state.nodeGroupName, 4);
    assert.equal((await account.refresh(group))?.inputs.scalingConfig.desiredSize, 4);
  });

  it("takes the type of a capacity block's machines from their launch template", async () => {
    const account = new AwsAccount();
    const { subnet, role } = await account.nodes(1, 1, 5);
    const given = { instanceType: "p5.48xlarge", instanceMarketOptions: { marketType: "capacity-block" } };
    const template = await account.make("aws:ec2/launchTemplate:LaunchTemplate", "block", given);
    await account.make("aws:eks/nodeGroup:NodeGroup", "pool-block-nodes", {
      clusterName: "main",
      nodeRoleArn: role.state.arn,
      subnetIds: [subnet.id],
      capacityType: "CAPACITY_BLOCK",
      launchTemplate: { id: template.id, version: "1" },
      scalingConfig: { minSize: 0, desiredSize: 0, maxSize: 4 },
    });
    const block = account.cloud.nodeGroups().find(({ pool }) => pool === "pool-block");
    assert.equal(block?.instanceType, "p5.48xlarge");
  });

  it("refuses a minimum above the desired size", async () => {
    const account = new AwsAccount();
    const { group } = await account.nodes(1, 1, 5);
    const change = account.change(group, { scalingConfig: { minSize: 2, desiredSize: 1, maxSize: 5 } });
    await assert.rejects(change, /Minimum capacity 2 can't be greater than desired size 1/);
  });

  it("tells the pool, the zone and the size of a node group", async () => {
    const account = new AwsAccount();
    await account.nodes(1, 2, 5);
    const [group] = account.cloud.nodeGroups();
    assert.deepEqual([group?.pool, group?.zones, group?.size, group?.version], ["pool-cpu", ["us-east-1a"], 2, "1.35"]);
  });

  it("lets nodes fail that have no way out", async () => {
    const account = new AwsAccount();
    const { route, group } = await account.nodes(1, 1, 5);
    await account.remove(group);
    await account.remove(route);
    await assert.rejects(
      account.make(group.resource.type, "late-nodes", group.inputs),
      /NodeCreationFailure: .*no route/,
    );
  });

  it("records that nodes lost their way out while they lived", async () => {
    const account = new AwsAccount();
    const { route } = await account.nodes(1, 1, 5);
    await account.remove(route);
    assert.match(account.cloud.hazards.join(), /route route .* while pool-cpu-nodes-us-east-1a had no other way out/);
  });

  it("refuses an add-on with a Deployment on a cluster without nodes, and not one with a DaemonSet", async () => {
    const account = new AwsAccount();
    await account.cluster();
    await account.make(ADDON, "cni", { clusterName: "main", addonName: "vpc-cni" });
    const dns = account.make(ADDON, "dns", { clusterName: "main", addonName: "coredns" });
    await assert.rejects(dns, /InsufficientNumberOfReplicas/);
  });

  it("upgrades one minor version at a time", async () => {
    const account = new AwsAccount();
    const { cluster } = await account.cluster({ version: "1.33" });
    await assert.rejects(account.change(cluster, { version: "1.35" }), /minor version update from 1.33 to 1.35/);
  });

  it("refuses to delete a cluster with node groups", async () => {
    const account = new AwsAccount();
    const { cluster } = await account.nodes(0, 0, 1);
    await assert.rejects(account.remove(cluster), /ResourceInUseException: Cluster has nodegroups attached/);
  });

  it("shows a moved endpoint to a refresh", async () => {
    const account = new AwsAccount();
    const { cluster } = await account.cluster();
    account.cloud.replaceEndpoint({ endpoint: "https://second.invalid", certificateAuthority: "c2Vjb25k" });
    const refreshed = await account.refresh(cluster);
    const known = [refreshed?.state.endpoint, refreshed?.state.certificateAuthority.data];
    assert.deepEqual(known, ["https://second.invalid", "c2Vjb25k"]);
  });

  it("records what was made and is still there when nodes do not come", async () => {
    const account = new AwsAccount({
      nodeGroupChanged: async () => {
        throw new Error("nodes did not join");
      },
    });
    await assert.rejects(account.nodes(1, 1, 2), { name: "PartialFailure", message: "nodes did not join" });
    assert.equal(account.cloud.nodeGroups().length, 1);
  });

  it("gives up waiting at once when the run is interrupted", async () => {
    const account = new AwsAccount({ nodeGroupChanged: () => new Promise(() => {}) });
    await account.provider.configure({ region: "us-east-1" });
    const made = account.nodes(1, 1, 2);
    setTimeout(() => account.provider.cancel(), 50);
    await assert.rejects(made, /the run was interrupted/);
  });
});
