import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { record } from "../../preview/recorder";

describe("recording a program that gets stuck", () => {
  it("ends with the failure that an Output of a resource's input threw", async () => {
    const { failures, resources } = await record(() => {
      const provider = new aws.Provider("aws", { region: "us-east-1" });
      const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" }, { provider });
      const vpcId = vpc.id.apply((): string => {
        throw new pulumi.RunError("no such zone");
      });
      const subnet = new aws.ec2.Subnet("subnet", { vpcId, cidrBlock: "10.0.0.0/24" }, { provider });
      new aws.ec2.Subnet("next", { vpcId: subnet.vpcId, cidrBlock: "10.0.1.0/24" }, { provider });
    });
    assert.deepEqual(
      failures.map((failure) => failure.message),
      ['error serializing property "vpcId": no such zone'],
    );
    assert.deepEqual(
      resources.map((resource) => resource.name),
      ["llm-platform-test", "aws", "vpc"],
    );
  });

  it("says so when nothing failed and yet nothing happens", async () => {
    const { failures } = await record(() => {
      const provider = new aws.Provider("aws", { region: "us-east-1" });
      const vpcId = pulumi.output(new Promise<string>(() => {}));
      new aws.ec2.Subnet("subnet", { vpcId, cidrBlock: "10.0.0.0/24" }, { provider });
    });
    assert.match(failures[0]?.message ?? "", /^the program never finishes: /);
  });
});
