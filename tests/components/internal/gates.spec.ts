import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { after, ready } from "../../../components/internal/gates";
import { graphOf, unknownPaths } from "../../support/graph";

const RESOURCES = () => {
  const provider = new aws.Provider("aws", { region: "us-east-1" });
  const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" }, { provider });
  const gate = ready([vpc]);
  new aws.ec2.SecurityGroup("by-order", {}, { provider, dependsOn: after(gate, undefined) });
  new aws.ec2.SecurityGroup("by-value", { description: gate.apply(() => "plain") }, { provider });
  new aws.ec2.SecurityGroup("free", {}, { provider });
};

describe("gates", () => {
  for (const outputs of ["known", "unknown"] as const) {
    it(`order resources and stay known when outputs are ${outputs}`, async () => {
      const graph = await graphOf(RESOURCES, { outputs });
      const vpc = graph.one("aws:ec2/vpc:Vpc");
      const group = (name: string) => graph.one("aws:ec2/securityGroup:SecurityGroup", name);
      assert.deepEqual(group("by-order").dependencies, [vpc.urn]);
      assert.deepEqual(group("by-value").dependencies, [vpc.urn]);
      assert.equal(group("by-value").inputs.description, "plain");
      assert.deepEqual(unknownPaths(group("by-value")), []);
      assert.deepEqual(group("free").dependencies, []);
    });
  }
});
