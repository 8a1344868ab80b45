import { described, type KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { type Verdict, verdict } from "../verdict";
import { type CheckContext, objectBasis } from "./context";
import { isReady, named } from "./pods";
import { podsBehind } from "./ports";
import type { Snapshot } from "./snapshot";

/** What the load balancer controller puts in place of a port when an annotation says where requests go. */
const BY_ANNOTATION = "use-annotation";

/** Every Ingress, TargetGroupBinding and route of Traefik leads to a port of a Service with a ready pod. */
export function checkRoutes(context: CheckContext): Verdict[] {
  const { snapshot } = context;
  const ingresses = snapshot.all("Ingress");
  const bindings = snapshot.all("TargetGroupBinding");
  const routes = snapshot.all("IngressRoute");
  const findings = [
    ...ingresses.flatMap((ingress) =>
      backendsOf(ingress).flatMap(({ name, port = {} }) =>
        port.name === BY_ANNOTATION ? [] : backendFindings(snapshot, ingress, name, port.name ?? port.number),
      ),
    ),
    ...bindings.flatMap((binding) =>
      backendFindings(snapshot, binding, binding.spec.serviceRef.name, binding.spec.serviceRef.port),
    ),
    ...routes.flatMap((route) => routeFindings(snapshot, route)),
  ];
  const figure = `${ingresses.length} Ingresses, ${bindings.length} TargetGroupBindings, ${routes.length} IngressRoutes`;
  const basis = objectBasis(context, ["TargetGroupBinding", "IngressRoute"]);
  return [verdict("routes lead to ready pods", figure, findings, basis)];
}

function backendsOf({ spec = {} }: KubernetesObject): Properties[] {
  const paths = ((spec.rules ?? []) as Properties[]).flatMap(({ http }) => (http?.paths ?? []) as Properties[]);
  return [spec.defaultBackend, ...paths.map(({ backend }) => backend)].flatMap((backend) => backend?.service ?? []);
}

function backendFindings(snapshot: Snapshot, from: KubernetesObject, name: string, port: string | number): string[] {
  const { namespace } = from.metadata;
  const service = snapshot.find("Service", name, namespace);
  if (service === undefined) {
    const missing = described({ apiVersion: "v1", kind: "Service", name, namespace });
    return [`${named(from)}: leads to ${missing}, which does not exist. Mend the name.`];
  }
  const ports = (service.spec?.ports ?? []) as Properties[];
  if (!ports.some((one) => one.port === port || one.name === port)) {
    const known = ports.map((one) => [one.name, one.port].filter(Boolean).join(" ")).join(", ");
    return [`${named(from)}: leads to port ${port} of ${named(service)}, which has ${known}. Mend the port.`];
  }
  if (podsBehind(snapshot, service).some(isReady) || sleeps(snapshot, service)) return [];
  return [`${named(from)}: leads to ${named(service)}, behind which no pod is ready. Look at its pods.`];
}

/** Whether a Service may have no pods, because its scaler takes the last one away. */
function sleeps(snapshot: Snapshot, { metadata }: KubernetesObject): boolean {
  return snapshot.find("ScaledObject", metadata.name, metadata.namespace)?.spec?.minReplicaCount === 0;
}

/** A route of Traefik, followed through divisions of traffic. What it passes through on the way must be there as well. */
function routeFindings(snapshot: Snapshot, route: KubernetesObject): string[] {
  const { namespace } = route.metadata;
  const parts = (route.spec?.routes ?? []) as Properties[];
  const missing = (kind: string, name: string) =>
    snapshot.find(kind, name, namespace) === undefined
      ? [`${named(route)}: passes through ${kind} ${namespace}/${name}, which does not exist. Mend the name.`]
      : [];
  const followed = (service: Properties): string[] => {
    if (service.kind !== "TraefikService") return backendFindings(snapshot, route, service.name, service.port);
    const division = snapshot.find("TraefikService", service.name, namespace);
    const shares = (division?.spec?.weighted?.services ?? []) as Properties[];
    // A version that gets no request needs no pod.
    const used = shares.filter(({ weight }) => weight !== 0);
    return [...missing("TraefikService", service.name), ...used.flatMap(followed)];
  };
  return parts.flatMap(({ middlewares = [], services = [] }) => [
    ...(middlewares as Properties[]).flatMap(({ name }) => missing("Middleware", name)),
    ...(services as Properties[]).flatMap(({ serversTransport: transport }) =>
      transport === undefined ? [] : missing("ServersTransport", transport),
    ),
    ...(services as Properties[]).flatMap(followed),
  ]);
}
