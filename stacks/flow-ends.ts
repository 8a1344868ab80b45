import * as pulumi from "@pulumi/pulumi";
import { CLICKHOUSE_PORTS, type FlowPeer, type ModelTraceEnd } from "../components";
import { CLICKHOUSE_INSTALLATION } from "./clickhouse";
import type { ClusterFoundation } from "./cluster-foundation";
import type { Context } from "./context";
import { anywhere } from "./flow-peers";
import type { FlowAddresses, FlowOptions } from "./flows";
import type { ModelFlowOptions } from "./llm/flow-table";
import { NAMESPACES } from "./namespaces";

/** Where flows outside the pods begin and end. */
export function flowAddresses({ settings }: Context, foundation: ClusterFoundation | undefined): FlowAddresses {
  if (foundation === undefined) {
    const apiServer = settings.cluster.existing?.apiServerCidrs ?? ["0.0.0.0/0"];
    return { apiServer, controlPlane: apiServer, nodes: ["0.0.0.0/0"], clients: settings.ingress.allowedCidrs };
  }
  const { network, cluster } = foundation;
  return {
    // The Service's address and, behind it, the control plane's own interfaces in the private subnets.
    apiServer: pulumi
      .all([cluster.serviceCidr, network.privateSubnetCidrs])
      .apply(([service, subnets]) => [service, ...subnets]),
    controlPlane: network.privateSubnetCidrs,
    nodes: network.privateSubnetCidrs,
    // Health checks come from the load balancer's own addresses in the VPC.
    clients: network.vpcCidr.apply((vpc) => [...new Set([...settings.ingress.allowedCidrs, vpc])]),
  };
}

/** Where Langfuse's stores are: pods, data subnets, or wherever the settings say. */
export function langfuseFlowEnds(context: Context, foundation: ClusterFoundation | undefined): FlowOptions["langfuse"] {
  const { postgres, redis, clickhouse, certificates, langfuse } = context.settings;
  const dataSubnets: FlowPeer | undefined = foundation && { addresses: { cidrs: foundation.network.dataSubnetCidrs } };
  const elsewhere = (existing: { readonly cidrs: string[] } | undefined): FlowPeer => ({
    addresses: { cidrs: existing?.cidrs ?? ["0.0.0.0/0"] },
  });
  return {
    postgres: postgres.create && dataSubnets ? dataSubnets : elsewhere(postgres.existing),
    postgresPort: postgres.existing?.port,
    redis: redis.create && dataSubnets ? dataSubnets : elsewhere(redis.existing),
    redisPort: redis.existing?.port,
    clickhouse: clickhouse.create
      ? { pods: { namespace: NAMESPACES.data, labels: { "clickhouse.altinity.com/chi": CLICKHOUSE_INSTALLATION } } }
      : elsewhere(clickhouse.existing),
    clickhouseHttpPort: clickhouse.existing?.httpPort ?? (clickhouse.create?.tls ? CLICKHOUSE_PORTS.https : undefined),
    clickhouseNativePort:
      clickhouse.existing?.nativePort ?? (clickhouse.create?.tls ? CLICKHOUSE_PORTS.nativeTls : undefined),
    smtpPort: langfuse.smtp?.port,
    smtp: langfuse.smtp ? { addresses: { cidrs: ["0.0.0.0/0"], except: ["169.254.0.0/16"] } } : undefined,
    http01Solver: certificates.solver === "http01",
  };
}

/** Where connections of models end; undefined where none are served. */
export function modelFlowEnds(
  context: Context,
  foundation: ClusterFoundation | undefined,
): ModelFlowOptions | undefined {
  const { llm, ingress, certificates, redis } = context.settings;
  if (!llm.enabled) return undefined;
  const { redis: to } = langfuseFlowEnds(context, foundation);
  return {
    router: llm.gateway.router.enabled,
    tester: Object.values(llm.models).some(
      ({ delivery: { canary, blueGreen } }) => canary !== undefined || blueGreen !== undefined,
    ),
    // An ALB counts by AWS WAF.
    counter: ingress.controller === "traefik" ? { to, port: redis.existing?.port ?? 6379 } : undefined,
    http01Solver: certificates.issuer.startsWith("letsencrypt") && certificates.solver === "http01",
    podIdentity: foundation !== undefined,
    multiNodeServers: Object.entries(llm.models).flatMap(([server, { workload }]) =>
      workload === "multiNode" ? [server] : [],
    ),
    traces: Object.fromEntries(
      Object.values(llm.models).flatMap(({ tracing }) => (tracing === undefined ? [] : [traceEnd(tracing.endpoint)])),
    ),
  };
}

/** The collector behind an endpoint: pods of a namespace where its name says so, any address otherwise. */
export function traceEnd(endpoint: string): [string, ModelTraceEnd] {
  const { hostname, port } = new URL(endpoint);
  const [, namespace] = /^[^.]+\.([^.]+)\.svc(\.|$)/.exec(hostname) ?? [];
  const to = namespace === undefined ? anywhere : { pods: { namespace } };
  return [`${namespace ?? "outside"}-${port}`, { to, port: Number(port) }];
}
