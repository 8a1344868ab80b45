import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, chartSource } from "../internal/charts";
import { after, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { Problems } from "../internal/problems";
import { leaderWorkerSetsValues } from "./leader-worker-sets-values";

export interface LeaderWorkerSetsArgs {
  /** Namespace of the controller. A change replaces the release. */
  readonly namespace: pulumi.Input<string>;
  /** Pods of the controller, of which one leads. Default 2. */
  readonly replicas?: number;
  /** Requests and limits of each pod. Default 100m/256Mi to 1/1Gi. */
  readonly resources?: ContainerResources;
  /** Where the pods run. Default anywhere. */
  readonly placement?: Placement;
  /** PriorityClass of the pods. Default the cluster's. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Where chart and image come from. Default their public homes. */
  readonly mirrors?: Mirrors;
  /** Gate: policies that let the API server reach the webhooks, and the controller the API server, are in place. */
  readonly policiesReady?: pulumi.Input<string>;
}

/**
 * The kind LeaderWorkerSet and its controller: groups of pods on several nodes that start, fail and scale together. One per
 * cluster. Needed only by model servers that span nodes. Helm never updates the kind: after a new version of the chart, apply its `crds/`.
 */
export class LeaderWorkerSets extends pulumi.ComponentResource {
  /** Gate: the kind is known and attended to. For `ModelServerGates.groupsReady`. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: LeaderWorkerSetsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:LeaderWorkerSets", name, {}, opts);
    checkLeaderWorkerSetsArgs(name, args);
    const release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource(CHARTS.leaderWorkerSets, args.mirrors),
        name: "lws",
        namespace: args.namespace,
        timeout: 600,
        waitForJobs: true,
        cleanupOnFail: true,
        values: leaderWorkerSetsValues(args),
      },
      {
        parent: this,
        dependsOn: after(args.policiesReady),
        customTimeouts: { create: "15m", update: "15m", delete: "15m" },
      },
    );
    this.ready = ready([release]);
    this.registerOutputs({ ready: this.ready });
  }
}

function checkLeaderWorkerSetsArgs(name: string, { replicas = 2 }: LeaderWorkerSetsArgs): void {
  const problems = new Problems();
  problems.check(Number.isInteger(replicas) && replicas >= 1, {
    path: "replicas",
    rule: "must be a whole number of at least 1",
    got: replicas,
    fix: "Use 2.",
  });
  problems.throwIfAny("LeaderWorkerSets", name);
}
