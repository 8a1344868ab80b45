import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { CHARTS, chartSource } from "../internal/charts";
import { after, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { checkMonitoringArgs } from "./monitoring-checks";
import { GRAFANA_SECRET, MONITORING_RELEASE, monitoringValues } from "./monitoring-values";

/** How much Prometheus keeps, and where. */
export interface PrometheusStorage {
  /** Days that samples are kept for, at least 1. */
  readonly retentionDays: number;
  /** Size of the volume in Kubernetes' quantities, e.g. `50Gi`; samples beyond 85 % of it go early. It can grow, never shrink. */
  readonly size: string;
  /** StorageClass, bound where the pod lands. A change affects new volumes only. Default the cluster's default class. */
  readonly storageClass?: pulumi.Input<string>;
}

export interface MonitoringArgs {
  /**
   * Namespace of the monitoring. It must admit Pod Security `privileged` as long as `nodeExporter` is on: that one pod a
   * node shares the node's network and process ids and mounts its root. Everything else passes `restricted`. A change
   * replaces the release.
   */
  readonly namespace: pulumi.Input<string>;
  /** How much Prometheus keeps, and where. */
  readonly prometheus: PrometheusStorage;
  /** Requests and limits of Prometheus. Default 200m/1Gi to 1/2Gi. */
  readonly prometheusResources?: ContainerResources;
  /** Requests and limits of Grafana. Default 100m/256Mi to 500m/512Mi. */
  readonly grafanaResources?: ContainerResources;
  /** Requests and limits of Alertmanager. Default 20m/64Mi to 200m/128Mi. */
  readonly alertmanagerResources?: ContainerResources;
  /** Volume of Alertmanager's silences and notification log. Default `1Gi`, of Prometheus' StorageClass. */
  readonly alertmanagerSize?: pulumi.Input<string>;
  /** Any text; a change makes a new password for Grafana's administrator and restarts Grafana. Default `1`. */
  readonly secretsRevision?: string;
  /** Whether each node runs the exporter of its own metrics, on every node whatever its taints. Default true. */
  readonly nodeExporter?: boolean;
  /** Where everything runs but the node exporter and what `storagePlacement` names. Default anywhere. */
  readonly placement?: Placement;
  /**
   * Where Prometheus and Alertmanager run, whose volumes lie in one zone each: nodes of one group a zone, or the autoscaler
   * cannot find them a machine in that zone. Default `placement`.
   */
  readonly storagePlacement?: Placement;
  /** PriorityClass of everything but the node exporter. Default the cluster's. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Where chart and images come from. Default their public homes. */
  readonly mirrors?: Mirrors;
  /** Gate of `PrometheusOperatorCrds`. */
  readonly crdsReady: pulumi.Input<string>;
  /** Gate: cert-manager signs the certificate of the admission webhook. Without it a Job of the chart makes one. */
  readonly certManagerReady?: pulumi.Input<string>;
  /** Gate: the StorageClass and the driver behind it are there. */
  readonly storageReady?: pulumi.Input<string>;
  /** Gate: policies that let the monitoring scrape are in place. */
  readonly policiesReady?: pulumi.Input<string>;
}

/**
 * Prometheus, Alertmanager, Grafana and the exporters of nodes and Kubernetes objects, for EKS: what the control plane hides
 * is not watched for. Every ServiceMonitor, PodMonitor, Probe, ScrapeConfig and PrometheusRule of the cluster counts, whoever
 * made it. The definitions of those kinds, receivers of alerts and an ingress are not managed here.
 */
export class Monitoring extends pulumi.ComponentResource {
  /** Where Prometheus answers inside the cluster. For Grafana's data sources, KEDA and tools. */
  readonly prometheusUrl: pulumi.Output<string>;
  /** Secret with Grafana's administrator: keys `admin-user` and `admin-password`. For people. */
  readonly grafanaSecretName: pulumi.Output<string>;
  /** Gate: the operator and Grafana run. The operator starts Prometheus and Alertmanager after that; Helm does not see them. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: MonitoringArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:Monitoring", name, {}, opts);
    checkMonitoringArgs(name, args);
    const password = new random.RandomPassword(
      `${name}-grafana-password`,
      { length: 32, special: false, keepers: { revision: args.secretsRevision ?? "1" } },
      { parent: this },
    );
    const credentials = new kubernetes.core.v1.Secret(
      `${name}-grafana-admin`,
      {
        metadata: { name: GRAFANA_SECRET, namespace: args.namespace },
        stringData: { "admin-user": "admin", "admin-password": password.result },
      },
      { parent: this },
    );
    const release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource(CHARTS.kubePrometheusStack, args.mirrors),
        name: MONITORING_RELEASE,
        namespace: args.namespace,
        timeout: 900,
        waitForJobs: true,
        cleanupOnFail: true,
        // The kinds come from a release of their own.
        skipCrds: true,
        values: monitoringValues(args),
      },
      {
        parent: this,
        dependsOn: after(
          ready([credentials]),
          args.crdsReady,
          args.certManagerReady,
          args.storageReady,
          args.policiesReady,
        ),
        customTimeouts: { create: "20m", update: "20m", delete: "15m" },
      },
    );
    this.ready = ready([release]);
    this.prometheusUrl = pulumi
      .all([args.namespace, this.ready])
      .apply(([namespace]) => `http://${MONITORING_RELEASE}-prometheus.${namespace}.svc.cluster.local:9090`);
    this.grafanaSecretName = credentials.metadata.name;
    this.registerOutputs({
      prometheusUrl: this.prometheusUrl,
      grafanaSecretName: this.grafanaSecretName,
      ready: this.ready,
    });
  }
}
