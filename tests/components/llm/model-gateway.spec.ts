import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { after as behind, ready } from "../../../components/internal/gates";
import { ModelGateway } from "../../../components/llm/model-gateway";
import {
  type ModelGatewayArgs,
  type ModelGatewayCounterArgs,
  ModelStickiness,
} from "../../../components/llm/model-gateway-args";
import { MODEL_PATHS } from "../../../components/llm/model-gateway-names";
import {
  failureOf,
  type Graph,
  graphOf,
  plainPathsWith,
  revealed,
  secretPaths,
  unknownPaths,
} from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { at } from "./at";

const ROUTE = "kubernetes:traefik.io/v1alpha1:IngressRoute";
const MIDDLEWARE = "kubernetes:traefik.io/v1alpha1:Middleware";
const TRANSPORT = "kubernetes:traefik.io/v1alpha1:ServersTransport";
const CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate";
const SECRET = "kubernetes:core/v1:Secret";
const QUEUE = "aws:sqs/queue:Queue";
const COUNTER: ModelGatewayCounterArgs = { host: "redis.example.internal", login: { password: "hunter2hunter2" } };
const MINIMAL: ModelGatewayArgs = {
  namespace: "models",
  host: "api.example.com",
  routes: [{ server: "llama-70b", serviceName: "llama-70b" }],
  traefik: { controllerReady: "ready", counter: COUNTER },
};
const gateway = (args: Partial<ModelGatewayArgs> = {}) =>
  graphOf(() => new ModelGateway("gateway", { ...MINIMAL, ...args }, explicitProviders()));
const refused = (args: Partial<ModelGatewayArgs>) =>
  failureOf(() => new ModelGateway("gateway", { ...MINIMAL, ...args }, explicitProviders()));
const spec = (graph: Graph, type: string, name: string) =>
  graph.ofType(type).find(({ inputs }) => at(inputs, "metadata.name") === name)?.inputs.spec;

/** What a rule of Traefik of the form that we write lets through. */
function lets(rule: string, host: string, path: string): boolean {
  const quoted = (matcher: string) =>
    [...rule.matchAll(new RegExp(`${matcher}\\(\`([^\`]*)\`\\)`, "g"))].map(([, value]) => value);
  return quoted("Host").includes(host) && quoted("Path").includes(path) && !/Regexp|Prefix|\|\| *Host/.test(rule);
}

