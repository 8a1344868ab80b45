/** What callers may ask a model server for; all of it lies under `/v1`, which vLLM guards by the API key. */
export const MODEL_PATHS = ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/models"] as const;

/** What callers may ask the router for: its own list of models would be answered without a key. */
export const ROUTER_PATHS = ["/v1/chat/completions", "/v1/completions", "/v1/embeddings"] as const;

/** Names of what the gateway makes; those of its routes are the servers'. */
export const MODEL_GATEWAY = {
  /** Secret of the host's certificate, and its Certificate. */
  certificateSecret: "model-gateway-tls",
  /** Middleware that counts, and the Secret of the server where it counts. */
  limit: "model-gateway-limit",
  /** Middleware that answers browsers' questions about origins. */
  origins: "model-gateway-origins",
  /** Middleware that takes the server's name off a path. */
  prefix: "model-gateway-prefix",
  /** How Traefik speaks to servers. */
  transport: "model-gateway",
} as const;

/** Name of the router: its Deployment, Service, ServiceAccount and route. */
export const MODEL_ROUTER = "model-router";

/** Names that no model server may have: others' objects and paths have them. */
export const RESERVED_SERVER_NAMES = [MODEL_ROUTER, ...Object.values(MODEL_GATEWAY), "v1"];

/**
 * Regular expression for the label `exported_service` of Traefik's metrics, such as `traefik_service_requests_total`, of the
 * server's route: Traefik names it after namespace, IngressRoute and a hash of the rule.
 */
export function traefikServicePattern(namespace: string, server: string): string {
  return `${namespace}-${server}-[0-9a-f]{20}@kubernetescrd`;
}
