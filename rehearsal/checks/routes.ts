import { described, type KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { type Verdict, verdict } from "../verdict";
import { type CheckContext, objectBasis } from "./context";
import { isReady, named } from "./pods";
import { podsBehind } from "./ports";
import type { Snapshot } from "./snapshot";

/** What the load balancer controller puts in place of a port when an annotation says where requests go. */
const BY_ANNOTATION = "use-annotation";

/** Every Ingress and TargetGroupBinding leads to a port of a Service with a ready pod. */
export function checkRoutes(context: CheckContext): Verdict[] {
  const { snapshot } = context;
  const ingresses = snapshot.all("Ingress");
  const bindings = snapshot.all("TargetGroupBinding");
  const findings = [
    ...ingresses.flatMap((ingress) =>
      backendsOf(ingress).flatMap(({ name, port = {} }) =>
        port.name === BY_ANNOTATION ? [] : backendFindings(snapshot, ingress, name, port.name ?? port.number),
      ),
    ),
    ...bindings.flatMap((binding) =>
      backendFindings(snapshot, binding, binding.spec.serviceRef.name, binding.spec.serviceRef.port),
    ),
  ];
  const figure = `${ingresses.length} Ingresses, ${bindings.length} TargetGroupBindings`;
  const basis = objectBasis(context, ["TargetGroupBinding"]);
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
  if (podsBehind(snapshot, service).some(isReady)) return [];
  return [`${named(from)}: leads to ${named(service)}, behind which no pod is ready. Look at its pods.`];
}
