import type * as pulumi from "@pulumi/pulumi";
import { IMAGES, type Image, imageParts } from "../internal/images";
import { restrictedContainer, SECRETS_REVISION } from "../internal/pods";
import type { MonitoringArgs } from "./monitoring";

/** Name of the release; `fullnameOverride` makes it the prefix of every object as well. */
export const MONITORING_RELEASE = "kube-prometheus-stack";

/** Secret with Grafana's administrator. */
export const GRAFANA_SECRET = "grafana-admin";

/** What the values depend on: the component's Args less its gates, of which one's presence chooses who signs the webhook. */
export type MonitoringSettings = Omit<MonitoringArgs, "namespace" | "crdsReady" | "storageReady" | "policiesReady">;

/** How much of a volume of `size` samples may fill, in Prometheus' units: 85 %, the rest is for its log and compaction. */
export function retentionSize(size: string): string | undefined {
  const [, digits, unit] = /^(\d+)(Gi|Ti)$/.exec(size) ?? [];
  const gibibytes = Number(digits) * (unit === "Ti" ? 1024 : 1);
  return gibibytes >= 2 ? `${Math.floor(gibibytes * 0.85)}GiB` : undefined;
}

/** Values of the chart `kube-prometheus-stack`. */
export function monitoringValues(settings: MonitoringSettings) {
  const off = { enabled: false };
  return {
    fullnameOverride: MONITORING_RELEASE,
    crds: off,
    // EKS hides these; watching for them would mean alerts that never end.
    kubeEtcd: off,
    kubeScheduler: off,
    kubeControllerManager: off,
    kubeProxy: off,
    // Their alerts would be as permanent as the missing targets.
    defaultRules: {
      rules: {
        etcd: false,
        kubeControllerManager: false,
        kubeProxy: false,
        kubeSchedulerAlerting: false,
        kubeSchedulerRecording: false,
      },
    },
    prometheusOperator: operatorValues(settings),
    prometheus: { prometheusSpec: prometheusSpec(settings) },
    alertmanager: { enabled: true, alertmanagerSpec: alertmanagerSpec(settings) },
    grafana: grafanaValues(settings),
    "kube-state-metrics": {
      fullnameOverride: `${MONITORING_RELEASE}-kube-state-metrics`,
      image: imageParts(IMAGES.kubeStateMetrics, settings.mirrors),
      resources: resources("20m", "64Mi", "200m", "256Mi"),
      ...placementValues(settings),
    },
    nodeExporter: { enabled: settings.nodeExporter ?? true },
    "prometheus-node-exporter": nodeExporterValues(settings),
  };
}

function operatorValues(settings: MonitoringSettings) {
  const image = (pin: Image) => imageParts(pin, settings.mirrors);
  return {
    image: image(IMAGES.prometheusOperator),
    prometheusConfigReloader: {
      image: image(IMAGES.prometheusConfigReloader),
      resources: resources("10m", "32Mi", "100m", "64Mi"),
    },
    thanosImage: image(IMAGES.thanos),
    resources: resources("50m", "128Mi", "300m", "256Mi"),
    ...placementValues(settings),
    admissionWebhooks: {
      certManager: { enabled: settings.certManagerReady !== undefined },
      // Stays on with cert-manager as well: the chart then makes no Job, and keeps the webhook from blocking rules while it starts.
      patch: {
        enabled: true,
        image: image(IMAGES.webhookCertgen),
        resources: resources("10m", "32Mi", "100m", "64Mi"),
        ...placementValues(settings),
      },
    },
  };
}

function prometheusSpec(settings: MonitoringSettings) {
  return {
    image: imageParts(IMAGES.prometheus, settings.mirrors),
    retention: `${settings.prometheus.retentionDays}d`,
    retentionSize: retentionSize(settings.prometheus.size),
    resources: settings.prometheusResources ?? resources("200m", "1Gi", "1", "2Gi"),
    storageSpec: volume(settings.prometheus.storageClass, settings.prometheus.size),
    // Otherwise only what carries this release's label counts, and every other chart's monitors are ignored.
    serviceMonitorSelectorNilUsesHelmValues: false,
    podMonitorSelectorNilUsesHelmValues: false,
    ruleSelectorNilUsesHelmValues: false,
    probeSelectorNilUsesHelmValues: false,
    scrapeConfigSelectorNilUsesHelmValues: false,
    ...placementValues(settings, settings.storagePlacement),
  };
}

