import type * as pulumi from "@pulumi/pulumi";
import { IMAGES, imageRepository } from "../internal/images";
import type { Mirrors } from "../internal/mirrors";
import { type ContainerResources, type Placement, restrictedContainer, restrictedPod } from "../internal/pods";

/** What the values depend on; `VerticalPodAutoscalerRecommenderArgs` carries all of it. */
export interface VerticalPodAutoscalerRecommenderSettings {
  readonly resources?: ContainerResources;
  readonly placement?: Placement;
  readonly priorityClassName?: pulumi.Input<string>;
  readonly mirrors?: Mirrors;
}

/** The image's own user. */
const USER = 65534;

/** Values of the chart `vertical-pod-autoscaler`: the recommender alone. */
export function verticalPodAutoscalerRecommenderValues(settings: VerticalPodAutoscalerRecommenderSettings) {
  const { placement, priorityClassName, mirrors } = settings;
  return {
    // The webhook that would change new pods, its certificate's Jobs, and the part that evicts running ones.
    admissionController: { enabled: false },
    updater: { enabled: false },
    podSecurityContext: restrictedPod(USER),
    containerSecurityContext: restrictedContainer(),
    recommender: {
      enabled: true,
      image: {
        repository: imageRepository(IMAGES.verticalPodAutoscalerRecommender, mirrors),
        tag: IMAGES.verticalPodAutoscalerRecommender.tag,
        pullPolicy: "IfNotPresent",
      },
      // Advice may be late: while its one pod moves, what it wrote before stays.
      replicas: 1,
      podDisruptionBudget: { enabled: false },
      // The chart logs every sample; and only pods that somebody wants advice about are to take memory.
      extraArgs: ["--v=1", "--memory-saver=true"],
      resources: settings.resources ?? {
        requests: { cpu: "50m", memory: "256Mi" },
        limits: { cpu: "500m", memory: "512Mi" },
      },
      nodeSelector: placement?.nodeSelector ?? {},
      tolerations: placement?.tolerations ?? [],
      ...(priorityClassName === undefined ? {} : { priorityClassName }),
    },
  };
}
