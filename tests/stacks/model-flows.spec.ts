import assert from "node:assert/strict";
import type { Flow, FlowPeer, IngressContract } from "../../components";
import { ingressContract } from "../../components";
import { dnsFlow } from "../../components/internal/network-flows";
import { MODEL_IMPORT_PODS } from "../../components/llm/model-flows";
import { modelPodLabels } from "../../components/llm/model-names";
import { ROUTER_LABELS } from "../../components/llm/model-router-manifests";
import { type FlowOptions, platformFlows } from "../../stacks/flows";
import type { ModelFlowOptions } from "../../stacks/llm/flow-table";
import { createNamespaces, NAMESPACES, type NamespaceRole } from "../../stacks/namespaces";
import { type Connection, connectionsOf, isAllowed, needless, type Policies } from "../support/connections";
import { graphOf } from "../support/graph";
import { allows, type End, policiesOf } from "../support/network-policy";
import { explicitProviders } from "../support/providers";

const ROLES: NamespaceRole[] = [
  "langfuse",
  "ingress",
  "keda",
  "monitoring",
  "models",
  "gpuRuntime",
  "leaderWorkerSets",
  "argoCd",
  "argoRollouts",
  "flagger",
];
const REDIS: FlowPeer = { addresses: { cidrs: ["10.20.96.0/22"] } };
const EVERYTHING: ModelFlowOptions = {
  router: true,
  tester: true,
  counter: { to: REDIS, port: 6379 },
  http01Solver: true,
  podIdentity: true,
  multiNodeServers: ["llama-405b"],
  traces: { "monitoring-4317": { to: { pods: { namespace: "monitoring" } }, port: 4317 } },
};

function optionsOf(models: ModelFlowOptions, ingress: IngressContract | undefined, roles = ROLES): FlowOptions {
  return {
    addresses: {
      apiServer: ["172.20.0.0/16", "10.20.0.0/20"],
      controlPlane: ["10.20.0.0/20"],
      nodes: ["10.20.0.0/20"],
      clients: ["203.0.113.0/24", "10.20.0.0/16"],
    },
    namespaces: roles,
    ingress,
    langfuse: { postgres: REDIS, redis: REDIS, clickhouse: REDIS },
    podIdentity: true,
    models,
  };
}

/** The policies that namespaces get of a table. */
async function policiesFor(flows: Flow[], roles: readonly NamespaceRole[] = ROLES): Promise<Policies> {
  const graph = await graphOf(() => createNamespaces(roles, flows, explicitProviders()));
  return policiesOf(graph.resources);
}

const traefik = ingressContract("traefik");
const pod = (role: NamespaceRole, labels: Record<string, string>): End => ({ namespace: NAMESPACES[role], labels });
const server = pod("models", modelPodLabels("llama-70b"));
const group = pod("models", modelPodLabels("llama-405b"));
const router = pod("models", ROUTER_LABELS);
const importer = pod("models", MODEL_IMPORT_PODS);
const controller = pod("ingress", traefik?.podLabels ?? {});
const prometheus = pod("monitoring", { app: "any" });
const tester = pod("models", { "llm-platform/role": "load-tester" });
const flagger = pod("flagger", { app: "flagger" });
const argoCd = pod("argoCd", { "app.kubernetes.io/name": "argocd-repo-server" });
const web = pod("langfuse", { "app.kubernetes.io/name": "langfuse", "app.kubernetes.io/component": "web" });
const stranger = pod("keda", { app: "stranger" });
const redis: End = { address: "10.20.96.77" };
const internet: End = { address: "8.8.8.8" };
const client: End = { address: "203.0.113.7" };
const metadata: End = { address: "169.254.169.254" };
const apiServer: End = { address: "172.20.0.1" };

/** What must stay shut, whatever is added to the table. */
const FORBIDDEN: [string, End, End, number][] = [
  ["a stranger reaches a model past the gateway", stranger, server, 8000],
  ["a stranger reaches the router past the gateway", stranger, router, 8000],
  ["a client reaches a model past the gateway", client, server, 8000],
  ["Langfuse reaches a model past the gateway", web, server, 8000],
  ["the ingress controller speaks to a model on another port", controller, server, 8001],
  ["a model calls another one", server, group, 8000],
  ["a model calls the router", server, router, 8000],
  ["a model asks the API server's own port", server, apiServer, 6443],
  ["a model reads the node's metadata", server, metadata, 443],
  ["a model reads the node's metadata by plain HTTP", server, metadata, 80],
  ["a model reaches the internet by plain HTTP", server, internet, 80],
  ["a model reaches Redis", server, redis, 6379],
  ["a model joins a group", server, group, 29500],
  ["a pod of a group reaches another server", group, server, 29500],
  ["an import reaches a model", importer, server, 8000],
  ["an import reads the node's metadata", importer, metadata, 443],
  ["an import asks the API server's own port", importer, apiServer, 6443],
  ["a model reaches an import", server, importer, 8000],
  ["the router reaches the internet", router, internet, 443],
  ["the router reaches Redis", router, redis, 6379],
  ["the router takes an identity", router, { address: "169.254.170.23" }, 80],
  ["Prometheus reaches Redis", prometheus, redis, 6379],
  ["the load tester reaches the internet", tester, internet, 443],
  ["the load tester reaches Prometheus's pushes", tester, prometheus, 9091],
  ["Flagger reaches a model itself", flagger, server, 8000],
  ["Argo CD reaches a model", argoCd, server, 8000],
  ["Argo CD reaches the internet by plain HTTP", argoCd, internet, 80],
  ["the ingress controller reaches Argo CD's repository server", controller, argoCd, 8081],
  ["a stranger reads GPU metrics", stranger, pod("gpuRuntime", { app: "any" }), 9400],
  ["a stranger reaches Argo CD's cache", stranger, pod("argoCd", { app: "redis" }), 6379],
];

