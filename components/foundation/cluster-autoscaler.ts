import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkVersions } from "../internal/addon-versions";
import { CHARTS, chartSource } from "../internal/charts";
import { after, ready } from "../internal/gates";
import type { KubernetesMinor } from "../internal/kubernetes-versions";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { Problems } from "../internal/problems";
import { CLUSTER_AUTOSCALER_IDENTITY } from "./addon-identities";
import { clusterAutoscalerValues } from "./cluster-autoscaler-values";

export interface ClusterAutoscalerArgs {
  /** Name of the EKS cluster whose node groups are scaled. */
  readonly clusterName: pulumi.Input<string>;
  /** Region of the cluster, e.g. `us-east-1`. */
  readonly region: string;
  /** Kubernetes minor of the cluster; the image follows it. */
  readonly kubernetesVersion: string;
  /** Pods, of which one leads; at least 1. Default 2. */
  readonly replicas?: number;
  /** Requests and limits of one pod. Default 100m and 512Mi, up to 1 CPU and 1Gi. */
  readonly resources?: ContainerResources;
  /** Where it runs: a pool that it does not empty, e.g. the system pool. Default anywhere. */
  readonly placement?: Placement;
  /** Gate: the identity of `CLUSTER_AUTOSCALER_IDENTITY` exists. Pods admitted earlier never get credentials. */
  readonly identityReady?: pulumi.Input<string>;
  /** Annotations of its ServiceAccount, for an identity by IRSA. Default none. */
  readonly serviceAccountAnnotations?: pulumi.Input<Record<string, string>>;
  /** Where chart and image are taken from. */
  readonly mirrors?: Mirrors;
}

/**
 * Cluster Autoscaler in kube-system: adds nodes for pods that fit nowhere and removes nodes that are not needed, within the
 * bounds of each node group. The groups and its AWS permissions are made elsewhere.
 */
export class ClusterAutoscaler extends pulumi.ComponentResource {
  /** Gate: the autoscaler runs. Workloads that need more nodes than `minSize` wait for it. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ClusterAutoscalerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ClusterAutoscaler", name, {}, opts);
    checkClusterAutoscalerArgs(name, args);
    const release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource(CHARTS.clusterAutoscaler, args.mirrors),
        name: "cluster-autoscaler",
        namespace: CLUSTER_AUTOSCALER_IDENTITY.namespace,
        timeout: 600,
        waitForJobs: true,
        cleanupOnFail: true,
        values: clusterAutoscalerValues({
          clusterName: args.clusterName,
          region: args.region,
          minor: args.kubernetesVersion as KubernetesMinor,
          replicas: args.replicas ?? 2,
          resources: args.resources ?? DEFAULT_RESOURCES,
          placement: args.placement,
          serviceAccountAnnotations: args.serviceAccountAnnotations,
          mirrors: args.mirrors,
        }),
      },
      { parent: this, dependsOn: after(args.identityReady) },
    );
    this.ready = ready([release]);
    this.registerOutputs({ ready: this.ready });
  }
}

const DEFAULT_RESOURCES: ContainerResources = {
  requests: { cpu: "100m", memory: "512Mi" },
  limits: { cpu: "1", memory: "1Gi" },
};

function checkClusterAutoscalerArgs(name: string, args: ClusterAutoscalerArgs): void {
  const problems = new Problems();
  checkVersions(problems, args.kubernetesVersion, undefined);
  problems.check(args.replicas === undefined || (Number.isInteger(args.replicas) && args.replicas >= 1), {
    path: "replicas",
    rule: "must be a whole number, 1 or more",
    got: args.replicas,
    fix: "Correct it; 2 is the default.",
  });
  problems.throwIfAny("ClusterAutoscaler", name);
}
