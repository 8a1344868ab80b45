import type * as pulumi from "@pulumi/pulumi";
import { IMAGES, imageRepository } from "../internal/images";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";

/** What the values depend on; `LeaderWorkerSetsArgs` carries all of it. */
export interface LeaderWorkerSetsSettings {
  readonly replicas?: number;
  readonly resources?: ContainerResources;
  readonly placement?: Placement;
  readonly priorityClassName?: pulumi.Input<string>;
  readonly mirrors?: Mirrors;
}

/** Labels of the controller's pods. */
const LEADER_WORKER_SETS_LABELS = {
  "control-plane": "controller-manager",
  "app.kubernetes.io/name": "lws",
} as const;

/** Values of the chart `lws`. It signs its webhooks' certificate itself; its monitors want permissions that Prometheus has not. */
export function leaderWorkerSetsValues(settings: LeaderWorkerSetsSettings) {
  return {
    replicaCount: settings.replicas ?? 2,
    image: {
      manager: {
        repository: imageRepository(IMAGES.leaderWorkerSets, settings.mirrors),
        // The chart's own default is a moving tag.
        tag: IMAGES.leaderWorkerSets.tag,
        pullPolicy: "IfNotPresent",
      },
    },
    enableCertManager: false,
    enablePrometheus: false,
    enableDisaggregatedSet: false,
    resources: settings.resources ?? {
      requests: { cpu: "100m", memory: "256Mi" },
      limits: { cpu: "1", memory: "1Gi" },
    },
    // What the chart leaves out of Pod Security `restricted`.
    podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    nodeSelector: settings.placement?.nodeSelector ?? {},
    tolerations: settings.placement?.tolerations ?? [],
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          {
            weight: 100,
            podAffinityTerm: {
              topologyKey: "kubernetes.io/hostname",
              labelSelector: { matchLabels: LEADER_WORKER_SETS_LABELS },
            },
          },
        ],
      },
    },
    ...(settings.priorityClassName === undefined ? {} : { priorityClassName: settings.priorityClassName }),
  };
}
