import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, chartSource } from "../internal/charts";
import { after, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { Problems } from "../internal/problems";
import { ARGO_ROLLOUTS, argoRolloutsValues } from "./argo-rollouts-values";

export interface ArgoRolloutsArgs {
  /** Namespace of the controller. A change replaces the release. */
  readonly namespace: pulumi.Input<string>;
  /** Pods of the controller, of which one leads. Default 2. */
  readonly replicas?: number;
  /** Requests and limits of each pod. Default 100m/128Mi to 1/512Mi. */
  readonly resources?: ContainerResources;
  /** Whether the chart makes a ServiceMonitor; needs `monitorsReady`. Default false. */
  readonly serviceMonitors?: boolean;
  /** Where the pods run. Default anywhere. */
  readonly placement?: Placement;
  /** PriorityClass of the pods. Default the cluster's. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Where chart and image come from. Default their public homes. */
  readonly mirrors?: Mirrors;
  /** Gate: ServiceMonitors are a known kind. */
  readonly monitorsReady?: pulumi.Input<string>;
  /** Gate: the namespace's policies are in place. */
  readonly policiesReady?: pulumi.Input<string>;
}

/**
 * Argo Rollouts: runs pods of a workload in steps, with a judgement between them. Its custom resource definitions outlive the
 * release. Rollouts are not managed here; they wait for `ready`.
 */
export class ArgoRollouts extends pulumi.ComponentResource {
  /** Gate: the controller runs. For every Rollout and AnalysisTemplate. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ArgoRolloutsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ArgoRollouts", name, {}, opts);
    const problems = new Problems();
    const replicas = args.replicas ?? 2;
    problems.check(Number.isInteger(replicas) && replicas >= 1, {
      path: "replicas",
      rule: "must be a whole number of at least 1",
      got: replicas,
      fix: "Use 2.",
    });
    problems.throwIfAny("ArgoRollouts", name);
    const release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource(CHARTS.argoRollouts, args.mirrors),
        name: ARGO_ROLLOUTS.release,
        namespace: args.namespace,
        timeout: 600,
        waitForJobs: true,
        cleanupOnFail: true,
        values: argoRolloutsValues(args),
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
