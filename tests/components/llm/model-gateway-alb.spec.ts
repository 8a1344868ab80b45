import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import type { AlbContext } from "../../../components/edge/ingress-profile";
import { after as behind, ready } from "../../../components/internal/gates";
import { ModelGateway } from "../../../components/llm/model-gateway";
import { type ModelGatewayArgs, ModelStickiness } from "../../../components/llm/model-gateway-args";
import { mostAlbServers } from "../../../components/llm/model-gateway-checks";
import {
  effectiveModelBurst,
  effectiveModelLimits,
  idleSecondsFor,
} from "../../../components/llm/model-gateway-limits";
import { MODEL_PATHS } from "../../../components/llm/model-gateway-names";
import { failureOf, type Graph, graphOf, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { at } from "./at";

const INGRESS = "kubernetes:networking.k8s.io/v1:Ingress";
const ACL = "aws:wafv2/webAcl:WebAcl";
const QUEUE = "aws:sqs/queue:Queue";
const CONTEXT: AlbContext = {
  certificateArn: "arn:aws:acm:us-east-1:111111111111:certificate/1",
  subnetIds: ["subnet-a", "subnet-b"],
  groupName: "platform-prod",
  allowedCidrs: ["0.0.0.0/0"],
  durable: true,
  idleTimeoutSeconds: 630,
};
const MINIMAL: ModelGatewayArgs = {
  namespace: "models",
  host: "api.example.com",
  routes: [{ server: "llama-70b", serviceName: "llama-70b" }],
  alb: { context: CONTEXT, controllerReady: "ready" },
};
const gateway = (args: Partial<ModelGatewayArgs> = {}) =>
  graphOf(() => new ModelGateway("gateway", { ...MINIMAL, ...args }, explicitProviders()));
const refused = (args: Partial<ModelGatewayArgs>) =>
  failureOf(() => new ModelGateway("gateway", { ...MINIMAL, ...args }, explicitProviders()));
const annotations = (graph: Graph, name = "gateway-route-llama-70b") =>
  at(graph.one(INGRESS, name).inputs, "metadata.annotations") as Record<string, string>;
const annotation = (graph: Graph, key: string) => annotations(graph)[`alb.ingress.kubernetes.io/${key}`];
const attributes = (text: string | undefined) =>
  Object.fromEntries((text ?? "").split(",").map((pair) => pair.split("=") as [string, string]));

describe("ModelGateway behind an Application Load Balancer", () => {
  it("L31: lets callers ask for the API alone, by exact paths, and takes the server's name off them", async () => {
    const graph = await gateway();
    const { inputs } = graph.one(INGRESS);
    assert.equal(at(inputs, "spec.ingressClassName"), "alb");
    assert.equal(at(inputs, "spec.rules[0].host"), "api.example.com");
    const paths = at(inputs, "spec.rules[0].http.paths") as Record<string, unknown>[];
    assert.deepEqual(
      paths.map(({ path, pathType, backend }) => [path, pathType, at(backend, "service")]),
      MODEL_PATHS.map((path) => [`/llama-70b${path}`, "Exact", { name: "llama-70b", port: { number: 8000 } }]),
    );
    const [transform] = JSON.parse(annotation(graph, "transforms.llama-70b") ?? "[]");
    const [{ regex, replace }] = transform.urlRewriteConfig.rewrites;
    assert.equal(transform.type, "url-rewrite");
    assert.equal("/llama-70b/v1/models".replace(new RegExp(regex), replace), "/v1/models");
  });

  it("L29: has AWS WAF count 100 requests a minute of a client to this host, and leaves other hosts alone", async () => {
    const graph = await gateway();
    const { inputs } = graph.one(ACL);
    assert.deepEqual([inputs.scope, inputs.defaultAction], ["REGIONAL", { allow: {} }]);
    const rate = at(inputs, "rules[0].statement.rateBasedStatement");
    assert.deepEqual(
      [at(rate, "limit"), at(rate, "evaluationWindowSec"), at(rate, "aggregateKeyType")],
      [100, 60, "IP"],
    );
    assert.deepEqual(at(rate, "scopeDownStatement.byteMatchStatement"), {
      fieldToMatch: { singleHeader: { name: "host" } },
      positionalConstraint: "STARTS_WITH",
      searchString: "api.example.com",
      textTransformations: [{ priority: 0, type: "LOWERCASE" }],
    });
    assert.equal(at(inputs, "rules[0].action.block.customResponse.responseCode"), 429);
    assert.equal(at(inputs, "rules[0].visibilityConfig.sampledRequestsEnabled"), false);
    assert.match(annotation(graph, "wafv2-acl-arn") ?? "", /^arn:aws:wafv2:/);
  });

  it("L28: joins the group's load balancer and makes none of its own", async () => {
    const graph = await gateway();
    assert.equal(annotation(graph, "group.name"), "platform-prod");
    assert.equal(annotation(graph, "subnets"), "subnet-a,subnet-b");
    assert.equal(annotation(graph, "ssl-redirect"), "443");
    assert.equal(annotation(graph, "healthcheck-path"), "/health");
    assert.equal(annotations(graph)["pulumi.com/skipAwait"], "true");
    assert.ok(graph.resources.every(({ type }) => !/loadBalancer|core\/v1:Service$/.test(type)));
  });

  it("keeps the drain contract whatever the figures: targets leave later than replicas, silence lasts longer than answers", async () => {
    for (const [timeout, drain] of [
      [30, 1],
      [600, 135],
      [3500, 3600],
    ] as const) {
      const context = { ...CONTEXT, idleTimeoutSeconds: idleSecondsFor(timeout) };
      const graph = await gateway({
        requestTimeoutSeconds: timeout,
        drainSeconds: drain,
        alb: { context, controllerReady: "ready" },
      });
      const target = attributes(annotation(graph, "target-group-attributes"));
      const balancer = attributes(annotation(graph, "load-balancer-attributes"));
      assert.ok(Number(target["deregistration_delay.timeout_seconds"]) >= drain);
      assert.ok(Number(balancer["idle_timeout.timeout_seconds"]) > timeout);
    }
    const byDefault = attributes(annotation(await gateway(), "target-group-attributes"));
    assert.equal(byDefault["deregistration_delay.timeout_seconds"], "135");
  });

  it("L27: keeps callers with a replica by a cookie", async () => {
    const plain = attributes(annotation(await gateway(), "target-group-attributes"));
    assert.deepEqual(
      [plain["stickiness.enabled"], plain["load_balancing.algorithm.type"]],
      ["false", "least_outstanding_requests"],
    );
    const graph = await gateway({ stickiness: ModelStickiness.Cookie });
    const sticky = attributes(annotation(graph, "target-group-attributes"));
    assert.deepEqual([sticky["stickiness.enabled"], sticky["stickiness.type"]], ["true", "lb_cookie"]);
  });

  it("leads to a router without rewriting, and without its open list of models", async () => {
    const graph = await gateway({ router: { serviceName: "model-router" } });
    const { inputs } = graph.one(INGRESS, "gateway-route-model-router");
    const paths = at(inputs, "spec.rules[0].http.paths") as { path: string }[];
    assert.deepEqual(
      paths.map(({ path }) => path),
      ["/v1/chat/completions", "/v1/completions", "/v1/embeddings"],
    );
    assert.ok(
      Object.keys(annotations(graph, "gateway-route-model-router")).every((key) => !key.includes("transforms")),
    );
  });

  it("waits for the controller, and plans with everything unknown", async () => {
    const graph = await graphOf(
      () => {
        const opts = explicitProviders();
        const lbc = new aws.sqs.Queue("lbc");
        const made = new ModelGateway(
          "gateway",
          { ...MINIMAL, alb: { context: CONTEXT, controllerReady: ready([lbc]) } },
          opts,
        );
        new aws.sqs.Queue("consumer", {}, { dependsOn: behind(made.ready) });
      },
      { outputs: "unknown" },
    );
    assert.ok(graph.waitsFor(graph.one(INGRESS), graph.one(QUEUE, "lbc")));
    assert.ok(graph.waitsFor(graph.one(INGRESS), graph.one(ACL)));
    assert.ok(graph.waitsFor(graph.one(QUEUE, "consumer"), graph.one(INGRESS)));
    assert.deepEqual(unknownPaths(graph.one(ACL)), []);
    assert.match(graph.one(ACL).provider, /::aws::/);
  });

  it("refuses what only Traefik can do, all at once", async () => {
    const servers = Array.from({ length: 25 }, (_, index) => ({ server: `llama-${index}`, serviceName: "llama" }));
    assert.equal(
      await refused({
        stickiness: ModelStickiness.ClientAddress,
        corsOrigins: ["https://app.example.com"],
        requestsPerMinutePerClient: 5,
        routes: [...servers.slice(0, 24), { server: "last", serviceName: "last", weighted: true }],
        alb: { context: { ...CONTEXT, idleTimeoutSeconds: 60 }, controllerReady: "ready" },
      }),
      'ModelGateway "gateway" cannot be built from these arguments:\n' +
        "  stickiness: must not be clientAddress behind an ALB, which knows cookies alone (got clientAddress). Choose cookie or none, or the controller traefik.\n" +
        "  corsOrigins: must be empty behind an ALB, which adds headers to answers but does not answer what browsers ask before a call (got https://app.example.com). Leave it out, or choose the controller traefik.\n" +
        "  requestsPerMinutePerClient: must be at least 10 behind an ALB: AWS WAF takes no lower rate (got 5). Raise it, or choose the controller traefik.\n" +
        "  routes: must be at most 24 behind an ALB: each path of a server is one of its 100 rules (got 25). Choose the controller traefik.\n" +
        "  routes[24].weighted: means nothing to an ALB: a TraefikService is Traefik's (got true). Leave it out.\n" +
        "  alb.context.idleTimeoutSeconds: must be from 630, above requestTimeoutSeconds, to 4000, or the load balancer cuts answers off (got 60). Set 630 for all Ingresses of the group.",
    );
    assert.equal(mostAlbServers(true), 23);
  });
});

describe("limits of a model gateway", () => {
  it("grant no more at once than the rate yields until Traefik forgets a client", () => {
    assert.deepEqual([1, 30, 59, 60, 100, 6000].map(effectiveModelBurst), [1, 1, 1, 2, 3, 200]);
    for (let rate = 1; rate <= 60_000; rate += 7) {
      const perSecond = rate / 60;
      // The rule in Traefik's source: `ttl` of the rate limiter, in whole seconds.
      const ttl = perSecond >= 1 ? 2 : 1 + Math.floor(1 / perSecond);
      const burst = effectiveModelBurst(rate);
      assert.ok(burst === 1 || burst <= perSecond * ttl, `${rate}`);
    }
  });

  it("hold against callers who rest until they are forgotten", () => {
    for (const rate of [10, 60, 100, 600, 6000]) {
      const burst = effectiveModelBurst(rate);
      const ttl = rate >= 60 ? 2 : 1 + Math.floor(60 / rate);
      // So many requests in a minute, when a caller spends the burst, rests until nothing is known of it, and begins again.
      assert.ok((burst * 60) / ttl <= Math.max(rate, 60 / ttl), `${rate}`);
    }
    // With ten at once the limit of a hundred would be one of three hundred.
    assert.equal((10 * 60) / 2, 300);
  });

  it("say what is effective under each controller, and what happens when nobody can count", () => {
    const figures = { requestsPerMinutePerClient: 100, requestTimeoutSeconds: 600 };
    assert.deepEqual(effectiveModelLimits("traefik", figures), [
      "a client address may make 100 requests a minute over all models and all pods of Traefik, 3 at once; what exceeds it is answered with 429.",
      "requests are counted in Redis: while it does not answer, every request to a model is answered with 500.",
      "an answer whose first byte takes longer than 600 s ends with 504; a stream may last as long as it speaks.",
    ]);
    assert.match(
      effectiveModelLimits("alb", figures).join(" "),
      /AWS WAF counts with seconds of delay.*silent for 630 s/,
    );
  });
});
