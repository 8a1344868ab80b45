import type { Properties } from "../providers/provider";
import { disruptionBudget, serviceAccount } from "./objects";
import { fullName, type StandIn, type StandInRelease, selectorLabels } from "./release";
import { container, deployment, placementOf } from "./workloads";

/** The chart's Deployments; one that is switched off leaves nothing. */
const PARTS = {
  recommender: { word: "recommender", port: 8942 },
  updater: { word: "updater", port: 8943 },
  admissionController: { word: "admission-controller", port: 8944 },
} as const;

/** Vertical Pod Autoscaler. Nobody does its work here: advice needs pods that use something. */
export const verticalPodAutoscaler: StandIn = (release) => ({
  objects: (Object.keys(PARTS) as (keyof typeof PARTS)[]).flatMap((part) => partObjects(release, part)),
});

function partObjects(release: StandInRelease, part: keyof typeof PARTS) {
  const { word, port } = PARTS[part];
  const values: Properties = { replicas: 2, ...release.values[part] };
  if (values.enabled === false) return [];
  const name = `${fullName(release)}-${word}`;
  const labels = selectorLabels(release, release.chart, word);
  const budget: Properties = { enabled: true, minAvailable: 1, ...values.podDisruptionBudget };
  return [
    serviceAccount(release, name, labels),
    ...(budget.enabled === false ? [] : disruptionBudget(release, name, { labels, bounds: budget })),
    deployment(release, name, {
      labels,
      replicas: values.replicas,
      pod: {
        serviceAccountName: name,
        securityContext: release.values.podSecurityContext,
        ...placementOf(values),
        containers: [
          container(word, values.image ?? {}, {
            ports: { prometheus: port },
            args: values.extraArgs,
            resources: values.resources,
            securityContext: release.values.containerSecurityContext,
          }),
        ],
      },
    }),
  ];
}
