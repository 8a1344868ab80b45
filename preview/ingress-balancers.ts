import type { Plan } from "./plan";

/** An Application Load Balancer that the AWS Load Balancer Controller makes for Ingresses of the plan. */
export interface IngressBalancer {
  /** Name of its group, or of its one Ingress. */
  readonly name: string;
  readonly internal: boolean;
  /** CIDRs that may connect. */
  readonly from: string[];
}

const PREFIX = "alb.ingress.kubernetes.io/";

/** The balancers behind Ingresses of class `alb`; those of one group share theirs. */
export function ingressBalancers(plan: Plan): IngressBalancer[] {
  const balancers = new Map<string, IngressBalancer>();
  for (const { type, inputs } of plan.resources) {
    const spec = inputs.spec as { ingressClassName?: string } | undefined;
    if (type !== "kubernetes:networking.k8s.io/v1:Ingress" || spec?.ingressClassName !== "alb") continue;
    const metadata = inputs.metadata as { name?: string; annotations?: Record<string, string> } | undefined;
    const { annotations = {} } = metadata ?? {};
    const name = annotations[`${PREFIX}group.name`] ?? metadata?.name ?? "";
    const from = (annotations[`${PREFIX}inbound-cidrs`] ?? "0.0.0.0/0").split(/\s*,\s*/);
    balancers.set(name, { name, internal: annotations[`${PREFIX}scheme`] !== "internet-facing", from });
  }
  return [...balancers.values()];
}
