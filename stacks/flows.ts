import type * as pulumi from "@pulumi/pulumi";
import {
  CERT_MANAGER,
  type Flow,
  type FlowPeer,
  type IngressContract,
  type LangfuseFlowEnds,
  langfuseFlows,
  podIdentityFlow,
} from "../components";
import { clickhouseFlows } from "./clickhouse-flows";
import { DELIVERY_FLOWS } from "./delivery-flows";
import { anywhere, pods } from "./flow-peers";
import { llmFlows, type ModelFlowOptions } from "./llm/flow-table";
import { NAMESPACES, type NamespaceRole } from "./namespaces";

/** Addresses that flows begin or end at. */
export interface FlowAddresses {
  /** Where pods reach the API server: its Service, and its own network interfaces. */
  readonly apiServer: pulumi.Input<pulumi.Input<string>[]>;
  /** Where the API server's own connections (webhooks, aggregated APIs) come from. */
  readonly controlPlane: pulumi.Input<pulumi.Input<string>[]>;
  /** Nodes. */
  readonly nodes: pulumi.Input<pulumi.Input<string>[]>;
  /** Who may reach the ingress controller: clients, whose addresses the load balancer keeps, and the load balancer's health checks. */
  readonly clients: pulumi.Input<pulumi.Input<string>[]>;
}

/** What the table of flows depends on. */
export interface FlowOptions {
  readonly addresses: FlowAddresses;
  /** Roles of the namespaces that the stack makes. */
  readonly namespaces: readonly NamespaceRole[];
  /** The ingress controller; undefined when a load balancer of AWS talks to the pods directly. */
  readonly ingress?: IngressContract;
  /** Where Langfuse's stores are. */
  readonly langfuse: Omit<LangfuseFlowEnds, "namespace" | "ingressController" | "autoscaler">;
  /** Name of the ClickHouse and Keeper installations; undefined when ClickHouse is somebody else's. */
  readonly clickhouse?: string;
  /** Whether pods get AWS credentials from EKS Pod Identity. */
  readonly podIdentity: boolean;
  /** Models and what delivers them; undefined where none are served. */
  readonly models?: ModelFlowOptions;
}

/**
 * The one table of who talks to whom. Everything else is denied in our namespaces; each row becomes a policy at either end.
 * Name resolution is allowed everywhere, and the kubelet always reaches the pods of its node.
 */
export function platformFlows(options: FlowOptions): Flow[] {
  const { ingress, podIdentity } = options;
  const has = (role: NamespaceRole) => options.namespaces.includes(role);
  const rows: Flow[] = [
    ...langfuseFlows({
      ...options.langfuse,
      namespace: NAMESPACES.langfuse,
      ingressController: ingress ? pods("ingress", ingress.podLabels) : undefined,
      autoscaler: pods("keda", { app: "keda-operator" }),
    }),
    ...(podIdentity ? [podIdentityFlow(NAMESPACES.langfuse)] : []),
    ...(ingress === undefined ? albFlows(options) : ingressFlows(ingress, options)),
    ...(options.clickhouse === undefined ? [] : clickhouseFlows(options.clickhouse)),
    ...certManagerFlows(podIdentity),
    ...externalFlows("externalDns", podIdentity),
    ...externalFlows("externalSecrets", podIdentity),
    ...KEDA_FLOWS,
    ...MONITORING_FLOWS,
    ...modelRows(options),
    ...DELIVERY_FLOWS,
    ...apiServerFlows(options),
    nodeMetricsFlow(options),
  ];
  const absent = (peer: FlowPeer) =>
    (Object.keys(NAMESPACES) as NamespaceRole[]).some(
      (role) => peer.pods?.namespace === NAMESPACES[role] && !has(role),
    );
  return rows.filter(({ from, to }) => !absent(from) && !absent(to));
}

function modelRows({ models, ingress, addresses }: FlowOptions): Flow[] {
  if (models === undefined) return [];
  const clients: FlowPeer = { addresses: { cidrs: addresses.clients } };
  return llmFlows(models, { ingress, clients, apiServer: { addresses: { cidrs: addresses.apiServer } } });
}

/** The load balancer keeps clients' addresses, so the controller's pods see the world. */
function ingressFlows(ingress: IngressContract, { addresses }: FlowOptions): Flow[] {
  const controller = pods("ingress", ingress.podLabels);
  return [
    {
      name: "clients-ingress",
      from: { addresses: { cidrs: addresses.clients } },
      to: controller,
      ports: [{ port: ingress.httpPort }, { port: ingress.httpsPort }, { port: ingress.healthPort }],
    },
    { name: "monitoring-ingress", from: pods("monitoring"), to: controller, ports: [{ port: ingress.metricsPort }] },
  ];
}

