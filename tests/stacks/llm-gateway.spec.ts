import assert from "node:assert/strict";
import { at } from "../components/llm/at";
import { revealed } from "../support/graph";
import { variantOf } from "../support/stacks";

const LLM = {
  enabled: true,
  host: "api.example.com",
  gateway: { requestTimeoutSeconds: 900 },
  models: {
    "llama-70b": {
      model: { catalogue: "qwen2.5-72b-instruct-awq", version: "1" },
      engine: { tensorParallelSize: 2, maxModelLength: 4096 },
    },
  },
};
const NLB = "aws:lb/loadBalancer:LoadBalancer";
const INGRESS = "kubernetes:networking.k8s.io/v1:Ingress";
const SERVICE = "kubernetes:core/v1:Service";
describe("the edge of a stack with models", () => {
  it("L27 L28: has one public endpoint, whatever it leads to", async () => {
    const { graph } = await variantOf("prod", { llm: LLM });
    assert.equal(graph.ofType(NLB).length, 1);
    for (const { inputs, name } of graph.ofType(SERVICE))
      assert.notEqual(at(inputs, "spec.type"), "LoadBalancer", name);
    const hosts = graph.ofType("aws:route53/record:Record").map(({ inputs }) => inputs.name);
    assert.ok(hosts.includes("api.example.com") && hosts.includes("langfuse.example.com"));
  });

  it("L30: waits longer than answers take, at the load balancer, at Traefik and while pods leave", async () => {
    const { graph } = await variantOf("prod", { llm: LLM });
    const listeners = graph.ofType("aws:lb/listener:Listener");
    assert.ok(listeners.length > 0);
    for (const { inputs } of listeners) assert.ok(Number(inputs.tcpIdleTimeoutSeconds) > 900);
    for (const { inputs } of graph.ofType("aws:lb/targetGroup:TargetGroup")) {
      assert.ok(Number(inputs.deregistrationDelay) > 900);
    }
    const { values } = graph.one("kubernetes:helm.sh/v3:Release", "ingress-controller-release").inputs;
    assert.ok(Number(at(values, "deployment.terminationGracePeriodSeconds")) > 900);
    assert.deepEqual(at(values, "providers.kubernetesCRD.namespaces"), ["models"]);
  });

  it("L29: counts in Langfuse's Redis by the token in use, which arrives there first", async () => {
    const token = async (redis: number) => {
      const { graph } = await variantOf("prod", { llm: LLM, rotation: { redis } });
      const secret = graph.one("kubernetes:core/v1:Secret", "model-gateway-secret-model-gateway-limit");
      assert.ok(graph.waitsFor(secret, graph.one("aws:elasticache/replicationGroup:ReplicationGroup")));
      const group = graph.one("aws:elasticache/replicationGroup:ReplicationGroup");
      const encoded = String(at(revealed(secret.inputs), "data.password"));
      const password = Buffer.from(encoded, "base64").toString();
      assert.equal(password, at(revealed(group.inputs), "authToken"));
      return password;
    };
    assert.notEqual(await token(0), await token(1));
  });

  it("L30: has one figure for all Ingresses of an ALB", async () => {
    const { graph } = await variantOf("prod", { llm: LLM, "ingress.controller": "alb" });
    const annotations = at(revealed(graph.one(INGRESS, "langfuse-ingress").inputs), "metadata.annotations");
    assert.match(JSON.stringify(annotations), /idle_timeout\.timeout_seconds=930/);
    assert.equal(graph.ofType(NLB).length, 0);
    const groups = graph.ofType(INGRESS).map(({ inputs }) => at(revealed(inputs), "metadata.annotations"));
    const shared = ["group.name", "load-balancer-attributes", "subnets", "listen-ports", "scheme", "inbound-cidrs"];
    for (const key of shared) {
      const values = groups.map((each) => (each as Record<string, string>)[`alb.ingress.kubernetes.io/${key}`]);
      assert.equal(new Set(values).size, 1, `${key}: ${values.join(" and ")}`);
    }
    assert.equal(graph.ofType("aws:wafv2/webAcl:WebAcl").length, 1);
  });

  it("is as it was without models", async () => {
    const { graph } = await variantOf("prod", { llm: undefined });
    for (const { inputs } of graph.ofType("aws:lb/listener:Listener"))
      assert.equal(inputs.tcpIdleTimeoutSeconds, undefined);
    const { values } = graph.one("kubernetes:helm.sh/v3:Release", "ingress-controller-release").inputs;
    assert.deepEqual(at(values, "providers.kubernetesCRD"), { enabled: false });
    assert.equal(graph.resources.filter(({ name }) => name === "ingress-controller-kinds").length, 0);
  });
});
