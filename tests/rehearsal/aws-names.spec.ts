import assert from "node:assert/strict";
import { UNKNOWN } from "../../rehearsal/providers/provider";
import { AwsAccount } from "./support/aws-account";

const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
const SECRET = "aws:secretsmanager/secret:Secret";
const REPLICATION_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";

describe("names in the AWS stand-in", () => {
  it("ends an automatic name in seven fresh digits, and each life has another id", async () => {
    const account = new AwsAccount();
    const first = await account.make("aws:s3/bucket:Bucket", "Media");
    const second = await account.make("aws:s3/bucket:Bucket", "Media");
    assert.match(first.id, /^media-[0-9a-f]{7}$/);
    assert.notEqual(first.id, second.id);
  });

  it("keeps an automatic name as long as the resource lives", async () => {
    const account = new AwsAccount();
    const role = await account.role("app");
    assert.deepEqual((await account.compare(role, { name: undefined })).changes, []);
  });

  it("gives up a name that the program gives no more", async () => {
    const account = new AwsAccount();
    const logs = await account.make(LOG_GROUP, "logs", { name: "/app" });
    assert.deepEqual((await account.compare(logs, { name: undefined })).replaces, ["name"]);
  });

  it("refuses an automatic name that is too long and does not cut it", async () => {
    const { provider } = new AwsAccount();
    const resource = { urn: "", type: REPLICATION_GROUP, name: "staging-langfuse-redis-replication-group" };
    const { failures } = await provider.check(resource, undefined, {});
    assert.match(failures[0]?.reason ?? "", /has 48 characters, and at most 40 are allowed: shorten the logical name/);
  });

  it("refuses a second log group of one name in CloudWatch's words", async () => {
    const account = new AwsAccount();
    await account.make(LOG_GROUP, "logs", { name: "/app" });
    await assert.rejects(
      account.make(LOG_GROUP, "again", { name: "/app" }),
      /^Error: ResourceAlreadyExistsException: /,
    );
  });

  it("keeps the name of a secret that can still be recovered", async () => {
    const account = new AwsAccount();
    await account.remove(await account.make(SECRET, "secret", { name: "recovery", recoveryWindowInDays: 7 }));
    await assert.rejects(account.make(SECRET, "secret", { name: "recovery" }), /scheduled for deletion/);
    assert.deepEqual(account.cloud.remaining(), []);
  });

  it("frees the name of a secret without recovery", async () => {
    const account = new AwsAccount();
    await account.remove(await account.make(SECRET, "secret", { name: "recovery", recoveryWindowInDays: 0 }));
    await account.make(SECRET, "secret", { name: "recovery" });
  });

  it("keeps the name of a cluster's log group, which EKS makes again", async () => {
    const account = new AwsAccount();
    await account.remove(await account.make(LOG_GROUP, "logs", { name: "/aws/eks/main/cluster" }));
    await assert.rejects(account.make(LOG_GROUP, "logs", { name: "/aws/eks/main/cluster" }), /already exists/);
  });

  it("makes the log group of a cluster that found none, so that the program cannot", async () => {
    const account = new AwsAccount();
    await account.cluster({ enabledClusterLogTypes: ["audit"] });
    await assert.rejects(account.make(LOG_GROUP, "logs", { name: "/aws/eks/main/cluster" }), /already exists/);
  });

  it("knows the name but no id and no ARN in a preview", async () => {
    const { provider } = new AwsAccount();
    const resource = { urn: "", type: "aws:ec2/vpc:Vpc", name: "vpc" };
    const { id, state } = await provider.create(
      resource,
      { cidrBlock: "10.0.0.0/16" },
      { preview: true, timeoutSeconds: undefined },
    );
    assert.deepEqual([id, state.cidrBlock, state.arn], ["", "10.0.0.0/16", UNKNOWN]);
  });
});
