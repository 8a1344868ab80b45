import assert from "node:assert/strict";
import { isSecretValue, isUnknownValue, type RecordedResource } from "../../preview/recorder";
import { pathsWhere } from "../../preview/redaction";
import { members } from "../support/dig";
import { STACKS, stackOf } from "../support/stacks";
import { recordedVariant } from "../support/variants";

function outputsOf(resources: readonly RecordedResource[]): Record<string, unknown> {
  return resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {};
}

describe("stack outputs", () => {
  for (const stack of STACKS) {
    it(`tell all that people of ${stack} need, and no credential`, async () => {
      const { graph } = await stackOf(stack);
      const outputs = outputsOf(graph.resources);
      assert.deepEqual(Object.keys(outputs).sort(), [
        "bucketNames",
        "clusterName",
        "connectCommand",
        "endpoints",
        "firstUserPasswordCommand",
        "firstUserSecretName",
        "grafanaSecretName",
        "kubeconfig",
        "loadBalancerDnsName",
        "modelKeyCommands",
        "modelStoreBucketName",
        "modelUrls",
        "recoverySecretArn",
        "url",
      ]);
      assert.deepEqual(pathsWhere(outputs, isSecretValue), ["kubeconfig"]);
    });

    it(`are all known in ${stack}, down to the last member`, async () => {
      const { graph } = await stackOf(stack);
      for (const { path, value } of members(outputsOf(graph.resources))) {
        assert.ok(value !== undefined && value !== null && value !== "" && !isUnknownValue(value), path);
      }
    });
  }

  it("point at the objects that they name", async () => {
    const { graph } = await stackOf("prod");
    const { firstUserSecretName, grafanaSecretName, clusterName, url } = outputsOf(graph.resources);
    const secrets = graph
      .ofType("kubernetes:core/v1:Secret")
      .map(({ inputs }) => (inputs.metadata as { name: string }).name);
    assert.ok(secrets.includes(String(firstUserSecretName)) && secrets.includes(String(grafanaSecretName)));
    assert.equal(clusterName, graph.one("aws:eks/cluster:Cluster").inputs.name);
    const ingress = graph.one("kubernetes:networking.k8s.io/v1:Ingress", "langfuse-ingress");
    const [rule] = (ingress.inputs.spec as { rules: { host: string }[] }).rules;
    assert.equal(new URL(String(url)).host, rule?.host);
  });

  it("of a stack on somebody else's cluster name no AWS resource", async () => {
    const { graph } = await recordedVariant("existing cluster");
    const outputs = outputsOf(graph.resources);
    for (const name of ["clusterName", "recoverySecretArn", "loadBalancerDnsName"]) assert.ok(!(name in outputs), name);
    assert.ok(isSecretValue(outputs.kubeconfig));
    assert.deepEqual(outputs.endpoints, {
      postgres: "postgres.example.net:5432",
      redis: "redis.example.net:6379",
      clickhouse: "clickhouse.example.net:8443",
    });
  });
});
