import type * as pulumi from "@pulumi/pulumi";
import { IMAGES, imageParts } from "../internal/images";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";

/** What the values depend on; `KedaArgs` carries all of it. */
export interface KedaSettings {
  readonly replicas?: number;
  readonly resources?: ContainerResources;
  readonly serviceMonitors?: boolean;
  readonly placement?: Placement;
  readonly priorityClassName?: pulumi.Input<string>;
  readonly mirrors?: Mirrors;
}

/**
 * Values of the chart `keda`. Security contexts are the chart's: they pass Pod Security `restricted`, with a read-only root
 * file system, and the images' users are numbers.
 */
export function kedaValues(settings: KedaSettings) {
  const replicas = settings.replicas ?? 2;
  const resources = settings.resources ?? {
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "1", memory: "512Mi" },
  };
  // A budget over a single pod would block every node drain.
  const budget = replicas > 1 ? { minAvailable: 1 } : {};
  const metrics = { enabled: true, serviceMonitor: { enabled: settings.serviceMonitors ?? false } };
  return {
    // Without it, removing the release would remove every ScaledObject of the cluster with its kind.
    crds: { install: true, additionalAnnotations: { "helm.sh/resource-policy": "keep" } },
    image: {
      keda: imageParts(IMAGES.keda, settings.mirrors),
      metricsApiServer: imageParts(IMAGES.kedaMetricsServer, settings.mirrors),
      webhooks: imageParts(IMAGES.kedaWebhooks, settings.mirrors),
      pullPolicy: "IfNotPresent",
    },
    operator: { replicaCount: replicas },
    metricsServer: { enabled: true, replicaCount: replicas },
    webhooks: { enabled: true, replicaCount: replicas },
    podDisruptionBudget: { operator: budget, metricServer: budget, webhooks: budget },
    topologySpreadConstraints: {
      operator: spread("keda-operator", replicas),
      metricsServer: spread("keda-operator-metrics-apiserver", replicas),
      webhooks: spread("keda-admission-webhooks", replicas),
    },
    resources: { operator: resources, metricServer: resources, webhooks: resources },
    nodeSelector: settings.placement?.nodeSelector ?? {},
    tolerations: settings.placement?.tolerations ?? [],
    ...(settings.priorityClassName === undefined ? {} : { priorityClassName: settings.priorityClassName }),
    prometheus: { operator: metrics, metricServer: metrics, webhooks: metrics },
  };
}

/** Over zones and nodes, softly: KEDA matters more than its spread. */
function spread(app: string, replicas: number) {
  if (replicas < 2) return [];
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { app } },
  }));
}
