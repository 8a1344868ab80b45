import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { configMap, service, serviceAccount, serviceMonitor } from "./objects";
import { fullName, type StandInRelease, selectorLabels } from "./release";
import { container, deployment, placementOf } from "./workloads";

/** What the chart lets its side containers do unless told otherwise. */
const SIDECAR_SECURITY = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** Grafana, as kube-prometheus-stack brings it along. Without dashboards. */
export function grafana(release: StandInRelease): KubernetesObject[] {
  const values: Properties = release.values.grafana ?? {};
  const name = values.fullnameOverride ?? `${release.name}-grafana`;
  const labels = selectorLabels(release, "grafana");
  const sources = `${fullName(release)}-grafana-datasource`;
  const url = `http://${fullName(release)}-prometheus.${release.namespace}:9090`;
  return [
    serviceAccount(release, name, labels),
    configMap(release, name, labels, { "grafana.ini": "[server]\n" }),
    configMap(release, `${name}-config-dashboards`, labels, { "provider.yaml": "apiVersion: 1\n" }),
    configMap(release, sources, { ...labels, grafana_datasource: "1" }, { "datasource.yaml": `url: ${url}\n` }),
    service(release, name, { labels, ports: [{ name: "http-web", port: 80, targetPort: "grafana" }] }),
    deployment(release, name, {
      labels,
      replicas: values.replicas ?? 1,
      strategy: values.deploymentStrategy ?? { type: "RollingUpdate" },
      podLabels: { ...labels, ...values.podLabels },
      podAnnotations: values.podAnnotations,
      pod: podOf(values, name),
    }),
    serviceMonitor(release, name, { labels, endpoints: [{ port: "http-web", path: "/metrics" }] }),
  ];
}

function podOf(values: Properties, name: string): Properties {
  const { admin = {}, sidecar = {} } = values;
  const key = (entry: string) => ({ valueFrom: { secretKeyRef: { name: admin.existingSecret ?? name, key: entry } } });
  const administrator = (user: string, password: string) => [
    { name: user, ...key(admin.userKey ?? "admin-user") },
    { name: password, ...key(admin.passwordKey ?? "admin-password") },
  ];
  const sidecars = (["dashboards", "datasources"] as const).filter((one) => sidecar[one]?.enabled);
  return {
    serviceAccountName: name,
    automountServiceAccountToken: true,
    securityContext: values.securityContext ?? { runAsNonRoot: true, runAsUser: 472, runAsGroup: 472, fsGroup: 472 },
    ...placementOf(values),
    volumes: [
      { name: "config", configMap: { name } },
      { name: "sc-dashboard-provider", configMap: { name: `${name}-config-dashboards` } },
      { name: "storage", emptyDir: {} },
      ...sidecars.map((one) => ({ name: `sc-${one}-volume`, emptyDir: {} })),
    ],
    containers: [
      ...sidecars.map((one) =>
        container(one === "dashboards" ? "grafana-sc-dashboard" : "grafana-sc-datasources", sidecar.image ?? {}, {
          env: administrator("REQ_USERNAME", "REQ_PASSWORD"),
          resources: sidecar.resources,
          securityContext: sidecar.securityContext ?? SIDECAR_SECURITY,
          volumeMounts: [{ name: `sc-${one}-volume`, mountPath: `/tmp/${one}` }],
        }),
      ),
      container("grafana", values.image ?? {}, {
        ports: { grafana: 3000, "gossip-tcp": 9094, profiling: 6060 },
        env: administrator("GF_SECURITY_ADMIN_USER", "GF_SECURITY_ADMIN_PASSWORD"),
        resources: values.resources,
        securityContext: { ...SIDECAR_SECURITY, privileged: false, ...values.containerSecurityContext },
        volumeMounts: [
          { name: "config", mountPath: "/etc/grafana/grafana.ini", subPath: "grafana.ini" },
          { name: "storage", mountPath: "/var/lib/grafana" },
        ],
      }),
    ],
  };
}
