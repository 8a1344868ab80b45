import type { KubernetesApi } from "../api/api";
import { type KubernetesObject, referenceTo } from "../api/objects";
import { hasAddress } from "../kubernetes/readiness";
import type { Operator } from "./operator";

const GROUP_ANNOTATION = "alb.ingress.kubernetes.io/group.name";

/** The AWS Load Balancer Controller: keeps bindings, and gives Ingresses and Services of its classes an address. */
export const LOAD_BALANCERS: Operator = {
  name: "aws-load-balancer-controller",
  pods: "app.kubernetes.io/name=aws-load-balancer-controller",
  kinds: [
    ["elbv2.k8s.aws/v1beta1", "TargetGroupBinding"],
    ["networking.k8s.io/v1", "Ingress"],
    ["v1", "Service"],
  ],
  finalizer: finalizerOf,
  reconcile: async (object, { api }) => {
    if (object.kind === "TargetGroupBinding") {
      const { generation } = object.metadata;
      if (object.status?.observedGeneration === generation) return;
      await api.patchStatus(referenceTo(object), { observedGeneration: generation });
    } else if (finalizerOf(object) !== undefined && !hasAddress(object)) await giveAddress(api, object);
  },
};

/** What keeps an object until the balancer, or the targets, behind it are gone; undefined for objects of others. */
export function finalizerOf({ kind, metadata, spec }: KubernetesObject): string | undefined {
  if (kind === "TargetGroupBinding") return "elbv2.k8s.aws/resources";
  if (kind === "Service") {
    return spec?.loadBalancerClass === "service.k8s.aws/nlb" ? "service.k8s.aws/resources" : undefined;
  }
  if (spec?.ingressClassName !== "alb") return undefined;
  const group = metadata.annotations?.[GROUP_ANNOTATION];
  return group === undefined ? "ingress.k8s.aws/resources" : `group.ingress.k8s.aws/${group}`;
}

async function giveAddress(api: KubernetesApi, object: KubernetesObject): Promise<void> {
  const { namespace, name, uid = "" } = object.metadata;
  const hostname = `k8s-${namespace}-${name}-${uid.slice(0, 10)}.elb.amazonaws.com`;
  await api.patchStatus(referenceTo(object), { loadBalancer: { ingress: [{ hostname }] } });
}
