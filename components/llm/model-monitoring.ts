import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import { alertRules, type ModelObjectivesArgs } from "./model-alerts";
import { modelDashboard } from "./model-dashboard";
import { MODEL_MONITOR } from "./model-metrics";
import { checkModelMonitoringArgs } from "./model-monitoring-checks";
import { modelMonitorSpecs } from "./model-monitoring-spec";
import { recordingRules } from "./model-rules";

export interface ModelMonitoringArgs {
  /** Namespace of the model servers, all of which are watched. A change replaces everything. */
  readonly namespace: pulumi.Input<string>;
  /** What is promised to callers. Default: 95 of 100 requests see their first token within 2 s, and 95 of 100 do not fail. */
  readonly objectives?: ModelObjectivesArgs;
  /** Whether Traefik's metrics wake servers that sleep (`autoscaling.wakeUp`): it is told then when they are missing. Default false. */
  readonly wokenByGateway?: boolean;
  /** Whether vLLM's router is scraped as well, where `ModelRouter` runs in the namespace. Default false. */
  readonly router?: boolean;
  /** Whether Grafana gets a dashboard. Default true. */
  readonly dashboard?: boolean;
  /** Gate: PodMonitor and PrometheusRule are known kinds. */
  readonly monitorsReady: pulumi.Input<string>;
}

/**
 * Metrics of all model servers of a namespace: what is scraped, series under lasting names, alerts and a dashboard. Prometheus,
 * Grafana and whoever receives alerts are not managed here; `Monitoring` finds all of these objects by itself.
 */
export class ModelMonitoring extends pulumi.ComponentResource {
  /** Gate: metrics of servers are collected. For what scales or judges by them. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ModelMonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ModelMonitoring", name, {}, opts);
    checkModelMonitoringArgs(name, args);
    const { namespace } = args;
    const options = { parent: this, dependsOn: after(args.monitorsReady) };
    const monitors = Object.entries(modelMonitorSpecs(args.router ?? false)).map(
      ([monitor, spec]) =>
        new kubernetes.apiextensions.CustomResource(
          `${name}-monitor-${monitor}`,
          {
            apiVersion: "monitoring.coreos.com/v1",
            kind: "PodMonitor",
            metadata: { name: monitor, namespace },
            spec,
          },
          options,
        ),
    );
    new kubernetes.apiextensions.CustomResource(
      `${name}-rules`,
      {
        apiVersion: "monitoring.coreos.com/v1",
        kind: "PrometheusRule",
        metadata: { name: MODEL_MONITOR, namespace },
        spec: pulumi.output(namespace).apply((known) => ({
          groups: [
            { name: "model-servers.records", rules: recordingRules(known) },
            { name: "model-servers.alerts", rules: alertRules(known, args.objectives, args.wokenByGateway) },
          ],
        })),
      },
      options,
    );
    if (args.dashboard ?? true) dashboard(name, namespace, { parent: this });
    this.ready = ready(monitors);
    this.registerOutputs({ ready: this.ready });
  }
}

function dashboard(name: string, namespace: pulumi.Input<string>, opts: pulumi.CustomResourceOptions): void {
  new kubernetes.core.v1.ConfigMap(
    `${name}-dashboard`,
    {
      metadata: {
        name: "model-servers-dashboard",
        namespace,
        // What Grafana's side container of kube-prometheus-stack looks for.
        labels: { grafana_dashboard: "1" },
        annotations: { grafana_folder: "Models" },
      },
      data: {
        "model-servers.json": pulumi.output(namespace).apply((known) => JSON.stringify(modelDashboard(known), null, 1)),
      },
    },
    opts,
  );
}
