import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, chartSource } from "../internal/charts";
import { ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";

export interface PrometheusOperatorCrdsArgs {
  /** Namespace that keeps the release's record; the definitions themselves belong to none. A change replaces the release. */
  readonly namespace: pulumi.Input<string>;
  /** Where the chart comes from. Default its public home. */
  readonly mirrors?: Mirrors;
}

/**
 * The custom resource definitions of the Prometheus operator in a release of their own, so that every other chart can make
 * ServiceMonitors before (and without) the monitoring itself. They outlive the release, and with them the objects of those kinds.
 */
export class PrometheusOperatorCrds extends pulumi.ComponentResource {
  /** Gate: ServiceMonitor, PodMonitor and PrometheusRule are known kinds. For `Monitoring` and every chart with monitors. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: PrometheusOperatorCrdsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:PrometheusOperatorCrds", name, {}, opts);
    const release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource(CHARTS.prometheusOperatorCrds, args.mirrors),
        name: "prometheus-operator-crds",
        namespace: args.namespace,
        timeout: 300,
        waitForJobs: true,
        cleanupOnFail: true,
        values: prometheusOperatorCrdsValues(),
      },
      { parent: this },
    );
    this.ready = ready([release]);
    this.registerOutputs({ ready: this.ready });
  }
}

/** Values of the chart `prometheus-operator-crds`. */
export function prometheusOperatorCrdsValues() {
  return { crds: { annotations: { "helm.sh/resource-policy": "keep" } } };
}