describe("ModelGateway behind Traefik", () => {
  it("L31: lets callers ask for the API alone, each server under its name", async () => {
    const graph = await gateway();
    const route = spec(graph, ROUTE, "llama-70b");
    const rule = String(at(route, "routes[0].match"));
    for (const path of MODEL_PATHS) assert.ok(lets(rule, "api.example.com", `/llama-70b${path}`), path);
    for (const path of [
      "/llama-70b/invocations",
      "/llama-70b/pause",
      "/llama-70b/metrics",
      "/llama-70b/health",
      "/llama-70b/tokenize",
      "/llama-70b/score",
      "/llama-70b/update_weights",
      "/llama-70b/v1/generate",
      "/v1/chat/completions",
      "/",
    ])
      assert.ok(!lets(rule, "api.example.com", path), path);
    assert.ok(!lets(rule, "langfuse.example.com", "/llama-70b/v1/models"));
    assert.equal(graph.ofType(ROUTE).length, 1);
    const prefix = spec(graph, MIDDLEWARE, "model-gateway-prefix");
    const [regex] = at(prefix, "stripPrefixRegex.regex") as string[];
    assert.equal("/llama-70b/v1/models".replace(new RegExp(regex ?? ""), ""), "/v1/models");
  });

  it("L29 L30: serves HTTPS alone, under the class that Traefik attends to, by the host's certificate", async () => {
    const route = spec(await gateway(), ROUTE, "llama-70b");
    assert.deepEqual(at(route, "entryPoints"), ["websecure"]);
    assert.equal(at(route, "ingressClassName"), "nginx");
    assert.deepEqual(at(route, "tls"), { secretName: "model-gateway-tls" });
  });

  it("L53: asks for one certificate of the host, renewed by a share of its life, only where an issuer is named", async () => {
    assert.equal((await gateway()).ofType(CERTIFICATE).length, 0);
    const graph = await gateway({
      traefik: { controllerReady: "ready", counter: COUNTER, issuerName: "letsencrypt", issuerReady: "ready" },
    });
    const { inputs } = graph.one(CERTIFICATE);
    assert.deepEqual(inputs.spec, {
      secretName: "model-gateway-tls",
      dnsNames: ["api.example.com"],
      renewBeforePercentage: 33,
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      issuerRef: { name: "letsencrypt", kind: "ClusterIssuer", group: "cert-manager.io" },
    });
    // Whether and when an authority answers is nothing to wait for.
    assert.equal(at(inputs, "metadata.annotations"), undefined);
  });

  it("L29: counts 100 requests a minute of a client in one place for all pods, by the address of the connection", async () => {
    const graph = await gateway();
    assert.deepEqual(spec(graph, MIDDLEWARE, "model-gateway-limit"), {
      rateLimit: {
        average: 100,
        period: "1m",
        burst: 3,
        sourceCriterion: { ipStrategy: { depth: 0 } },
        redis: {
          endpoints: ["redis.example.internal:6379"],
          db: 1,
          secret: "model-gateway-limit",
          tls: { insecureSkipVerify: false },
          dialTimeout: "1s",
          readTimeout: "1s",
          writeTimeout: "1s",
        },
      },
    });
    const route = spec(graph, ROUTE, "llama-70b");
    assert.deepEqual(at(route, "routes[0].middlewares"), [
      { name: "model-gateway-limit" },
      { name: "model-gateway-prefix" },
    ]);
  });

  it("keeps the counting server's password in a Secret, which follows the server", async () => {
    const graph = await graphOf(() => {
      const opts = explicitProviders();
      const server = new aws.sqs.Queue("server");
      new ModelGateway(
        "gateway",
        { ...MINIMAL, traefik: { controllerReady: "ready", counter: { ...COUNTER, ready: ready([server]) } } },
        opts,
      );
    });
    const secret = graph.one(SECRET, "gateway-secret-model-gateway-limit");
    assert.deepEqual(secret.inputs.metadata, { name: "model-gateway-limit", namespace: "models" });
    assert.deepEqual(secretPaths(secret), ["data"]);
    assert.equal(at(revealed(secret.inputs), "data.username"), Buffer.from("default").toString("base64"));
    assert.ok(graph.waitsFor(secret, graph.one(QUEUE, "server")));
    for (const resource of graph.resources) assert.deepEqual(plainPathsWith(resource, "hunter2"), []);
  });

  it("counts by somebody else's Secret, or without a password, where told", async () => {
    const by = async (counter: ModelGatewayCounterArgs) => {
      const graph = await gateway({ traefik: { controllerReady: "ready", counter } });
      assert.equal(graph.ofType(SECRET).length, 0);
      return at(spec(graph, MIDDLEWARE, "model-gateway-limit"), "rateLimit.redis") as Record<string, unknown>;
    };
    const named = await by({ host: "cache", port: 6380, database: 5, secretName: "cache-login" });
    assert.deepEqual([named.endpoints, named.db, named.secret], [["cache:6380"], 5, "cache-login"]);
    const open = await by({ host: "cache", tls: false });
    assert.deepEqual([open.secret, open.tls], [undefined, undefined]);
  });

  it("L30: lets answers take as long as they may, and closes connections before a server does", async () => {
    const graph = await gateway({ requestTimeoutSeconds: 900 });
    assert.deepEqual(spec(graph, TRANSPORT, "model-gateway"), {
      forwardingTimeouts: { dialTimeout: "5s", responseHeaderTimeout: "900s", idleConnTimeout: "4s" },
    });
    assert.equal(at(spec(graph, ROUTE, "llama-70b"), "routes[0].services[0].serversTransport"), "model-gateway");
  });

  it("L27: keeps callers with a replica by address or cookie, and otherwise goes where less is under way", async () => {
    const service = async (stickiness?: ModelStickiness) =>
      at(spec(await gateway({ stickiness }), ROUTE, "llama-70b"), "routes[0].services[0]") as Record<string, unknown>;
    assert.equal((await service()).strategy, "p2c");
    assert.deepEqual(
      [(await service(ModelStickiness.ClientAddress)).strategy, (await service(ModelStickiness.ClientAddress)).sticky],
      ["hrw", undefined],
    );
    assert.deepEqual((await service(ModelStickiness.Cookie)).sticky, {
      cookie: {
        name: "replica-llama-70b",
        path: "/llama-70b",
        secure: true,
        httpOnly: true,
        sameSite: "strict",
        maxAge: 3600,
      },
    });
  });

  it("answers browsers of the named origins, before it counts", async () => {
    const graph = await gateway({ corsOrigins: ["https://app.example.com"] });
    const headers = at(spec(graph, MIDDLEWARE, "model-gateway-origins"), "headers");
    assert.deepEqual(at(headers, "accessControlAllowOriginList"), ["https://app.example.com"]);
    assert.equal(at(headers, "accessControlAllowCredentials"), false);
    assert.equal(at(spec(graph, ROUTE, "llama-70b"), "routes[0].middlewares[0].name"), "model-gateway-origins");
    assert.equal((await gateway()).ofType(MIDDLEWARE).length, 2);
  });

  it("leads to a router by the body's model, without its open list of models", async () => {
    const graph = await gateway({ router: { serviceName: "model-router" } });
    const rule = String(at(spec(graph, ROUTE, "model-router"), "routes[0].match"));
    assert.ok(lets(rule, "api.example.com", "/v1/chat/completions"));
    assert.ok(!lets(rule, "api.example.com", "/v1/models") && !lets(rule, "api.example.com", "/sleep"));
    assert.deepEqual(at(spec(graph, ROUTE, "model-router"), "routes[0].middlewares"), [
      { name: "model-gateway-limit" },
    ]);
  });

  it("leads to a canary's own division of requests", async () => {
    const graph = await gateway({ routes: [{ server: "llama-70b", serviceName: "llama-70b", weighted: true }] });
    assert.deepEqual(at(spec(graph, ROUTE, "llama-70b"), "routes[0].services"), [
      { kind: "TraefikService", name: "llama-70b" },
    ]);
  });

  it("L26 L28: makes no load balancer and no Service, and routes only once middlewares are there", async () => {
    const graph = await graphOf(() => {
      const opts = explicitProviders();
      const traefik = new aws.sqs.Queue("traefik");
      const made = new ModelGateway(
        "gateway",
        { ...MINIMAL, traefik: { controllerReady: ready([traefik]), counter: COUNTER } },
        opts,
      );
      new aws.sqs.Queue("consumer", {}, { dependsOn: behind(made.ready) });
    });
    const children = graph.childrenOf(graph.component("ModelGateway"));
    assert.ok(children.every(({ type }) => !/Service$|loadBalancer|Ingress$/.test(type)));
    const route = graph.one(ROUTE);
    for (const earlier of [...graph.ofType(MIDDLEWARE), graph.one(QUEUE, "traefik")])
      assert.ok(graph.waitsFor(route, earlier));
    assert.ok(graph.waitsFor(graph.one(QUEUE, "consumer"), route));
    assert.deepEqual(graph.component("ModelGateway").outputs, { url: "https://api.example.com", ready: "ready" });
    for (const { provider } of children) assert.match(provider, /::kubernetes::/);
  });

  it("plans with everything unknown", async () => {
    const graph = await graphOf(
      () => {
        const opts = explicitProviders();
        const redis = new aws.elasticache.ReplicationGroup("redis", { description: "redis" });
        const counter = { ...COUNTER, host: redis.primaryEndpointAddress };
        new ModelGateway("gateway", { ...MINIMAL, traefik: { controllerReady: "ready", counter } }, opts);
      },
      { outputs: "unknown" },
    );
    assert.deepEqual(unknownPaths(graph.one(MIDDLEWARE, "gateway-middleware-model-gateway-limit")), [
      "spec.rateLimit.redis.endpoints[0]",
    ]);
    assert.deepEqual(unknownPaths(graph.one(ROUTE)), []);
  });

  it("refuses what cannot work, all at once", async () => {
    assert.equal(
      await refused({
        host: "https://api.example.com",
        routes: [
          { server: "model-router", serviceName: "a" },
          { server: "Llama", serviceName: "b" },
        ],
        requestsPerMinutePerClient: 0,
        requestTimeoutSeconds: 5000,
        corsOrigins: ["*", "https://app.example.com/"],
        traefik: { controllerReady: "ready", counter: { ...COUNTER, secretName: "mine", database: 16 } },
      }),
      'ModelGateway "gateway" cannot be built from these arguments:\n' +
        "  host: must be a lower-case host name (got https://api.example.com). Write it like api.example.com, without scheme or port.\n" +
        "  routes[0].server: must be another name: objects or paths of the gateway have this one (got model-router). Rename the server.\n" +
        "  routes[1].server: must be a DNS label of at most 40 characters that begins with a letter, listed once (got Llama). Rename the server.\n" +
        "  requestsPerMinutePerClient: must be a whole number from 1 to 60000 (got 0). Leave it out for the default.\n" +
        "  requestTimeoutSeconds: must be a whole number from 30 to 3500 (got 5000). Leave it out for the default.\n" +
        "  traefik.counter.database: must be a whole number from 0 to 15 (got 16). Leave it out for the default.\n" +
        "  corsOrigins[0]: must be an origin (scheme and host, without a path), or * alone (got *). Write it like https://app.example.com.\n" +
        "  corsOrigins[1]: must be an origin (scheme and host, without a path), or * alone (got https://app.example.com/). Write it like https://app.example.com.\n" +
        "  traefik.counter: takes a login or the name of a Secret, not both (got mine). Keep one of login, secretName.",
    );
    assert.match(
      await refused({ traefik: undefined }),
      /controller: exactly one of traefik, alb must be given \(got none\)/,
    );
    assert.match(await refused({ routes: [] }), /routes: must name a model server, or there must be a router/);
  });
});
