import type { Flow, FlowPeer, IngressContract } from "../../components";
import { type ModelFlowEnds, modelFlows } from "../../components";
import { pods } from "../flow-peers";
import { NAMESPACES } from "../namespaces";

/** What the rows of models depend on. */
export interface ModelFlowOptions extends Pick<ModelFlowEnds, "multiNodeServers" | "traces" | "podIdentity" | "https"> {
  /** Whether there is a router. */
  readonly router: boolean;
  /** Whether new versions are tried out, before or while callers reach them. */
  readonly tester: boolean;
  /** Where the ingress controller counts requests; undefined where AWS WAF does. */
  readonly counter?: { readonly to: FlowPeer; readonly port: number };
  /** Whether the host's name is proved over HTTP. */
  readonly http01Solver: boolean;
}

/** What the rows share with the rest of the table. */
export interface SharedFlowEnds {
  readonly ingress?: IngressContract;
  /** Addresses of an Application Load Balancer, and of its clients. */
  readonly clients: FlowPeer;
  readonly apiServer: FlowPeer;
}

/** Labels of pods that try out new versions: the load tester, and smoke Jobs beside the models. */
export const TESTER_PODS = { "llm-platform/role": "load-tester" };

/** Who talks to whom where models are served. */
export function llmFlows(options: ModelFlowOptions, shared: SharedFlowEnds): Flow[] {
  const controller = shared.ingress && pods("ingress", shared.ingress.podLabels);
  // A load balancer of AWS connects to the pods from its own addresses.
  const front: Record<string, FlowPeer> = controller ? { ingress: controller } : { "load-balancer": shared.clients };
  return [
    ...modelFlows({
      ...options,
      namespace: NAMESPACES.models,
      callers: {
        ...front,
        ...(options.tester ? { tester: pods("models", TESTER_PODS) } : {}),
      },
      routerCallers: options.router ? front : undefined,
      apiServer: shared.apiServer,
      monitoring: pods("monitoring"),
      counter: controller && options.counter ? { from: controller, ...options.counter } : undefined,
      http01Caller: options.http01Solver ? controller : undefined,
    }),
    { name: "monitoring-gpus", from: pods("monitoring"), to: pods("gpuRuntime"), ports: [{ port: 9400 }] },
  ];
}
