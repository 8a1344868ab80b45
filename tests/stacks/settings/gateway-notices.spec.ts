import assert from "node:assert/strict";
import { gatewayNotices } from "../../../stacks/settings/gateway-notices";
import { type Changes, parsed } from "../../support/settings";

const LLM = {
  enabled: true,
  host: "api.example.com",
  models: {
    "llama-70b": {
      model: { catalogue: "qwen2.5-72b-instruct-awq", version: "1" },
      engine: { tensorParallelSize: 2, maxModelLength: 4096 },
    },
  },
};

function noticesOf(changes: Changes): string[] {
  const { settings, problems } = parsed(changes);
  assert.equal(problems, undefined);
  return settings ? gatewayNotices(settings) : [];
}

describe("notices about the gateway", () => {
  it("say what is effective behind Traefik, and what happens when Redis is away", () => {
    assert.deepEqual(noticesOf({ llm: LLM }), [
      "llm.gateway: a client address may make 100 requests a minute over all models and all pods of Traefik, 3 at once; what exceeds it is answered with 429.",
      "llm.gateway: requests are counted in Redis: while it does not answer, every request to a model is answered with 500.",
      "llm.gateway: an answer whose first byte takes longer than 600 s ends with 504; a stream may last as long as it speaks.",
      "certificates: api.example.com lies in a domain reserved for examples; callers get the ingress controller's own certificate.",
    ]);
  });

  it("say the same behind an ALB, and what to do before models go", () => {
    const lines = noticesOf({ llm: LLM, "ingress.controller": "alb" });
    assert.match(lines[0] ?? "", /about 100 requests a minute over all models: AWS WAF counts with seconds of delay/);
    assert.match(lines[2] ?? "", /take the web ACL off the load balancer/);
  });

  it("tell of a router, of operators and of names that somebody else keeps", () => {
    const lines = noticesOf({
      llm: LLM,
      "llm.gateway.router.enabled": true,
      "llm.access.operators": ["arn:aws:iam::111111111111:role/ops"],
      dns: undefined,
      "certificates.issuer": "none",
    });
    assert.deepEqual(lines.slice(3), [
      "llm.gateway.router: the servers behind the router share one API key, and each pod of the router learns prompts for itself.",
      "dns: no zone; point api.example.com at the load balancer yourself.",
      "llm.access.operators: who changes a workload can make it show the API key that it holds.",
    ]);
  });

  it("say nothing without models", () => {
    assert.deepEqual(noticesOf({ llm: undefined }), []);
  });
});
