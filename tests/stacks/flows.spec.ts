import assert from "node:assert/strict";
import type { Flow, FlowPeer } from "../../components";
import { ingressContract } from "../../components";
import { dnsFlow } from "../../components/internal/network-flows";
import { chartPodLabels, jobPodLabels, LangfuseJobRole } from "../../components/langfuse/langfuse-names";
import { platformFlows } from "../../stacks/flows";
import type { ModelFlowOptions } from "../../stacks/llm/flow-table";
import { NAMESPACES, type NamespaceRole } from "../../stacks/namespaces";
import { type Connection, connectionsOf, isAllowed, lastOf, needless, type Policies } from "../support/connections";
import type { Graph } from "../support/graph";
import { allows, type End, policiesOf } from "../support/network-policy";
import { STACKS, stackOf } from "../support/stacks";

/** The namespaces of ours that a stack has. */
function rolesOf(graph: Graph): NamespaceRole[] {
  const made = graph.ofType("kubernetes:core/v1:Namespace").map(({ inputs }) => JSON.stringify(inputs.metadata));
  const roles = Object.keys(NAMESPACES) as NamespaceRole[];
  return roles.filter((role) => made.some((metadata) => metadata.includes(`"name":"${NAMESPACES[role]}"`)));
}

/** The table of a stack, as plain data: addresses are read from what the stack makes. */
function tableOf(graph: Graph): Flow[] {
  const cidrs = (role: string) =>
    graph
      .ofType("aws:ec2/subnet:Subnet")
      .filter(({ name }) => name.startsWith(`network-${role}-`))
      .map(({ inputs }) => String(inputs.cidrBlock));
  const vpc = String(graph.one("aws:ec2/vpc:Vpc").inputs.cidrBlock);
  const stores = { addresses: { cidrs: cidrs("data") } };
  const roles = rolesOf(graph);
  const flows = platformFlows({
    addresses: {
      apiServer: ["172.20.0.0/16", ...cidrs("private")],
      controlPlane: cidrs("private"),
      nodes: cidrs("private"),
      clients: ["0.0.0.0/0", vpc],
    },
    namespaces: roles,
    ingress: ingressContract("traefik"),
    langfuse: {
      postgres: stores,
      redis: stores,
      clickhouse: { pods: { namespace: NAMESPACES.data, labels: { "clickhouse.altinity.com/chi": "langfuse" } } },
    },
    clickhouse: "langfuse",
    podIdentity: true,
    models: roles.includes("models") ? modelsOf(graph, stores) : undefined,
  });
  return [...flows, ...roles.map((role) => dnsFlow(NAMESPACES[role]))];
}

/** What the committed stacks ask of models; more of it in model-flows.spec.ts. */
function modelsOf(graph: Graph, stores: FlowPeer): ModelFlowOptions {
  return {
    router: graph.ofType("llm-platform:index:ModelRouter").length > 0,
    tester: false,
    counter: { to: stores, port: 6379 },
    http01Solver: false,
    podIdentity: true,
  };
}

const web: End = { namespace: "langfuse", labels: chartPodLabels("langfuse", "web") };
const worker: End = { namespace: "langfuse", labels: chartPodLabels("langfuse", "worker") };
const job = (role: LangfuseJobRole): End => ({ namespace: "langfuse", labels: jobPodLabels("langfuse", role) });
const clickhouse: End = { namespace: "langfuse-data", labels: { "clickhouse.altinity.com/chi": "langfuse" } };
const keeper: End = { namespace: "langfuse-data", labels: { "clickhouse-keeper.altinity.com/chk": "langfuse" } };
const operator: End = {
  namespace: "langfuse-data",
  labels: { "app.kubernetes.io/name": "altinity-clickhouse-operator" },
};
const traefik: End = { namespace: "ingress", labels: ingressContract("traefik")?.podLabels ?? {} };
const keda: End = { namespace: "keda", labels: { app: "keda-operator" } };
const prometheus: End = { namespace: "monitoring", labels: { app: "any" } };
const stranger: End = { namespace: "default", labels: { app: "stranger" } };
const internet: End = { address: "8.8.8.8" };
const metadata: End = { address: "169.254.169.254" };
const apiServer: End = { address: "172.20.0.1" };

