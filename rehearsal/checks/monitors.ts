import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { type Verdict, verdict } from "../verdict";
import { type CheckContext, objectBasis } from "./context";
import { selectionFindings } from "./empty-selections";
import { isFinished, named } from "./pods";
import { containerPort, podsBehind } from "./ports";
import type { Snapshot } from "./snapshot";

/** Every PodMonitor and ServiceMonitor finds something, under the port that it names. */
export function checkMonitors(context: CheckContext): Verdict[] {
  const { snapshot } = context;
  const podMonitors = snapshot.all("PodMonitor");
  const serviceMonitors = snapshot.all("ServiceMonitor");
  const findings = [
    ...podMonitors.flatMap((monitor) => podMonitorFindings(snapshot, monitor)),
    ...serviceMonitors.flatMap((monitor) => serviceMonitorFindings(snapshot, monitor)),
  ];
  const figure = `${podMonitors.length} PodMonitors, ${serviceMonitors.length} ServiceMonitors`;
  const basis = objectBasis(context, ["PodMonitor", "ServiceMonitor"]);
  return [verdict("monitors find what they measure", figure, findings, basis)];
}

function podMonitorFindings(snapshot: Snapshot, monitor: KubernetesObject): string[] {
  const { selector = {}, podMetricsEndpoints = [] } = monitor.spec;
  const pods = watched(snapshot, "Pod", monitor).filter((pod) => !isFinished(pod));
  const endpoints = podMetricsEndpoints as Properties[];
  return [
    ...selectionFindings(named(monitor), "pod", selector, pods.length),
    ...endpoints
      .map(({ port, portNumber, targetPort }) => port ?? portNumber ?? targetPort)
      .filter((port) => pods.length > 0 && !pods.some((pod) => containerPort(pod, port) !== undefined))
      .map((port) => `${named(monitor)}: reads port ${port}, which none of its pods has. Mend the port's name.`),
  ];
}

function serviceMonitorFindings(snapshot: Snapshot, monitor: KubernetesObject): string[] {
  const { selector = {}, endpoints = [] } = monitor.spec;
  const services = watched(snapshot, "Service", monitor);
  return [
    ...selectionFindings(named(monitor), "Service", selector, services.length),
    ...(endpoints as Properties[])
      .filter((endpoint) => services.length > 0 && !services.some((service) => hasPort(snapshot, service, endpoint)))
      .map(
        ({ port, targetPort }) =>
          `${named(monitor)}: reads port ${port ?? targetPort}, which ${services.map(named).join(", ")} does not have. Mend the port's name.`,
      ),
  ];
}

function hasPort(snapshot: Snapshot, service: KubernetesObject, { port, targetPort }: Properties): boolean {
  const ports = (service.spec?.ports ?? []) as Properties[];
  if (port !== undefined) return ports.some(({ name }) => name === port);
  return podsBehind(snapshot, service).some((pod) => containerPort(pod, targetPort) !== undefined);
}

function watched(snapshot: Snapshot, kind: string, { metadata, spec }: KubernetesObject): KubernetesObject[] {
  const { any, matchNames } = spec.namespaceSelector ?? {};
  const namespaces: (string | undefined)[] = any ? [undefined] : (matchNames ?? [metadata.namespace]);
  return namespaces.flatMap((namespace) => snapshot.selected(kind, spec.selector ?? {}, namespace));
}
