import type * as pulumi from "@pulumi/pulumi";
import { chartPodLabels, langfuseNames, WEB_PORT } from "../langfuse/langfuse-names";

const COMPONENT = "web";

/** Names of what stands beside the chart's own Deployment. */
export function webRolloutNames(releaseName: string) {
  const { webDeployment } = langfuseNames(releaseName);
  return {
    rollout: webDeployment,
    analysis: `${webDeployment}-error-rate`,
    // Not the chart's own, which Helm removes in the same `up`.
    autoscaler: `${webDeployment}-rollout`,
  };
}

/**
 * Share of requests of a Service that end with a status of 500 or more, 0 to 1, as Traefik counts them. It names a Service of an
 * Ingress by namespace, name and port.
 */
export function traefikErrorRate(namespace: string, service: string, port: number, window: string): string {
  const requests = (further: string) =>
    `sum(rate(traefik_service_requests_total{service="${namespace}-${service}-${port}@kubernetes"${further}}[${window}]))`;
  return `${requests(',code=~"5.."')} / ${requests("")}`;
}

/** The same of Langfuse's web Service. */
export function webErrorRate(namespace: string, releaseName: string, seconds: number): string {
  return traefikErrorRate(namespace, langfuseNames(releaseName).webService, WEB_PORT, `${seconds}s`);
}

export const WEB_ROLLOUT_DEFAULTS = { pauseSeconds: 300, maxErrorRate: 0.01 } as const;

/** What the specifications depend on; `WebRolloutArgs` carries all of it. */
export interface WebRolloutSettings {
  readonly releaseName: string;
  readonly prometheusUrl: pulumi.Input<string>;
  readonly errorRateQuery: pulumi.Input<string>;
  readonly startReplicas: number;
  readonly pauseSeconds?: number;
  readonly maxErrorRate?: number;
}

/**
 * One pod of the new version, a pause, a judgement, then all. The pods' template stays in the chart's Deployment, which the
 * controller empties as its own pods come: at no time are there fewer than `startReplicas`.
 */
export function rolloutSpec(settings: WebRolloutSettings) {
  const { releaseName, startReplicas, pauseSeconds = WEB_ROLLOUT_DEFAULTS.pauseSeconds } = settings;
  const names = webRolloutNames(releaseName);
  return {
    replicas: startReplicas,
    revisionHistoryLimit: 5,
    progressDeadlineSeconds: 900,
    selector: { matchLabels: chartPodLabels(releaseName, COMPONENT) },
    workloadRef: {
      apiVersion: "apps/v1",
      kind: "Deployment",
      name: langfuseNames(releaseName).webDeployment,
      scaleDown: "progressively",
    },
    strategy: {
      canary: {
        maxSurge: "25%",
        maxUnavailable: 0,
        steps: [
          // Without a router that splits requests a weight is a number of pods, and the smallest is one.
          { setWeight: 1 },
          { pause: { duration: `${pauseSeconds}s` } },
          { analysis: { templates: [{ templateName: names.analysis }] } },
        ],
      },
    },
  };
}

/** The judgement: three looks at the errors of the pause. No request at all is no error. */
export function analysisSpec(settings: WebRolloutSettings) {
  const limit = settings.maxErrorRate ?? WEB_ROLLOUT_DEFAULTS.maxErrorRate;
  return {
    metrics: [
      {
        name: "error-rate",
        interval: "20s",
        count: 3,
        failureLimit: 1,
        consecutiveErrorLimit: 4,
        successCondition: `len(result) == 0 || isNaN(result[0]) || result[0] <= ${limit}`,
        provider: { prometheus: { address: settings.prometheusUrl, query: settings.errorRateQuery } },
      },
    ],
  };
}
