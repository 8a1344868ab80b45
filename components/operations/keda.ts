import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, chartSource } from "../internal/charts";
import { after, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { Problems } from "../internal/problems";
import { kedaValues } from "./keda-values";

export interface KedaArgs {
  /** Namespace of KEDA. A change replaces the release. */
  readonly namespace: pulumi.Input<string>;
  /** Pods of operator, metrics server and webhooks each; from 2 on they are spread over zones and kept by disruption budgets. Default 2. */
  readonly replicas?: number;
  /** Requests and limits of each pod. Default 100m/128Mi to 1/512Mi. */
  readonly resources?: ContainerResources;
  /** Whether the chart makes ServiceMonitors; needs `monitorsReady`. Default false. */
  readonly serviceMonitors?: boolean;
  /** Where the pods run. Default anywhere. */
  readonly placement?: Placement;
  /** PriorityClass of the pods. Default the cluster's. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Where chart and images come from. Default their public homes. */
  readonly mirrors?: Mirrors;
  /** Gate: ServiceMonitors are a known kind. */
  readonly monitorsReady?: pulumi.Input<string>;
  /** Gate: policies that let KEDA reach the API server and its metric sources are in place. */
  readonly policiesReady?: pulumi.Input<string>;
}

/**
 * KEDA: scales workloads by queue length and other events. One per cluster: it owns the API `external.metrics.k8s.io`. Its
 * custom resource definitions outlive the release, and with them the objects of those kinds. ScaledObjects are not managed
 * here; they wait for `ready`, and so go before KEDA, which alone can remove their finalizers.
 */
export class Keda extends pulumi.ComponentResource {
  /** Gate: operator, metrics server and webhooks run. For every ScaledObject. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: KedaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:Keda", name, {}, opts);
    checkKedaArgs(name, args);
    const release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource(CHARTS.keda, args.mirrors),
        name: "keda",
        namespace: args.namespace,
        timeout: 600,
        waitForJobs: true,
        cleanupOnFail: true,
        values: kedaValues(args),
      },
      {
        parent: this,
        dependsOn: after(args.monitorsReady, args.policiesReady),
        customTimeouts: { create: "15m", update: "15m", delete: "15m" },
      },
    );
    this.ready = ready([release]);
    this.registerOutputs({ ready: this.ready });
  }
}

function checkKedaArgs(name: string, args: KedaArgs): void {
  const problems = new Problems();
  const replicas = args.replicas ?? 2;
  problems.check(Number.isInteger(replicas) && replicas >= 1, {
    path: "replicas",
    rule: "must be a whole number of at least 1",
    got: replicas,
    fix: "Use 2.",
  });
  problems.throwIfAny("Keda", name);
}
