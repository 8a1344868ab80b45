import type { Flow, FlowPeer } from "../internal/network-flows";
import { chartPodLabels, jobPodLabels, LangfuseJobRole, WEB_PORT } from "./langfuse-names";

/** Where the other ends of Langfuse's connections are; plain data. */
export interface LangfuseFlowEnds {
  /** Langfuse's namespace. */
  readonly namespace: string;
  /** Default `langfuse`. */
  readonly releaseName?: string;
  /** The database. */
  readonly postgres: FlowPeer;
  /** Default 5432. */
  readonly postgresPort?: number;
  /** The queues. */
  readonly redis: FlowPeer;
  /** Default 6379. */
  readonly redisPort?: number;
  /** The ClickHouse servers. */
  readonly clickhouse: FlowPeer;
  /** Default 8123. */
  readonly clickhouseHttpPort?: number;
  /** Default 9000. */
  readonly clickhouseNativePort?: number;
  /** Buckets, identity providers, models: anything on 443. Default: any address except link-local ones. */
  readonly https?: FlowPeer;
  /** The ingress controller's pods. Default: nobody enters. */
  readonly ingressController?: FlowPeer;
  /** KEDA's operator, which reads the queues from Redis. Default none. */
  readonly autoscaler?: FlowPeer;
  /** The mail server, when mail is on. Default none. */
  readonly smtp?: FlowPeer;
  /** Default 587. */
  readonly smtpPort?: number;
  /** Whether certificates are proven over HTTP in this namespace. Default false. */
  readonly http01Solver?: boolean;
}

/** Link-local addresses hold the node's metadata, which no pod of ours may read. */
const ANYWHERE: FlowPeer = { addresses: { cidrs: ["0.0.0.0/0"], except: ["169.254.0.0/16"] } };

/** Every connection that Langfuse opens or accepts. Names and the pods' AWS credentials are flows of the namespace. */
export function langfuseFlows(ends: LangfuseFlowEnds): Flow[] {
  const release = ends.releaseName ?? "langfuse";
  const pods = (labels: Record<string, string>): FlowPeer => ({ pods: { namespace: ends.namespace, labels } });
  const web = pods(chartPodLabels(release, "web"));
  const solver = pods(HTTP01_SOLVER);
  const flow = (name: string, from: FlowPeer, to: FlowPeer, port: number): Flow => ({
    name: `${release}-${name}`,
    from,
    to,
    ports: [{ port }],
  });
  const { ingressController: controller, autoscaler } = ends;
  return [
    ...applicationFlows(ends, flow, { web, worker: pods(chartPodLabels(release, "worker")) }),
    ...jobFlows(ends, flow, (role) => pods(jobPodLabels(release, role)), web),
    ...(controller ? [flow("ingress-web", controller, web, WEB_PORT)] : []),
    ...(controller && ends.http01Solver ? [flow("ingress-solver", controller, solver, 8089)] : []),
    ...(autoscaler ? [flow("autoscaler-redis", autoscaler, ends.redis, ends.redisPort ?? 6379)] : []),
  ];
}

type MakeFlow = (name: string, from: FlowPeer, to: FlowPeer, port: number) => Flow;

function applicationFlows(ends: LangfuseFlowEnds, flow: MakeFlow, pods: Record<string, FlowPeer>): Flow[] {
  return Object.entries(pods).flatMap(([component, peer]) => [
    flow(`${component}-postgres`, peer, ends.postgres, ends.postgresPort ?? 5432),
    flow(`${component}-redis`, peer, ends.redis, ends.redisPort ?? 6379),
    flow(`${component}-clickhouse`, peer, ends.clickhouse, ends.clickhouseHttpPort ?? 8123),
    flow(`${component}-https`, peer, ends.https ?? ANYWHERE, 443),
    ...(ends.smtp ? [flow(`${component}-smtp`, peer, ends.smtp, ends.smtpPort ?? 587)] : []),
  ]);
}

function jobFlows(
  ends: LangfuseFlowEnds,
  flow: MakeFlow,
  job: (role: LangfuseJobRole) => FlowPeer,
  web: FlowPeer,
): Flow[] {
  const { postgres, clickhouse } = ends;
  const sql = ends.postgresPort ?? 5432;
  return [
    flow("roles-postgres", job(LangfuseJobRole.Roles), postgres, sql),
    flow("migrations-postgres", job(LangfuseJobRole.Migrations), postgres, sql),
    // Only migrations speak the native protocol.
    flow("migrations-clickhouse", job(LangfuseJobRole.Migrations), clickhouse, ends.clickhouseNativePort ?? 9000),
    flow("smoke-clickhouse", job(LangfuseJobRole.Smoke), clickhouse, ends.clickhouseHttpPort ?? 8123),
    flow("smoke-web", job(LangfuseJobRole.Smoke), web, WEB_PORT),
  ];
}

/** What cert-manager puts on the pod that answers an HTTP challenge. */
const HTTP01_SOLVER = { "acme.cert-manager.io/http01-solver": "true" };
