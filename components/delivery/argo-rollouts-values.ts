import type * as pulumi from "@pulumi/pulumi";
import { IMAGES, imageParts } from "../internal/images";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";

/** Names in the release. */
export const ARGO_ROLLOUTS = { release: "argo-rollouts", metricsPort: 8090 } as const;

/** What the values depend on; `ArgoRolloutsArgs` carries all of it. */
export interface ArgoRolloutsSettings {
  readonly replicas?: number;
  readonly resources?: ContainerResources;
  readonly serviceMonitors?: boolean;
  readonly placement?: Placement;
  readonly priorityClassName?: pulumi.Input<string>;
  readonly mirrors?: Mirrors;
}

const RESOURCES: ContainerResources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "512Mi" },
};

/** Values of the chart `argo-rollouts`. Security contexts are the chart's: they pass Pod Security `restricted`. */
export function argoRolloutsValues(settings: ArgoRolloutsSettings) {
  const replicas = settings.replicas ?? 2;
  const monitored = settings.serviceMonitors ?? false;
  return {
    installCRDs: true,
    // Removing the release must not remove every Rollout with its kind, and with it the pods.
    keepCRDs: true,
    controller: {
      replicas,
      image: { ...imageParts(IMAGES.argoRollouts, settings.mirrors), pullPolicy: "IfNotPresent" },
      logging: { level: "info", format: "json" },
      resources: settings.resources ?? RESOURCES,
      nodeSelector: settings.placement?.nodeSelector ?? {},
      tolerations: settings.placement?.tolerations ?? [],
      ...(settings.priorityClassName === undefined ? {} : { priorityClassName: settings.priorityClassName }),
      // A budget over a single pod would block every node drain.
      pdb: replicas > 1 ? { enabled: true, minAvailable: 1 } : { enabled: false },
      metrics: { enabled: monitored, serviceMonitor: { enabled: monitored } },
    },
    // Weights come by numbers of pods: it needs no right on anybody's routes.
    providerRBAC: { enabled: false },
    dashboard: { enabled: false },
    // Nobody is told of anything by it: alerts come from Prometheus.
    notifications: { configmap: { create: false }, secret: { create: false } },
  };
}
