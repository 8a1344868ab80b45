import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { service, serviceAccount, serviceMonitor } from "./objects";
import { type Labels, type StandInRelease, selectorLabels } from "./release";
import { container, daemonSet, deployment, placementOf } from "./workloads";

/** What both charts ask of their pods unless told otherwise. */
const POD_SECURITY = {
  fsGroup: 65534,
  runAsGroup: 65534,
  runAsNonRoot: true,
  runAsUser: 65534,
  seccompProfile: { type: "RuntimeDefault" },
};

/** Paths of the node that the exporter reads. */
const HOST_PATHS = { proc: "/proc", sys: "/sys", root: "/" };

/** kube-state-metrics, as kube-prometheus-stack brings it along. */
export function kubeStateMetrics(release: StandInRelease): KubernetesObject[] {
  const application = "kube-state-metrics";
  const values: Properties = release.values[application] ?? {};
  const name = values.fullnameOverride ?? `${release.name}-${application}`;
  const { selector, labels } = labelsOf(release, application);
  return [
    serviceAccount(release, name, labels),
    service(release, name, { labels, selector, ports: [{ name: "http", port: 8080, targetPort: "http" }] }),
    deployment(release, name, {
      labels,
      selector,
      replicas: values.replicas ?? 1,
      strategy: values.updateStrategy,
      podAnnotations: values.podAnnotations,
      pod: {
        serviceAccountName: name,
        automountServiceAccountToken: true,
        securityContext: values.securityContext ?? POD_SECURITY,
        ...placementOf(values),
        containers: [
          container(application, values.image ?? {}, {
            ports: { http: 8080, metrics: 8081 },
            resources: values.resources,
            securityContext: values.containerSecurityContext ?? {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ["ALL"] },
            },
          }),
        ],
      },
    }),
    serviceMonitor(release, name, { labels, selector: { matchLabels: selector }, endpoints: [{ port: "http" }] }),
  ];
}

/** node-exporter, likewise: on every node, in the node's own network. */
export function nodeExporter(release: StandInRelease): KubernetesObject[] {
  const application = "prometheus-node-exporter";
  const values: Properties = release.values[application] ?? {};
  const name = values.fullnameOverride ?? `${release.name}-${application}`;
  const { selector, labels } = labelsOf(release, application);
  return [
    serviceAccount(release, name, labels, { automount: false }),
    service(release, name, {
      labels: { ...labels, jobLabel: "node-exporter" },
      selector,
      ports: [{ name: "http-metrics", port: 9100 }],
    }),
    daemonSet(release, name, {
      labels,
      selector,
      strategy: values.updateStrategy,
      podLabels: { ...labels, ...values.podLabels, jobLabel: "node-exporter" },
      podAnnotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "true", ...values.podAnnotations },
      pod: exporterPod(values, name),
    }),
    serviceMonitor(release, name, {
      labels,
      selector: { matchLabels: selector },
      endpoints: [{ port: "http-metrics" }],
    }),
  ];
}

function exporterPod(values: Properties, name: string): Properties {
  const placement = placementOf(values);
  const differs = (key: string, value: string) => ({ key, operator: "NotIn", values: [value] });
  const term = {
    matchExpressions: [differs("eks.amazonaws.com/compute-type", "fargate"), differs("type", "virtual-kubelet")],
  };
  const affinity = {
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
  };
  const mounts = Object.keys(HOST_PATHS).map((volume) => ({
    name: volume,
    mountPath: `/host/${volume}`,
    readOnly: true,
  }));
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    hostNetwork: values.hostNetwork ?? true,
    hostPID: values.hostPID ?? true,
    securityContext: values.securityContext ?? POD_SECURITY,
    ...placement,
    affinity: placement.affinity ?? affinity,
    nodeSelector: { "kubernetes.io/os": "linux", ...placement.nodeSelector },
    tolerations: placement.tolerations ?? [{ effect: "NoSchedule", operator: "Exists" }],
    volumes: Object.entries(HOST_PATHS).map(([volume, path]) => ({ name: volume, hostPath: { path } })),
    containers: [
      container("node-exporter", values.image ?? {}, {
        ports: { "http-metrics": 9100 },
        resources: values.resources,
        securityContext: values.containerSecurityContext ?? { readOnlyRootFilesystem: true },
        volumeMounts: mounts,
      }),
    ],
  };
}

function labelsOf(
  release: StandInRelease,
  application: string,
): { readonly selector: Labels; readonly labels: Labels } {
  const selector = selectorLabels(release, application);
  const labels = { ...selector, "app.kubernetes.io/component": "metrics", release: release.name };
  return { selector, labels };
}
