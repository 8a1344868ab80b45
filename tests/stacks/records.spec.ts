import assert from "node:assert/strict";
import type { Graph } from "../support/graph";
import { STACKS, stackOf } from "../support/stacks";
import { recordedVariant, type VariantName } from "../support/variants";

const HIDDEN = "external-dns.alpha.kubernetes.io/controller";

/** What tells external-dns whether Langfuse's Ingress is its business. */
function controllerOf(graph: Graph): string | undefined {
  const { metadata } = graph.one("kubernetes:networking.k8s.io/v1:Ingress", "langfuse-ingress").inputs;
  return (metadata as { annotations: Record<string, string> }).annotations[HIDDEN];
}

function recordsOf(graph: Graph): unknown[] {
  return graph
    .ofType("aws:route53/record:Record")
    .filter(({ inputs }) => inputs.type === "A")
    .map(({ inputs }) => inputs.name);
}

describe("the record of Langfuse's host", () => {
  for (const stack of STACKS) {
    it(`is ours alone in ${stack}: external-dns never sees the Ingress`, async () => {
      const { graph } = await stackOf(stack);
      const domain = stack === "prod" ? "example.com" : "staging.example.com";
      assert.deepEqual(recordsOf(graph), [`langfuse.${domain}`, `api.${domain}`]);
      assert.equal(controllerOf(graph), "none");
    });
  }

  it("is left to external-dns under alb, whose load balancer nobody knows before", async () => {
    const { graph } = await recordedVariant("alb controller");
    assert.deepEqual([recordsOf(graph), controllerOf(graph)], [[], undefined]);
  });

  it("is hidden from nobody's external-dns where no record is ours", async () => {
    const others: VariantName[] = ["existing cluster"];
    for (const name of others) {
      const { graph } = await recordedVariant(name);
      assert.deepEqual([recordsOf(graph), controllerOf(graph)], [[], undefined], name);
    }
  });
});