describe("flows of models behind Traefik", () => {
  let policies: Policies;
  let connections: Connection[];
  before(async () => {
    const flows = platformFlows(optionsOf(EVERYTHING, traefik));
    policies = await policiesFor(flows);
    connections = connectionsOf([...flows, ...ROLES.map((role) => dnsFlow(NAMESPACES[role]))]);
  });

  it("are all allowed", () => {
    assert.ok(connections.length > 60);
    for (const connection of connections) assert.ok(isAllowed(policies, connection), connection.what);
  });

  it("L49 L50 L51: reach from the gateway to models, and from models to what they need", () => {
    const open: [string, End, End, number][] = [
      ["gateway", controller, server, 8000],
      ["gateway to router", controller, router, 8000],
      ["router", router, server, 8000],
      ["router finds pods", router, apiServer, 443],
      ["counting", controller, redis, 6379],
      ["metrics", prometheus, server, 8000],
      ["metrics of the router", prometheus, router, 8000],
      ["metrics of GPUs", prometheus, pod("gpuRuntime", { app: "any" }), 9400],
      ["buckets", server, internet, 443],
      ["Hugging Face", importer, internet, 443],
      ["identity", server, { address: "169.254.170.23" }, 80],
      ["identity of imports", importer, { address: "169.254.170.23" }, 80],
      ["traces", server, prometheus, 4317],
      ["a group", group, group, 29500],
      ["load tests", tester, server, 8000],
      ["load tests on command", flagger, tester, 8080],
      ["news of canaries", flagger, internet, 443],
      ["judging canaries", flagger, prometheus, 9090],
      ["proof of the name", controller, pod("models", { "acme.cert-manager.io/http01-solver": "true" }), 8089],
      ["webhook", { address: "10.20.0.77" }, pod("leaderWorkerSets", { app: "any" }), 9443],
    ];
    for (const [what, from, to, port] of open) assert.ok(allows(policies, from, to, port), what);
  });

  it("are the only ones", () => {
    for (const [what, from, to, port] of FORBIDDEN) assert.ok(!allows(policies, from, to, port), what);
  });

  it("need every policy: without any one of them a flow breaks", () => {
    assert.deepEqual(needless(policies, connections), []);
  });

  it("show a rule that was widened: each, open to everybody, breaks a door that must stay shut", () => {
    const doors = [
      [server, 8000],
      [router, 8000],
      [pod("gpuRuntime", { app: "any" }), 9400],
    ] as const;
    for (const [to, port] of doors) {
      const widened = policies.map((policy) =>
        policy.spec.ingress?.some(({ ports }) => ports?.some((each) => each.port === port)) &&
        policy.namespace === to.namespace
          ? { ...policy, spec: { ...policy.spec, ingress: [{ ports: [{ port, protocol: "TCP" }] }] } }
          : policy,
      );
      // Both ends must open: whoever sends is shut in by a policy of its own, an address outside is not.
      assert.ok(allows(widened, client, to, port) && !allows(policies, client, to, port));
    }
  });

  it("are closed by default in every namespace, in both directions", () => {
    for (const role of ROLES) {
      const newcomer = pod(role, { app: "newcomer" });
      assert.ok(!allows(policies, stranger, newcomer, 12345) && !allows(policies, newcomer, internet, 12345), role);
    }
  });
});

describe("flows of models behind an Application Load Balancer", () => {
  const roles = ROLES.filter((role) => role !== "ingress");
  let policies: Policies;
  before(async () => {
    policies = await policiesFor(
      platformFlows(optionsOf({ ...EVERYTHING, counter: undefined }, undefined, roles)),
      roles,
    );
  });

  it("L50: let its addresses reach models and the router on their port, and no pod of a stranger", () => {
    const balancer: End = { address: "10.20.3.4" };
    assert.ok(allows(policies, balancer, server, 8000) && allows(policies, balancer, router, 8000));
    assert.ok(!allows(policies, internet, server, 8000) && !allows(policies, balancer, server, 8001));
    assert.ok(!allows(policies, stranger, server, 8000));
  });
});

describe("flows without models", () => {
  it("hold no row of theirs", () => {
    const { models: _, ...rest } = optionsOf(EVERYTHING, traefik);
    const flows = platformFlows({ ...rest, namespaces: ["langfuse", "ingress", "keda", "monitoring"] });
    const theirs = ["models", "gpu-runtime", "argocd", "argo-rollouts", "flagger", "lws-system"];
    for (const { name, from, to } of flows) {
      assert.ok(!theirs.includes(from.pods?.namespace ?? "") && !theirs.includes(to.pods?.namespace ?? ""), name);
    }
  });
});
