import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { type Verdict, verdict } from "../verdict";
import { type CheckContext, ownNamespaces, podBasis } from "./context";
import { selectionFindings } from "./empty-selections";
import { named } from "./pods";
import { podsBehind, targetPort } from "./ports";
import { selects } from "./selectors";
import type { Snapshot } from "./snapshot";
import { webhookServices } from "./webhooks";

/** Services of ours whose port may differ from the container's, by a label of theirs, with the reason. */
const PORTS_MAY_DIFFER = [
  { label: "app.kubernetes.io/name", value: "grafana", reason: "people reach it by a forwarded port, no pod does" },
  {
    label: "app.kubernetes.io/name",
    value: "argocd-server",
    reason: "people reach it by a forwarded port, no pod does",
  },
];

/** Every Service leads to pods that have its ports; where policies of ours apply, under the same numbers. */
export function checkServices(context: CheckContext): Verdict[] {
  const { snapshot } = context;
  const services = snapshot
    .all("Service")
    .filter(({ spec }) => spec?.selector && spec.type !== "ExternalName" && Object.keys(spec.selector).length > 0);
  const own = ownNamespaces(context);
  // The API server calls webhooks from outside, where no pod's policy applies.
  const called = webhookServices(context.releases);
  const findings = services.flatMap((service) => {
    const { name, namespace = "" } = service.metadata;
    const pods = podsBehind(snapshot, service);
    return [
      ...(pods.length === 0 && rests(snapshot, service)
        ? []
        : selectionFindings(named(service), "pod", { matchLabels: service.spec.selector }, pods.length)),
      ...missingPorts(service, pods),
      ...(own.includes(namespace) && !called.has(`${namespace}/${name}`) ? differingPorts(service, pods) : []),
    ];
  });
  return [verdict("Services lead to pods", `${services.length} Services`, findings, podBasis(context))];
}

/** Whether the pods of a Service are none on purpose: those of a version that no canary tries at the moment. */
function rests(snapshot: Snapshot, { metadata: { namespace }, spec }: KubernetesObject): boolean {
  const targets = snapshot.all("Canary", namespace).map((canary) => canary.spec.targetRef.name as string);
  return snapshot
    .all("Deployment", namespace)
    .filter(({ metadata }) => targets.includes(metadata.name))
    .some(
      (target) =>
        target.spec.replicas === 0 && selects({ matchLabels: spec.selector }, target.spec.template.metadata?.labels),
    );
}

function portsOf({ spec }: KubernetesObject): Properties[] {
  return spec?.ports ?? [];
}

function missingPorts(service: KubernetesObject, pods: readonly KubernetesObject[]): string[] {
  return portsOf(service)
    .filter((port) => pods.length > 0 && !pods.some((pod) => targetPort(pod, port) !== undefined))
    .map(
      (port) =>
        `${named(service)}: port ${port.name ?? port.port} leads to ${port.targetPort ?? port.port}, which no container of its pods has. Mend targetPort or the container's ports.`,
    );
}

/** The network policy agent sees the pod's port at one end and the Service's at the other: only equal ones pass. */
function differingPorts(service: KubernetesObject, pods: readonly KubernetesObject[]): string[] {
  const differing = portsOf(service).filter((port) =>
    pods.some((pod) => (targetPort(pod, port) ?? port.port) !== port.port),
  );
  const exception = PORTS_MAY_DIFFER.find(({ label, value }) => service.metadata.labels?.[label] === value);
  if (exception !== undefined) {
    return differing.length > 0 || pods.length === 0
      ? []
      : [
          `${named(service)}: its ports are the containers', but it is excused (${exception.reason}). Take it off the list.`,
        ];
  }
  return differing.map(
    ({ port, targetPort }) =>
      `${named(service)}: port ${port} leads to ${targetPort}, so that network policies do not let it through. Give both the same number.`,
  );
}
