import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** Which pods are scraped. */
export interface PodMonitorSettings {
  readonly namespace: pulumi.Input<string>;
  /** Name of the PodMonitor. */
  readonly monitor: string;
  /** Labels that the operator puts on the pods. */
  readonly labels: Record<string, string>;
}

/** Lets Prometheus scrape the port `metrics` of an installation's pods. */
export function podMonitor(name: string, settings: PodMonitorSettings, opts: pulumi.CustomResourceOptions): void {
  new kubernetes.apiextensions.CustomResource(
    `${name}-monitor`,
    {
      apiVersion: "monitoring.coreos.com/v1",
      kind: "PodMonitor",
      metadata: { name: settings.monitor, namespace: settings.namespace },
      spec: { selector: { matchLabels: settings.labels }, podMetricsEndpoints: [{ port: "metrics" }] },
    },
    opts,
  );
}
