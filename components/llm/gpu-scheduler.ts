import * as pulumi from "@pulumi/pulumi";
import { checkVersions } from "../internal/addon-versions";
import { after, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { Problems } from "../internal/problems";
import { GPU_SCHEDULER_NAME } from "./gpu-scheduler-configuration";
import { createSchedulerConfiguration, createSchedulerPods, createSchedulerRights } from "./gpu-scheduler-objects";

export interface GpuSchedulerArgs {
  /** Kubernetes minor of the cluster; the image follows it. Upgrade the control plane first, as Pulumi's order does. */
  readonly kubernetesVersion: string;
  /** Pods, of which one leads; at least 1, and from 2 on spread and kept by a disruption budget. Default 2. */
  readonly replicas?: number;
  /** Requests and limits of each pod. Default 100m/128Mi to 1/512Mi. */
  readonly resources?: ContainerResources;
  /** Image with its registry and an exact tag or digest, at most of the cluster's minor. Default Kubernetes' own, pinned. */
  readonly image?: string;
  /** Where the pods run, e.g. the system pool. Default anywhere. */
  readonly placement?: Placement;
  /** Where the image comes from. Default its public home. */
  readonly mirrors?: Mirrors;
}

/**
 * A second kube-scheduler beside the cluster's own, in kube-system: fills GPU nodes one after the other, so that whole nodes stay
 * free, or go. It places the pods that name it in `schedulerName` and no others; those of all other pods stay with EKS. One per
 * cluster. It has the rights of Kubernetes' own scheduler by the roles that the API server keeps up to date.
 */
export class GpuScheduler extends pulumi.ComponentResource {
  /** Name for `schedulerName` of pods, with the dependency on the scheduler: `gpu-scheduler`. */
  readonly schedulerName: pulumi.Output<string>;
  /** Gate: the scheduler runs. Pods that name it stay pending until then. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: GpuSchedulerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:GpuScheduler", name, {}, opts);
    checkGpuSchedulerArgs(name, args);
    const rights = createSchedulerRights(name, { parent: this });
    const configuration = createSchedulerConfiguration(name, { parent: this });
    const pods = createSchedulerPods(name, args, configuration, { parent: this, dependsOn: after(ready(rights)) });

    this.ready = ready([pods]);
    this.schedulerName = this.ready.apply(() => GPU_SCHEDULER_NAME);
    this.registerOutputs({ schedulerName: this.schedulerName, ready: this.ready });
  }
}

function checkGpuSchedulerArgs(name: string, args: GpuSchedulerArgs): void {
  const problems = new Problems();
  checkVersions(problems, args.kubernetesVersion, undefined);
  const replicas = args.replicas ?? 2;
  problems.check(Number.isInteger(replicas) && replicas >= 1, {
    path: "replicas",
    rule: "must be a whole number of at least 1",
    got: replicas,
    fix: "Use 2.",
  });
  problems.check(args.image === undefined || /^[^\s@]+(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})$/.test(args.image), {
    path: "image",
    rule: "must be an image with an exact tag or digest",
    got: args.image,
    fix: "Name a release, such as registry.k8s.io/kube-scheduler:v1.35.4, or leave it out.",
  });
  problems.throwIfAny("GpuScheduler", name);
}