function alertmanagerSpec(settings: MonitoringSettings) {
  return {
    image: imageParts(IMAGES.alertmanager, settings.mirrors),
    resources: settings.alertmanagerResources ?? resources("20m", "64Mi", "200m", "128Mi"),
    storage: volume(settings.prometheus.storageClass, settings.alertmanagerSize ?? "1Gi"),
    ...placementValues(settings, settings.storagePlacement),
  };
}

function grafanaValues(settings: MonitoringSettings) {
  return {
    fullnameOverride: `${MONITORING_RELEASE}-grafana`,
    image: imageParts(IMAGES.grafana, settings.mirrors),
    admin: { existingSecret: GRAFANA_SECRET, userKey: "admin-user", passwordKey: "admin-password" },
    // Nothing is kept: dashboards and data sources come from ConfigMaps, so the administrator's password is set anew at each start.
    persistence: { enabled: false },
    initChownData: { enabled: false },
    podAnnotations: { [SECRETS_REVISION]: settings.secretsRevision ?? "1" },
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 472,
      runAsGroup: 472,
      fsGroup: 472,
      seccompProfile: { type: "RuntimeDefault" },
    },
    // A read-only root file system is untried with the real image, which manages plugins beside its program.
    containerSecurityContext: restrictedContainer(false),
    resources: settings.grafanaResources ?? resources("100m", "256Mi", "500m", "512Mi"),
    // The test pod pulls an image of its own.
    testFramework: { enabled: false },
    defaultDashboardsTimezone: "utc",
    sidecar: {
      image: imageParts(IMAGES.grafanaSidecar, settings.mirrors),
      resources: resources("20m", "96Mi", "200m", "192Mi"),
      dashboards: {
        enabled: true,
        searchNamespace: "ALL",
        folderAnnotation: "grafana_folder",
        provider: { foldersFromFilesStructure: true },
      },
      datasources: { enabled: true, searchNamespace: "ALL" },
    },
    ...placementValues(settings),
  };
}

/**
 * The exporter sees the node only from its network, process ids and file system, which Pod Security `restricted` and
 * `baseline` forbid; it is not root, has no capabilities and cannot write.
 */
function nodeExporterValues(settings: MonitoringSettings) {
  return {
    fullnameOverride: `${MONITORING_RELEASE}-prometheus-node-exporter`,
    // The tag says it already; the chart would append the word once more.
    image: { ...imageParts(IMAGES.nodeExporter, settings.mirrors), distroless: false },
    // A key-less toleration matches every taint, of whatever effect.
    tolerations: [{ operator: "Exists" }],
    priorityClassName: "system-node-critical",
    securityContext: {
      fsGroup: 65534,
      runAsGroup: 65534,
      runAsNonRoot: true,
      runAsUser: 65534,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containerSecurityContext: restrictedContainer(),
    resources: resources("20m", "32Mi", "200m", "64Mi"),
  };
}

function volume(storageClassName: pulumi.Input<string> | undefined, storage: pulumi.Input<string>) {
  return {
    volumeClaimTemplate: {
      spec: {
        // An empty name would mean a volume that nobody makes; no name means the default class.
        ...(storageClassName === undefined ? {} : { storageClassName }),
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage } },
      },
    },
  };
}

function placementValues(settings: MonitoringSettings, placement = settings.placement) {
  return {
    nodeSelector: placement?.nodeSelector ?? {},
    tolerations: placement?.tolerations ?? [],
    ...(settings.priorityClassName === undefined ? {} : { priorityClassName: settings.priorityClassName }),
  };
}

function resources(cpu: string, memory: string, cpuLimit: string, memoryLimit: string) {
  return { requests: { cpu, memory }, limits: { cpu: cpuLimit, memory: memoryLimit } };
}
