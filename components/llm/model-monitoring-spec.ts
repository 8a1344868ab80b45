import { MODEL_ROUTER } from "./model-gateway-names";
import { MODEL_MONITOR } from "./model-metrics";
import { MODEL_SERVER_LABEL } from "./model-names";
import { ROUTER_SELECTOR } from "./model-router-manifests";

/** How the operator spells a pod's label for relabelling. */
function podLabel(label: string): string {
  return `__meta_kubernetes_pod_label_${label.replace(/[^a-zA-Z0-9_]/g, "_")}`;
}

/** Every ten seconds, so that what scaling decides by is at most that old; metrics come by the port that answers requests. */
const ENDPOINT = { port: "http", path: "/metrics", interval: "10s", scrapeTimeout: "5s" };

/** Specs of PodMonitors by name. The names are part of `job`, by which queries tell servers and router apart. */
export function modelMonitorSpecs(router: boolean): Record<string, object> {
  const relabelings = [
    { sourceLabels: [podLabel(MODEL_SERVER_LABEL)], targetLabel: "model_server", action: "replace" },
    { sourceLabels: [podLabel("app")], targetLabel: "app", action: "replace" },
  ];
  return {
    [MODEL_MONITOR]: {
      selector: { matchExpressions: [{ key: MODEL_SERVER_LABEL, operator: "Exists" }] },
      podMetricsEndpoints: [{ ...ENDPOINT, relabelings }],
    },
    ...(router
      ? { [MODEL_ROUTER]: { selector: { matchLabels: ROUTER_SELECTOR }, podMetricsEndpoints: [ENDPOINT] } }
      : {}),
  };
}
