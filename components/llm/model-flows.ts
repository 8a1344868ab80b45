import { type Flow, type FlowPeer, type FlowPort, podIdentityFlow } from "../internal/network-flows";
import { MODEL_PORT, modelServerSelector } from "./model-names";
import { ROUTER_SELECTOR } from "./model-router-manifests";

/** Labels of all model servers' pods, whatever the server. */
export const MODEL_SERVER_PODS = { "app.kubernetes.io/component": "model-server" };

/** Labels of the pods of import Jobs. */
export const MODEL_IMPORT_PODS = { "app.kubernetes.io/component": "model-import" };

/** What cert-manager puts on the pod that answers an HTTP challenge. */
const HTTP01_SOLVER = { "acme.cert-manager.io/http01-solver": "true" };

/** Link-local addresses hold the node's metadata, which no pod of ours may read. */
const ANYWHERE: FlowPeer = { addresses: { cidrs: ["0.0.0.0/0"], except: ["169.254.0.0/16"] } };

/** Where the other ends of models' connections are; plain data. */
export interface ModelFlowEnds {
  /** Namespace of the models. */
  readonly namespace: string;
  /** Who calls model servers, by a short name that becomes part of the flow's: the ingress controller, a load tester. */
  readonly callers: Readonly<Record<string, FlowPeer>>;
  /** Who calls the router, likewise. Default nobody: there is no router. */
  readonly routerCallers?: Readonly<Record<string, FlowPeer>>;
  /** The API server, which the router asks for pods; needed with `routerCallers`. */
  readonly apiServer?: FlowPeer;
  /** Prometheus. Default none. */
  readonly monitoring?: FlowPeer;
  /** Servers whose replicas are groups of pods on several nodes. Default none. */
  readonly multiNodeServers?: readonly string[];
  /** Where weights come from and go to: anything on 443. Default any address except link-local ones. */
  readonly https?: FlowPeer;
  /** Where traces go, by a short name that becomes part of the flow's. Default nowhere. */
  readonly traces?: Readonly<Record<string, ModelTraceEnd>>;
  /** Whether pods get AWS credentials from EKS Pod Identity. */
  readonly podIdentity: boolean;
  /** Where requests are counted. Default: not by us. */
  readonly counter?: ModelCounterEnds;
  /** Who asks pods that prove the host's name over HTTP. Default: nobody does. */
  readonly http01Caller?: FlowPeer;
}

/** A collector of traces. */
export interface ModelTraceEnd {
  readonly to: FlowPeer;
  readonly port: number;
}

/** The ingress controller, and the server where it counts. */
export interface ModelCounterEnds {
  readonly from: FlowPeer;
  readonly to: FlowPeer;
  readonly port: number;
}

/** Every connection that models open or accept. Names are a flow of the namespace; volumes are mounted by the nodes. */
export function modelFlows(ends: ModelFlowEnds): Flow[] {
  const pods = (labels: Record<string, string>): FlowPeer => ({ pods: { namespace: ends.namespace, labels } });
  const servers = pods(MODEL_SERVER_PODS);
  const imports = pods(MODEL_IMPORT_PODS);
  const https = ends.https ?? ANYWHERE;
  const { monitoring, traces, counter, http01Caller } = ends;
  return [
    ...Object.entries(ends.callers).map(([name, from]) => flow(`${name}-models`, from, servers)),
    ...routerFlows(ends, pods(ROUTER_SELECTOR), servers),
    ...(monitoring ? [flow("monitoring-models", monitoring, servers)] : []),
    ...(ends.multiNodeServers ?? []).map((server) => groupFlow(server, pods(modelServerSelector(server)))),
    flow("models-https", servers, https, [{ port: 443 }]),
    flow("imports-https", imports, https, [{ port: 443 }]),
    ...Object.entries(traces ?? {}).map(([name, { to, port }]) => flow(`traces-${name}`, servers, to, [{ port }])),
    ...(ends.podIdentity ? identityFlows(ends.namespace) : []),
    ...(counter ? [flow("ingress-counter", counter.from, counter.to, [{ port: counter.port }])] : []),
    ...(http01Caller ? [flow("ingress-models-solver", http01Caller, pods(HTTP01_SOLVER), [{ port: 8089 }])] : []),
  ];
}

function routerFlows(ends: ModelFlowEnds, router: FlowPeer, servers: FlowPeer): Flow[] {
  if (ends.routerCallers === undefined) return [];
  return [
    ...Object.entries(ends.routerCallers).map(([name, from]) => flow(`${name}-router`, from, router)),
    flow("router-models", router, servers),
    ...(ends.apiServer ? [flow("router-api-server", router, ends.apiServer, [{ port: 443 }, { port: 6443 }])] : []),
    ...(ends.monitoring ? [flow("monitoring-router", ends.monitoring, router)] : []),
  ];
}

/** Pods of a group speak on ports that their libraries choose, and nothing of it is encrypted: among themselves alone. */
function groupFlow(server: string, group: FlowPeer): Flow {
  return flow(`group-${server}`, group, group, [{ port: 1024, through: 65535 }]);
}

function identityFlows(namespace: string): Flow[] {
  return [
    { ...podIdentityFlow(namespace, MODEL_SERVER_PODS), name: `${namespace}-servers-pod-identity` },
    { ...podIdentityFlow(namespace, MODEL_IMPORT_PODS), name: `${namespace}-imports-pod-identity` },
  ];
}

function flow(name: string, from: FlowPeer, to: FlowPeer, ports: FlowPort[] = [{ port: MODEL_PORT }]): Flow {
  return { name, from, to, ports };
}
