import type { IngressControllerKind } from "../../components/edge/ingress-contract";
import { isReservedDomain } from "../../components/edge/reserved-domains";
import { effectiveModelLimits } from "../../components/llm/model-gateway-limits";
import type { Settings } from "./settings";

/** What the owner of a stack should know of the way to its models, one sentence each; none without models. */
export function gatewayNotices({ llm, ingress, dns, certificates }: Settings): string[] {
  if (!llm.enabled || llm.host === undefined) return [];
  const { gateway, host } = llm;
  const limits = effectiveModelLimits(ingress.controller as IngressControllerKind, gateway);
  return [
    ...limits.map((sentence) => `llm.gateway: ${sentence}`),
    ...(ingress.controller === "alb"
      ? [
          "llm.gateway: before models are switched off again, take the web ACL off the load balancer (docs/model-gateway.md).",
        ]
      : []),
    ...(gateway.router.enabled
      ? [
          "llm.gateway.router: the servers behind the router share one API key, and each pod of the router learns prompts for itself.",
        ]
      : []),
    ...(dns === undefined ? [`dns: no zone; point ${host} at the load balancer yourself.`] : []),
    ...(isReservedDomain(host) && ingress.controller === "alb"
      ? [
          `certificates: ${host} lies in a domain reserved for examples; the load balancer answers plain HTTP, and keys would pass in clear.`,
        ]
      : []),
    ...(isReservedDomain(host) && ingress.controller !== "alb" && certificates.issuer.startsWith("letsencrypt")
      ? [
          `certificates: ${host} lies in a domain reserved for examples; callers get the ingress controller's own certificate.`,
        ]
      : []),
    ...(llm.access.operators.length > 0
      ? ["llm.access.operators: who changes a workload can make it show the API key that it holds."]
      : []),
  ];
}
