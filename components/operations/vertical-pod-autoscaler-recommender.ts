import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, chartSource } from "../internal/charts";
import { after, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { verticalPodAutoscalerRecommenderValues } from "./vertical-pod-autoscaler-recommender-values";

export interface VerticalPodAutoscalerRecommenderArgs {
  /** Namespace of the recommender, which admits Pod Security `restricted`. A change replaces the release. */
  readonly namespace: pulumi.Input<string>;
  /** Requests and limits of its pod. Default 50m/256Mi to 500m/512Mi. */
  readonly resources?: ContainerResources;
  /** Where the pod runs. Default anywhere. */
  readonly placement?: Placement;
  /** PriorityClass of the pod. Default the cluster's. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Where chart and image come from. Default their public homes. */
  readonly mirrors?: Mirrors;
  /** Gate: metrics of pods (`metrics.k8s.io`) are served; it has nothing to judge by before. */
  readonly metricsReady?: pulumi.Input<string>;
  /** Gate: policies that let it reach the API server are in place. */
  readonly policiesReady?: pulumi.Input<string>;
}

/**
 * The part of the Vertical Pod Autoscaler that gives advice: it watches pods and writes into the status of their
 * VerticalPodAutoscaler what they should ask for. The parts that would evict pods or change new ones are not installed, so
 * that no mode of any object can make it act. Its kinds outlive the release. VerticalPodAutoscalers are not managed here.
 */
export class VerticalPodAutoscalerRecommender extends pulumi.ComponentResource {
  /** Gate: VerticalPodAutoscalers are a known kind, and are answered. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: VerticalPodAutoscalerRecommenderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:VerticalPodAutoscalerRecommender", name, {}, opts);
    const release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource(CHARTS.verticalPodAutoscaler, args.mirrors),
        name: "vertical-pod-autoscaler",
        namespace: args.namespace,
        timeout: 300,
        waitForJobs: true,
        cleanupOnFail: true,
        values: verticalPodAutoscalerRecommenderValues(args),
      },
      { parent: this, dependsOn: after(args.metricsReady, args.policiesReady) },
    );
    this.ready = ready([release]);
    this.registerOutputs({ ready: this.ready });
  }
}
