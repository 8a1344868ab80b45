import assert from "node:assert/strict";
import { AwsAccount } from "./support/aws-account";

const INSTANCE = "aws:rds/instance:Instance";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

describe("what the AWS stand-in makes and deletes only in order", () => {
  it("refuses to delete a VPC that has subnets", async () => {
    const account = new AwsAccount();
    const { vpc } = await account.network();
    await assert.rejects(account.remove(vpc), /DependencyViolation: The vpc .* has dependencies .*Subnet subnet/);
  });

  it("refuses to detach an internet gateway while a NAT gateway has a public address", async () => {
    const account = new AwsAccount();
    const { gateway, subnet } = await account.network();
    const address = await account.make("aws:ec2/eip:Eip", "address", { domain: "vpc" });
    await account.make("aws:ec2/natGateway:NatGateway", "nat", { allocationId: address.id, subnetId: subnet.id });
    await assert.rejects(account.remove(gateway), /has some mapped public address/);
  });

  it("refuses to delete a security group that another group's rules name, and allows its own", async () => {
    const account = new AwsAccount();
    const { vpc } = await account.network();
    const [clients, store] = [
      await account.make(GROUP, "clients", { vpcId: vpc.id }),
      await account.make(GROUP, "store", { vpcId: vpc.id }),
    ];
    const rule = { ipProtocol: "tcp", fromPort: 1, toPort: 1 };
    await account.make(INGRESS, "own", { ...rule, securityGroupId: clients.id, referencedSecurityGroupId: clients.id });
    await account.make(INGRESS, "in", { ...rule, securityGroupId: store.id, referencedSecurityGroupId: clients.id });
    await assert.rejects(account.remove(clients), /has a dependent object .*in use by [^,]* in /);
  });

  it("refuses to delete a role with policies", async () => {
    const account = new AwsAccount();
    const role = await account.role("app", "ReadOnlyAccess");
    await assert.rejects(account.remove(role), /DeleteConflict: Cannot delete entity, must detach all policies first/);
  });

  it("refuses a cluster whose role has no policy yet", async () => {
    const account = new AwsAccount();
    const { subnet } = await account.network();
    const role = await account.role("cluster");
    const given = { name: "main", roleArn: role.state.arn, vpcConfig: { subnetIds: [subnet.id] } };
    await assert.rejects(account.make("aws:eks/cluster:Cluster", "cluster", given), /AmazonEKSClusterPolicy attached/);
  });

  it("refuses an id that was deleted", async () => {
    const account = new AwsAccount();
    const vpc = await account.make("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
    await account.remove(vpc);
    await assert.rejects(account.make(GROUP, "group", { vpcId: vpc.id }), /InvalidVpcID.NotFound/);
  });

  it("takes an id that it never gave for somebody else's, and says so", async () => {
    const account = new AwsAccount();
    await account.make(GROUP, "group", { vpcId: "vpc-0123456789abcdef0" });
    assert.deepEqual([...account.cloud.assumed], ["aws:ec2/vpc:Vpc vpc-0123456789abcdef0"]);
  });

  it("refuses a name where an id belongs", async () => {
    await assert.rejects(new AwsAccount().make(GROUP, "group", { vpcId: "network" }), /InvalidVpcID.NotFound/);
  });

  it("refuses to delete a protected database", async () => {
    const account = new AwsAccount();
    const instance = await account.make(INSTANCE, "db", { deletionProtection: true, skipFinalSnapshot: true });
    await assert.rejects(account.remove(instance), /Cannot delete protected DB Instance/);
  });

  it("takes a final snapshot under a name that is never free again", async () => {
    const account = new AwsAccount();
    const kept = { skipFinalSnapshot: false, finalSnapshotIdentifier: "final" };
    await account.remove(await account.make(INSTANCE, "db", kept));
    await assert.rejects(account.remove(await account.make(INSTANCE, "db", kept)), /DBSnapshotAlreadyExists/);
  });

  it("refuses to delete a bucket with objects unless forced", async () => {
    const account = new AwsAccount();
    const bucket = await account.make("aws:s3/bucket:Bucket", "media", {});
    account.cloud.putObjects("media");
    await assert.rejects(account.remove(bucket), /BucketNotEmpty/);
    await account.remove(await account.change(bucket, { forceDestroy: true }));
  });

  it("lets a key go and records what cannot be read any more", async () => {
    const account = new AwsAccount();
    const key = await account.make("aws:kms/key:Key", "key", { deletionWindowInDays: 7 });
    await account.make(INSTANCE, "db", { kmsKeyId: key.state.arn, skipFinalSnapshot: true });
    await account.remove(key);
    assert.match(account.cloud.hazards.join(), /scheduled for deletion while db was encrypted with it/);
  });

  it("makes and lists a type that it does not know", async () => {
    const account = new AwsAccount();
    await account.remove(await account.make("aws:sqs/queue:Queue", "queue", {}));
    assert.deepEqual([...account.cloud.unmodelled], ["aws:sqs/queue:Queue"]);
  });
});
