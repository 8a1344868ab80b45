import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { generatedSecret, releaseObject, service, serviceAccount, serviceMonitor } from "./objects";
import { fullName, type StandInRelease } from "./release";
import { stackLabels } from "./stack-labels";
import { imageOf, placementOf } from "./workloads";

const API_VERSION = "monitoring.coreos.com/v1";

/** What the chart asks of both servers' pods. */
const POD_SECURITY = {
  fsGroup: 2000,
  runAsGroup: 2000,
  runAsNonRoot: true,
  runAsUser: 1000,
  seccompProfile: { type: "RuntimeDefault" },
};

/** Prometheus itself, which the operator makes of a custom resource, and its Service. */
export function prometheus(release: StandInRelease): KubernetesObject[] {
  const values: Properties = release.values.prometheus?.prometheusSpec ?? {};
  const name = `${fullName(release)}-prometheus`;
  const labels = stackLabels(release, "prometheus");
  const all = { podMonitor: {}, probe: {}, rule: {}, scrapeConfig: {}, serviceMonitor: {} };
  const selectors = Object.keys(all).flatMap((kind) => {
    const own = { matchLabels: { release: release.name } };
    return [
      [`${kind}Selector`, values[`${kind}SelectorNilUsesHelmValues`] === false ? {} : own],
      [`${kind}NamespaceSelector`, {}],
    ];
  });
  const { retention, retentionSize, storageSpec } = values;
  const spec = {
    ...server(values),
    shards: 1,
    serviceAccountName: name,
    ...(retention === undefined ? {} : { retention }),
    ...(retentionSize === undefined ? {} : { retentionSize }),
    ...(storageSpec === undefined ? {} : { storage: storageSpec }),
    ...Object.fromEntries(selectors),
    alerting: {
      alertmanagers: [
        { namespace: release.namespace, name: `${fullName(release)}-alertmanager`, port: "http-web", apiVersion: "v2" },
      ],
    },
  };
  return [
    serviceAccount(release, name, labels),
    releaseObject(release, [API_VERSION, "Prometheus"], name, labels, { spec }),
    ...front(release, "prometheus", 9090, {
      "app.kubernetes.io/name": "prometheus",
      "operator.prometheus.io/name": name,
    }),
  ];
}

/** Alertmanager, likewise. */
export function alertmanager(release: StandInRelease): KubernetesObject[] {
  const values: Properties = release.values.alertmanager?.alertmanagerSpec ?? {};
  const name = `${fullName(release)}-alertmanager`;
  const labels = stackLabels(release, "alertmanager");
  const { storage } = values;
  const spec = { ...server(values), serviceAccountName: name, ...(storage === undefined ? {} : { storage }) };
  return [
    serviceAccount(release, name, labels),
    generatedSecret(release, `alertmanager-${name}`, labels, ["alertmanager.yaml"]),
    releaseObject(release, [API_VERSION, "Alertmanager"], name, labels, { spec }),
    ...front(release, "alertmanager", 9093, { "app.kubernetes.io/name": "alertmanager", alertmanager: name }),
  ];
}

/** What both kinds take from their values. */
function server(values: Properties): Properties {
  const { image, replicas = 1, resources, securityContext = POD_SECURITY } = values;
  const placement = Object.entries(placementOf(values)).filter(([, value]) => value !== undefined);
  return {
    image: imageOf(image ?? {}),
    version: image?.tag,
    replicas,
    portName: "http-web",
    ...(resources === undefined ? {} : { resources }),
    securityContext,
    ...Object.fromEntries(placement),
  };
}

/** Its Service, and the monitor that reads it. */
function front(
  release: StandInRelease,
  part: string,
  port: number,
  selector: Readonly<Record<string, string>>,
): KubernetesObject[] {
  const name = `${fullName(release)}-${part}`;
  const labels = { ...stackLabels(release, part), "self-monitor": "true" };
  const ports = [
    { name: "http-web", port },
    { name: "reloader-web", port: 8080, targetPort: "reloader-web" },
  ];
  return [
    service(release, name, { labels, selector, ports }),
    serviceMonitor(release, name, {
      labels: stackLabels(release, part),
      selector: { matchLabels: { app: name, release: release.name, "self-monitor": "true" } },
      endpoints: ports.map((one) => ({ port: one.name, path: "/metrics" })),
    }),
  ];
}
