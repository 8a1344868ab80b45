import assert from "node:assert/strict";
import { readConfiguration } from "../../rehearsal/aws/configuration";
import type { Properties } from "../../rehearsal/providers/provider";
import { AwsAccount } from "./support/aws-account";

const INSTANCE = "aws:rds/instance:Instance";
const CACHE = "aws:elasticache/replicationGroup:ReplicationGroup";
const [FIRST, SECOND, THIRD] = ["first-token-0123456789", "second-token-012345678", "third-token-0123456789"];

const REFUSED: readonly [type: string, inputs: Properties, property: string][] = [
  [INSTANCE, { storageType: "gp3", allocatedStorage: 100, iops: 3000 }, "iops"],
  [INSTANCE, { storageType: "gp3", allocatedStorage: 100, storageThroughput: 125 }, "storageThroughput"],
  [INSTANCE, { performanceInsightsRetentionPeriod: 31 }, "performanceInsightsRetentionPeriod"],
  [INSTANCE, { performanceInsightsRetentionPeriod: 8 }, "performanceInsightsRetentionPeriod"],
  [CACHE, { authToken: "short", transitEncryptionEnabled: true }, "authToken"],
  [CACHE, { authToken: FIRST }, "authToken"],
  [CACHE, { multiAzEnabled: true, automaticFailoverEnabled: false }, "multiAzEnabled"],
  ["aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 10 }, "retentionInDays"],
];

describe("stores in the AWS stand-in", () => {
  for (const [type, inputs, property] of REFUSED) {
    it(`refuses ${JSON.stringify(inputs)} of ${type}`, async () => {
      const resource = { urn: "", type, name: "store" };
      const { failures } = await new AwsAccount().provider.check(resource, undefined, inputs);
      assert.ok(failures.some((failure) => failure.property === property));
    });
  }

  it("accepts performance settings of a big volume", async () => {
    const inputs = { storageType: "gp3", allocatedStorage: 400, iops: 12000 };
    await new AwsAccount().make(INSTANCE, "db", inputs);
  });

  it("refuses a parameter group of another major version", async () => {
    const account = new AwsAccount();
    const group = await account.make("aws:rds/parameterGroup:ParameterGroup", "parameters", { family: "postgres16" });
    const inputs = { engine: "postgres", engineVersion: "17", parameterGroupName: group.state.name };
    await assert.rejects(account.make(INSTANCE, "db", inputs), /Family postgres16 can't be used .* Use postgres17/);
  });

  it("ends a database's old password at once", async () => {
    const account = new AwsAccount();
    const instance = await account.make(INSTANCE, "db", { password: "old-password" });
    await account.change(instance, { password: "new-password" });
    assert.deepEqual(account.cloud.validPasswords(instance.id), ["new-password"]);
    assert.equal(account.cloud.credentials.changes.length, 1);
  });

  it("keeps a cache's former token beside the new one with ROTATE, and ends it with SET", async () => {
    const account = new AwsAccount();
    const given = { authToken: FIRST, authTokenUpdateStrategy: "ROTATE", transitEncryptionEnabled: true };
    const made = await account.make(CACHE, "cache", given);
    const rotated = await account.change(await account.change(made, { authToken: SECOND }), { authToken: THIRD });
    const both = account.cloud.validPasswords(made.id);
    await account.change(rotated, { authTokenUpdateStrategy: "SET" });
    assert.deepEqual([both, account.cloud.validPasswords(made.id)], [[THIRD, SECOND], [THIRD]]);
  });

  it("never shows a password that a refresh did not bring along", async () => {
    const account = new AwsAccount();
    const made = await account.make(INSTANCE, "db", { password: "old-password" });
    await account.change(made, { password: "new-password" });
    assert.equal((await account.refresh(made))?.inputs.password, "old-password");
  });

  it("refuses credentials of an account that is not allowed", () => {
    const configuration = { region: "us-east-1", allowedAccountIds: '["222222222222"]' };
    assert.throws(() => readConfiguration(configuration, "111111111111"), /account ID not allowed: 111111111111/);
  });

  it("counts the lives of a resource", async () => {
    const account = new AwsAccount();
    const first = await account.make("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
    const second = await account.make("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
    await account.remove(first);
    const [creation] = account.cloud.created();
    assert.deepEqual([creation?.ids, creation?.live], [[first.id, second.id], [second.id]]);
  });
});
