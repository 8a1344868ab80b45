import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, chartSource } from "../internal/charts";
import { after, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { Problems } from "../internal/problems";
import { LOAD_BALANCER_CONTROLLER, loadBalancerControllerValues } from "./load-balancer-controller-values";

export interface LoadBalancerControllerArgs {
  /** Name of the EKS cluster; the controller tags what it makes with it. */
  readonly clusterName: pulumi.Input<string>;
  /** Region of the cluster. */
  readonly region: pulumi.Input<string>;
  /** VPC of the cluster. */
  readonly vpcId: pulumi.Input<string>;
  /** Gate of the identity (`loadBalancerControllerStatements`) of kube-system/aws-load-balancer-controller: pods admitted earlier never get credentials. */
  readonly identityReady?: pulumi.Input<string>;
  /** Annotations of the ServiceAccount; needed for IRSA alone. Default none. */
  readonly serviceAccountAnnotations?: pulumi.Input<Record<string, string>>;
  /** Creates the IngressClass `alb`; only for platforms whose Ingresses become Application Load Balancers. Default false. */
  readonly albIngressClass?: boolean;
  /** Number of pods, at least 1; one is the leader. Default 2. */
  readonly replicas?: number;
  /** Requests and limits. Default 100m/128Mi to 500m/512Mi. */
  readonly resources?: ContainerResources;
  /** Where the pods go. Default anywhere. */
  readonly placement?: Placement;
  /** Creates a ServiceMonitor, for which Prometheus operator CRDs must exist. Default false. */
  readonly serviceMonitors?: boolean;
  /** Gate of the Prometheus operator CRDs; for `serviceMonitors`. */
  readonly monitorCrdsReady?: pulumi.Input<string>;
  /** Where the chart and the image come from instead of their public homes. */
  readonly mirrors?: Mirrors;
}

/**
 * The AWS Load Balancer Controller in kube-system: registers pods with target groups (TargetGroupBinding) and, for Ingresses
 * of class `alb`, makes Application Load Balancers. One Helm release. Its IAM role is not managed here.
 * Every TargetGroupBinding and every `alb` Ingress must wait for `ready`, since only the controller can remove their finalizers.
 */
export class LoadBalancerController extends pulumi.ComponentResource {
  /** Gate: webhooks answer and the CRDs exist; for TargetGroupBindings and Ingresses. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:LoadBalancerController", name, {}, opts);
    checkLoadBalancerControllerArgs(name, args);

    const release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource(CHARTS.loadBalancerController, args.mirrors),
        name: LOAD_BALANCER_CONTROLLER.releaseName,
        namespace: LOAD_BALANCER_CONTROLLER.namespace,
        timeout: 600,
        waitForJobs: true,
        cleanupOnFail: true,
        values: loadBalancerControllerValues({
          ...args,
          replicas: args.replicas ?? 2,
          albIngressClass: args.albIngressClass ?? false,
          serviceMonitors: args.serviceMonitors ?? false,
        }),
      },
      { parent: this, dependsOn: after(args.identityReady, args.monitorCrdsReady) },
    );

    this.ready = ready([release]);
    this.registerOutputs({ ready: this.ready });
  }
}

function checkLoadBalancerControllerArgs(name: string, args: LoadBalancerControllerArgs): void {
  const problems = new Problems();
  problems.check(args.replicas === undefined || (Number.isInteger(args.replicas) && args.replicas >= 1), {
    path: "replicas",
    rule: "must be a whole number of at least 1",
    got: args.replicas,
    fix: "Set 2 so that one pod can be replaced while the other works.",
  });
  problems.throwIfAny("LoadBalancerController", name);
}
