import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import { Problems } from "../internal/problems";
import { chartPodLabels } from "../langfuse/langfuse-names";
import { analysisSpec, rolloutSpec, WEB_ROLLOUT_DEFAULTS, webRolloutNames } from "./web-rollout-spec";

const API_VERSION = "argoproj.io/v1alpha1";

export interface WebRolloutArgs {
  /** Namespace of Langfuse. A change replaces everything. */
  readonly namespace: pulumi.Input<string>;
  /** Name of Langfuse's release, whose web pods have `rollout: true`. Default `langfuse`. A change replaces everything. */
  readonly releaseName?: string;
  /** Bounds and CPU target of the number of pods. */
  readonly autoscaling: WebRolloutAutoscalingArgs;
  /** Pods that it begins with, no fewer than run already. Default the fewest. A later change does nothing. */
  readonly startReplicas?: number;
  /** Seconds that one pod of a new version is watched for. Default 300. */
  readonly pauseSeconds?: number;
  /** Share of failed requests, above 0 and below 1, above which a new version goes back. Default 0.01. */
  readonly maxErrorRate?: number;
  /** PromQL for the share of failed requests, 0 to 1, one element. */
  readonly errorRateQuery: pulumi.Input<string>;
  /** Prometheus that answers it, `http://…:9090`. */
  readonly prometheusUrl: pulumi.Input<string>;
  /** Gate: Argo Rollouts runs. */
  readonly controllerReady: pulumi.Input<string>;
  /** Gate: Langfuse's release is deployed, with its Deployment. */
  readonly releaseReady: pulumi.Input<string>;
}

/** How many pods there are. */
export interface WebRolloutAutoscalingArgs {
  /** Fewest pods, at least 1. */
  readonly minReplicas: number;
  /** Most pods. */
  readonly maxReplicas: number;
  /** Average CPU in percent of the request, 10 to 100. */
  readonly cpuPercent: number;
}

/**
 * Brings new versions of Langfuse's web pods one pod first: a Rollout that takes its template from the chart's Deployment, the
 * judgement between its steps, and the autoscaler, which follows the Rollout. The release, its Service and its disruption budget
 * are not managed here; both select these pods by the same labels.
 */
export class WebRollout extends pulumi.ComponentResource {
  /** Gate: the Rollout's own pods serve. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: WebRolloutArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:WebRollout", name, {}, opts);
    checkWebRolloutArgs(name, args);
    const releaseName = args.releaseName ?? "langfuse";
    const names = webRolloutNames(releaseName);
    const labels = chartPodLabels(releaseName, "web");
    const settings = { ...args, releaseName, startReplicas: args.startReplicas ?? args.autoscaling.minReplicas };
    const metadata = (objectName: string, annotations?: Record<string, string>) => ({
      namespace: args.namespace,
      name: objectName,
      labels,
      ...(annotations === undefined ? {} : { annotations }),
    });
    const analysis = new kubernetes.apiextensions.CustomResource(
      `${name}-analysis`,
      {
        apiVersion: API_VERSION,
        kind: "AnalysisTemplate",
        metadata: metadata(names.analysis),
        spec: analysisSpec(settings),
      },
      { parent: this, dependsOn: after(args.controllerReady) },
    );
    const rollout = new kubernetes.apiextensions.CustomResource(
      `${name}-rollout`,
      {
        apiVersion: API_VERSION,
        kind: "Rollout",
        metadata: metadata(names.rollout, { "pulumi.com/waitFor": "condition=Healthy" }),
        spec: rolloutSpec(settings),
      },
      {
        parent: this,
        dependsOn: after(args.controllerReady, args.releaseReady, ready([analysis])),
        // The autoscaler's from the first minute on.
        ignoreChanges: ["spec.replicas"],
        customTimeouts: { create: "20m", update: "20m", delete: "10m" },
      },
    );
    const autoscaler = new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
      `${name}-autoscaler`,
      { metadata: metadata(names.autoscaler), spec: autoscalerSpec(names.rollout, args.autoscaling) },
      { parent: this, dependsOn: after(ready([rollout])) },
    );
    this.ready = ready([rollout, autoscaler]);
    this.registerOutputs({ ready: this.ready });
  }
}

function autoscalerSpec(rollout: string, { minReplicas, maxReplicas, cpuPercent }: WebRolloutAutoscalingArgs) {
  return {
    scaleTargetRef: { apiVersion: API_VERSION, kind: "Rollout", name: rollout },
    minReplicas,
    maxReplicas,
    metrics: [
      { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: cpuPercent } } },
    ],
  };
}

function checkWebRolloutArgs(name: string, args: WebRolloutArgs): void {
  const problems = new Problems();
  const { minReplicas, maxReplicas, cpuPercent } = args.autoscaling;
  problems.check(Number.isInteger(minReplicas) && minReplicas >= 1 && minReplicas <= maxReplicas, {
    path: "autoscaling.minReplicas",
    rule: "must be a whole number from 1 to maxReplicas",
    got: minReplicas,
    fix: "Use 3.",
  });
  problems.check(cpuPercent >= 10 && cpuPercent <= 100, {
    path: "autoscaling.cpuPercent",
    rule: "must be 10 to 100",
    got: cpuPercent,
    fix: "Use 70.",
  });
  const start = args.startReplicas ?? minReplicas;
  problems.check(Number.isInteger(start) && start >= minReplicas && start <= maxReplicas, {
    path: "startReplicas",
    rule: `must be a whole number from ${minReplicas} to ${maxReplicas}`,
    got: start,
    fix: "Give the number of pods that run now, or leave it out.",
  });
  const { pauseSeconds, maxErrorRate } = { ...WEB_ROLLOUT_DEFAULTS, ...args };
  problems.check(Number.isInteger(pauseSeconds) && pauseSeconds >= 30 && pauseSeconds <= 86400, {
    path: "pauseSeconds",
    rule: "must be a whole number from 30 to 86400",
    got: pauseSeconds,
    fix: "Leave it out, or use 300.",
  });
  problems.check(maxErrorRate > 0 && maxErrorRate < 1, {
    path: "maxErrorRate",
    rule: "must be above 0 and below 1",
    got: maxErrorRate,
    fix: "Leave it out, or use 0.01.",
  });
  problems.throwIfAny("WebRollout", name);
}
