import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { chartLabels, type Labels, type StandInRelease } from "./release";

/** A port of a Service. */
export interface ServicePort {
  readonly name: string;
  readonly port: number;
  /** Name or number on the pods. Default the same number. */
  readonly targetPort?: string | number;
}

/** What is said of a Service beside its name. */
export interface ServiceOptions {
  readonly labels: Labels;
  /** Default the labels. */
  readonly selector?: Labels;
  readonly ports: readonly ServicePort[];
  /** Default that of the release. */
  readonly namespace?: string;
  readonly headless?: boolean;
}

/** An object of the release, in its namespace, with the labels that all of the chart's objects have. */
export function releaseObject(
  release: StandInRelease,
  [apiVersion, kind]: readonly [apiVersion: string, kind: string],
  name: string,
  labels: Labels,
  body: Properties = {},
): KubernetesObject {
  const metadata = { name, namespace: release.namespace, labels: { ...labels, ...chartLabels(release) } };
  return { apiVersion, kind, metadata, ...body };
}

/** A Service of the release. */
export function service(release: StandInRelease, name: string, options: ServiceOptions): KubernetesObject {
  const { labels, selector = labels, namespace = release.namespace, headless } = options;
  const ports = options.ports.map(({ targetPort, ...port }) => ({
    ...port,
    targetPort: targetPort ?? port.port,
    protocol: "TCP",
  }));
  const object = releaseObject(release, ["v1", "Service"], name, labels);
  return {
    ...object,
    metadata: { ...object.metadata, namespace },
    spec: { type: "ClusterIP", ...(headless ? { clusterIP: "None" } : {}), ports, selector },
  };
}

/** A ServiceAccount of the release; charts that can be told so take its name and annotations from the values. */
export function serviceAccount(
  release: StandInRelease,
  name: string,
  labels: Labels,
  { annotations, automount = true }: { readonly annotations?: Labels; readonly automount?: boolean } = {},
): KubernetesObject {
  const object = releaseObject(release, ["v1", "ServiceAccount"], name, labels, {
    automountServiceAccountToken: automount,
  });
  const noted = annotations === undefined || Object.keys(annotations).length === 0 ? {} : { annotations };
  return { ...object, metadata: { ...object.metadata, ...noted } };
}

/** A disruption budget as charts make it from values: none without a bound. */
export function disruptionBudget(
  release: StandInRelease,
  name: string,
  { labels, selector = labels, bounds = {} }: { labels: Labels; selector?: Labels; bounds?: Properties },
): KubernetesObject[] {
  const { minAvailable, maxUnavailable } = bounds;
  if (minAvailable === undefined && maxUnavailable === undefined) return [];
  const bound = minAvailable === undefined ? { maxUnavailable } : { minAvailable };
  const spec = { ...bound, selector: { matchLabels: selector } };
  return [releaseObject(release, ["policy/v1", "PodDisruptionBudget"], name, labels, { spec })];
}

/** A ServiceMonitor of the release for Services with these labels. */
export function serviceMonitor(
  release: StandInRelease,
  name: string,
  options: { readonly labels: Labels; readonly selector?: Properties; readonly endpoints: readonly Properties[] },
  namespace = release.namespace,
): KubernetesObject {
  const { labels, selector = { matchLabels: labels }, endpoints } = options;
  const spec = { selector, endpoints: [...endpoints], namespaceSelector: { matchNames: [namespace] } };
  return releaseObject(release, ["monitoring.coreos.com/v1", "ServiceMonitor"], name, labels, { spec });
}

/** A ConfigMap of the release. */
export function configMap(release: StandInRelease, name: string, labels: Labels, data: Labels): KubernetesObject {
  return releaseObject(release, ["v1", "ConfigMap"], name, labels, { data });
}

/** A Secret that the chart, or a hook of it, makes up. Its content stands in for generated certificates. */
export function generatedSecret(
  release: StandInRelease,
  name: string,
  labels: Labels,
  keys: readonly string[],
): KubernetesObject {
  const data = Object.fromEntries(keys.map((key) => [key, Buffer.from(`stands in for ${key}`).toString("base64")]));
  return releaseObject(release, ["v1", "Secret"], name, labels, { data });
}
