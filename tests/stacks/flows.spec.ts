import assert from "node:assert/strict";
import type { Flow, FlowPeer } from "../../components";
import { ingressContract } from "../../components";
import { dnsFlow } from "../../components/internal/network-flows";
import { chartPodLabels, jobPodLabels, LangfuseJobRole } from "../../components/langfuse/langfuse-names";
import { platformFlows } from "../../stacks/flows";
import { NAMESPACES, type NamespaceRole } from "../../stacks/namespaces";
import type { Graph } from "../support/graph";
import { allows, type End, policiesOf } from "../support/network-policy";
import { STACKS, stackOf } from "../support/stacks";

type Policies = ReturnType<typeof policiesOf>;

/** A connection: who opens it, to whom, on which port. */
interface Connection {
  readonly what: string;
  readonly from: End;
  readonly to: End;
  readonly port: number;
  readonly protocol: string;
}

const ROLES: NamespaceRole[] = ["langfuse", "data", "ingress", "certManager", "externalDns", "keda", "monitoring"];

/** The table of a stack, as plain data: addresses are read from what the stack makes. */
function tableOf(graph: Graph): Flow[] {
  const cidrs = (role: string) =>
    graph
      .ofType("aws:ec2/subnet:Subnet")
      .filter(({ name }) => name.startsWith(`network-${role}-`))
      .map(({ inputs }) => String(inputs.cidrBlock));
  const vpc = String(graph.one("aws:ec2/vpc:Vpc").inputs.cidrBlock);
  const stores = { addresses: { cidrs: cidrs("data") } };
  const flows = platformFlows({
    addresses: {
      apiServer: ["172.20.0.0/16", ...cidrs("private")],
      controlPlane: cidrs("private"),
      nodes: cidrs("private"),
      clients: ["0.0.0.0/0", vpc],
    },
    namespaces: ROLES,
    ingress: ingressContract("traefik"),
    langfuse: {
      postgres: stores,
      redis: stores,
      clickhouse: { pods: { namespace: NAMESPACES.data, labels: { "clickhouse.altinity.com/chi": "langfuse" } } },
    },
    clickhouse: "langfuse",
    podIdentity: true,
  });
  return [...flows, ...ROLES.map((role) => dnsFlow(NAMESPACES[role]))];
}

/** Ends that a peer stands for: its pods, or one address in each of its ranges. */
function endsOf(peer: FlowPeer): End[] {
  if (peer.pods) return [{ namespace: peer.pods.namespace, labels: peer.pods.labels ?? { app: "any" } }];
  const cidrs = (peer.addresses?.cidrs ?? []) as string[];
  return cidrs.map((cidr) => ({ address: cidr === "0.0.0.0/0" ? "8.8.8.8" : lastOf(cidr) }));
}

/** An address inside a range, not its first. */
function lastOf(cidr: string): string {
  const [network = "", bits] = cidr.split("/");
  return bits === "32" ? network : network.replace(/\.\d+$/, ".77");
}

function connectionsOf(flows: readonly Flow[]): Connection[] {
  return flows.flatMap(({ name, from, to, ports }) =>
    endsOf(from).flatMap((source) =>
      endsOf(to).flatMap((target) =>
        ports.map(({ port, protocol = "TCP" }) => ({
          what: `${name} on ${protocol} ${port}`,
          from: source,
          to: target,
          port,
          protocol,
        })),
      ),
    ),
  );
}

function isAllowed(policies: Policies, { from, to, port, protocol }: Connection): boolean {
  return allows(policies, from, to, port, protocol);
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
    before(async () => {
      const { graph } = await stackOf(stack);
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
      policies.forEach((policy, index) => {
        // What denies by default is asked for below: where a namespace's other policies select every pod, it changes nothing.
        if (policy.spec.ingress === undefined && policy.spec.egress === undefined) return;
        const rest = policies.filter((_, other) => other !== index);
        const broken = connections.some((connection) => !isAllowed(rest, connection));
        assert.ok(broken, `nobody would miss ${JSON.stringify(policy)}`);
      });
    });

    it("are closed by default in every namespace of ours, in both directions", () => {
      for (const role of ROLES) {
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