/** An Application Load Balancer connects to the pods from its own addresses in the VPC. */
function albFlows({ addresses }: FlowOptions): Flow[] {
  return [
    {
      name: "load-balancer-langfuse",
      from: { addresses: { cidrs: addresses.clients } },
      to: pods("langfuse", { "app.kubernetes.io/name": "langfuse", "app.kubernetes.io/component": "web" }),
      ports: [{ port: 3000 }],
    },
  ];
}

function certManagerFlows(podIdentity: boolean): Flow[] {
  const namespace = NAMESPACES.certManager;
  return [
    // The certificate authority; port 80 and DNS because it looks for itself before it asks the authority to.
    {
      name: "cert-manager-authority",
      from: pods("certManager"),
      to: anywhere,
      ports: [{ port: 443 }, { port: 80 }, { port: 53 }, { port: 53, protocol: "UDP" }],
    },
    { name: "monitoring-cert-manager", from: pods("monitoring"), to: pods("certManager"), ports: [{ port: 9402 }] },
    // The post-install check asks the API server, whose webhook call is a row of its own.
    ...(podIdentity ? [podIdentityFlow(namespace)] : []),
  ];
}

/** Controllers that only speak to AWS. */
function externalFlows(role: "externalDns" | "externalSecrets", podIdentity: boolean): Flow[] {
  const namespace = NAMESPACES[role];
  return [
    { name: `${namespace}-aws`, from: pods(role), to: anywhere, ports: [{ port: 443 }] },
    {
      name: `monitoring-${namespace}`,
      from: pods("monitoring"),
      to: pods(role),
      ports: [{ port: role === "externalDns" ? 7979 : 8080 }],
    },
    ...(podIdentity ? [podIdentityFlow(namespace)] : []),
  ];
}

const KEDA_FLOWS: Flow[] = [
  // The metrics server asks the operator, over gRPC.
  {
    name: "keda-metrics",
    from: pods("keda", { app: "keda-operator-metrics-apiserver" }),
    to: pods("keda", { app: "keda-operator" }),
    ports: [{ port: 9666 }],
  },
  {
    name: "keda-prometheus",
    from: pods("keda", { app: "keda-operator" }),
    to: pods("monitoring"),
    ports: [{ port: 9090 }],
  },
  { name: "monitoring-keda", from: pods("monitoring"), to: pods("keda"), ports: [{ port: 8080 }] },
];

const MONITORING_FLOWS: Flow[] = [
  // Prometheus, Alertmanager and its peers, Grafana, exporters and the operator, among themselves.
  {
    name: "monitoring-internal",
    from: pods("monitoring"),
    to: pods("monitoring"),
    ports: [...[3000, 8080, 9090, 9093, 9094, 10250].map((port) => ({ port })), { port: 9094, protocol: "UDP" }],
  },
  // CoreDNS, VPC CNI, the autoscaler, the load balancer controller, metrics-server.
  {
    name: "monitoring-system",
    from: pods("monitoring"),
    to: { pods: { namespace: "kube-system" } },
    ports: [8080, 8085, 9153, 10250, 61678].map((port) => ({ port })),
  },
];

/** Kubelets and node exporters answer on the nodes' own addresses. */
function nodeMetricsFlow({ addresses }: FlowOptions): Flow {
  return {
    name: "monitoring-nodes",
    from: pods("monitoring"),
    to: { addresses: { cidrs: addresses.nodes } },
    ports: [{ port: 9100 }, { port: 10250 }],
  };
}

/** Ports on which the API server calls webhooks and aggregated APIs, by namespace. */
const SERVED_TO_API_SERVER: Partial<Record<NamespaceRole, number[]>> = {
  certManager: [CERT_MANAGER.webhookPort],
  externalSecrets: [10250],
  keda: [6443, 9443],
  leaderWorkerSets: [9443],
  monitoring: [10250],
};

/** What runs in these namespaces asks the API server nothing, but for rows of its own. */
const SILENT: readonly NamespaceRole[] = ["langfuse", "models"];

/** Controllers watch the API server, and it calls their webhooks. */
function apiServerFlows({ addresses, namespaces }: FlowOptions): Flow[] {
  const callers = namespaces.filter((role) => !SILENT.includes(role));
  return callers.flatMap((role) => {
    const namespace = NAMESPACES[role];
    const caller =
      role === "data" ? pods(role, { "app.kubernetes.io/name": "altinity-clickhouse-operator" }) : pods(role);
    const served = SERVED_TO_API_SERVER[role] ?? [];
    return [
      {
        name: `${namespace}-api-server`,
        from: caller,
        to: { addresses: { cidrs: addresses.apiServer } },
        ports: [{ port: 443 }, { port: 6443 }],
      },
      ...(served.length === 0
        ? []
        : [
            {
              name: `api-server-${namespace}`,
              from: { addresses: { cidrs: addresses.controlPlane } },
              to: pods(role),
              ports: served.map((port) => ({ port })),
            },
          ]),
    ];
  });
}