/** What must stay shut, whatever is added to the table: who, to whom, on which port. */
function forbidden(stores: End): [string, End, End, number][] {
  return [
    ["web reads the node's metadata", web, metadata, 80],
    ["worker reads the node's metadata", worker, metadata, 443],
    ["web speaks to Keeper", web, keeper, 2181],
    ["web calls the API server's own port", web, apiServer, 6443],
    ["worker calls web", worker, web, 3000],
    ["web calls worker", web, worker, 3030],
    ["web speaks ClickHouse's native protocol", web, clickhouse, 9000],
    ["web poses as a replica", web, clickhouse, 9009],
    ["migrations reach Redis", job(LangfuseJobRole.Migrations), stores, 6379],
    ["the roles Job reaches ClickHouse", job(LangfuseJobRole.Roles), clickhouse, 9000],
    ["the smoke Job reaches PostgreSQL", job(LangfuseJobRole.Smoke), stores, 5432],
    ["migrations reach the internet", job(LangfuseJobRole.Migrations), internet, 443],
    ["web sends mail that nobody asked for", web, internet, 587],
    ["ClickHouse reaches the internet", clickhouse, internet, 443],
    ["ClickHouse reaches PostgreSQL", clickhouse, stores, 5432],
    ["ClickHouse asks the API server", clickhouse, apiServer, 443],
    ["ClickHouse takes an identity", clickhouse, { address: "169.254.170.23" }, 80],
    ["the operator reaches the internet", operator, internet, 443],
    ["Keeper reaches the internet", keeper, internet, 443],
    ["Keeper calls ClickHouse", keeper, clickhouse, 8123],
    ["the ingress controller reaches ClickHouse", traefik, clickhouse, 8123],
    ["the ingress controller reaches PostgreSQL", traefik, stores, 5432],
    ["the ingress controller reaches the worker", traefik, worker, 3030],
    ["KEDA reaches PostgreSQL", keda, stores, 5432],
    ["KEDA reaches the internet", keda, internet, 443],
    ["Prometheus reads tables", prometheus, clickhouse, 8123],
    ["Prometheus reaches PostgreSQL", prometheus, stores, 5432],
    ["a stranger reaches ClickHouse", stranger, clickhouse, 8123],
    ["a stranger reaches Keeper", stranger, keeper, 2181],
    ["a stranger reaches web past the ingress", stranger, web, 3000],
    ["a stranger reads the operator's metrics", stranger, operator, 8888],
    ["a stranger asks KEDA", stranger, keda, 9666],
    ["the internet reaches web past the ingress", internet, web, 3000],
    ["the internet reads the controller's metrics", internet, traefik, 9100],
    ["the internet calls a webhook", internet, { namespace: "cert-manager", labels: { app: "any" } }, 10250],
  ];
}

for (const stack of STACKS) {
  describe(`flows of ${stack}`, () => {
    let policies: Policies;
    let connections: Connection[];
    let stores: End;
    let roles: NamespaceRole[];
    before(async () => {
      const { graph } = await stackOf(stack);
      roles = rolesOf(graph);
      policies = policiesOf(graph.resources);
      connections = connectionsOf(tableOf(graph));
      const subnet = graph.one("aws:ec2/subnet:Subnet", "network-data-us-east-1b");
      stores = { address: lastOf(String(subnet.inputs.cidrBlock)) };
    });

    it("are all allowed", () => {
      assert.ok(connections.length > 100);
      for (const connection of connections) assert.ok(isAllowed(policies, connection), connection.what);
    });

    it("are the only ones", () => {
      for (const [what, from, to, port] of forbidden(stores)) assert.ok(!allows(policies, from, to, port), what);
    });

    it("need every policy: without any one of them a flow breaks", () => {
      assert.deepEqual(needless(policies, connections), []);
    });

    it("are closed by default in every namespace of ours, in both directions", () => {
      for (const role of roles) {
        const everything = policies.filter(
          ({ namespace, spec }) =>
            namespace === NAMESPACES[role] &&
            Object.keys(spec.podSelector).length === 0 &&
            spec.ingress === undefined &&
            spec.egress === undefined,
        );
        assert.deepEqual(
          everything.map(({ spec }) => spec.policyTypes),
          [["Ingress", "Egress"]],
          role,
        );
        const newcomer = { namespace: NAMESPACES[role], labels: { app: "newcomer" } };
        assert.ok(!allows(policies, stranger, newcomer, 12345) && !allows(policies, newcomer, internet, 12345), role);
      }
    });
  });
}
