import * as pulumi from "@pulumi/pulumi";
import { Addons, checkVersions } from "../internal/addon-versions";
import { after, ready } from "../internal/gates";
import type { KubernetesMinor } from "../internal/kubernetes-versions";
import type { Placement } from "../internal/pods";
import { Problems } from "../internal/problems";
import { createAddon } from "./addon";
import { addonConfigurations } from "./cluster-addons-configuration";

export interface ClusterAddonsArgs {
  /** Name of the EKS cluster. Changing it replaces the add-ons. */
  readonly clusterName: pulumi.Input<string>;
  /** Kubernetes minor of the cluster: `1.34`, `1.35` or `1.36`. */
  readonly kubernetesVersion: string;
  /** Where controllers run, e.g. the system pool; drivers' DaemonSets run on every node. Default anywhere. */
  readonly placement?: Placement;
  /** Pods of CoreDNS and of metrics-server, at least 1. Default 2. */
  readonly replicas?: number;
  /** Also install the EFS CSI driver, for file systems with a mount target in every zone. Default false. */
  readonly sharedFileSystems?: boolean;
  /** Also install Mountpoint for S3, by which pods read a bucket as files with their own identity. Default false. */
  readonly s3Mounts?: boolean;
  /** Also install the FSx CSI driver, for Lustre file systems that exist. Default false. */
  readonly lustreFileSystems?: boolean;
  /** Tags of every EBS volume that the cluster makes; by them volumes are found that outlive it. Default none. */
  readonly volumeTags?: Record<string, string>;
  /** Exact versions of add-ons by EKS name (`coredns`), in place of the pinned ones. Default none. */
  readonly addonVersions?: Record<string, string>;
  /** Gate: nodes on which the controllers can run. Without any, EKS reports the add-ons as degraded and gives up. */
  readonly nodesReady?: pulumi.Input<string>;
  /** Gate: the EBS CSI controller's identity (`EBS_CSI_IDENTITY`) exists. */
  readonly ebsIdentityReady?: pulumi.Input<string>;
  /** Gate: the EFS CSI controller's identity (`EFS_CSI_IDENTITY`) exists. */
  readonly efsIdentityReady?: pulumi.Input<string>;
}

/**
 * EKS add-ons that run on nodes: CoreDNS, snapshot controller, CSI drivers of EBS, EFS, S3 and FSx, metrics-server, and the agent by which EKS
 * finds nodes to repair. Their AWS permissions are made elsewhere, before; so are storage classes, after.
 */
export class ClusterAddons extends pulumi.ComponentResource {
  /** Gate: names resolve in pods. */
  readonly dnsReady: pulumi.Output<string>;
  /** Gate: EBS volumes and snapshots. */
  readonly storageReady: pulumi.Output<string>;
  /** Gate: EFS volumes; open at once without `sharedFileSystems`. */
  readonly sharedStorageReady: pulumi.Output<string>;
  /** Gate: buckets as files; open at once without `s3Mounts`. */
  readonly s3MountsReady: pulumi.Output<string>;
  /** Gate: Lustre volumes; open at once without `lustreFileSystems`. */
  readonly lustreReady: pulumi.Output<string>;
  /** Gate: CPU and memory figures for autoscalers. On destruction metrics outlive whatever waits for it. */
  readonly metricsReady: pulumi.Output<string>;
  /** Gate: all add-ons. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ClusterAddonsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ClusterAddons", name, {}, opts);
    checkClusterAddonsArgs(name, args);
    const configurations = addonConfigurations(args);
    const create = (addon: keyof typeof configurations, ...gates: (pulumi.Input<string> | undefined)[]) =>
      createAddon(
        `${name}-${addon}`,
        {
          addon,
          clusterName: args.clusterName,
          minor: args.kubernetesVersion as KubernetesMinor,
          versions: args.addonVersions,
          configuration: configurations[addon],
          // Volumes are removed behind the namespaces that claimed them, which outlive the add-on: the driver, and the names that it asks for, work until the nodes go.
          preserve: addon === Addons.EbsCsiDriver || addon === Addons.CoreDns,
        },
        { parent: this, dependsOn: after(args.nodesReady, ...gates) },
      );

    const dns = create(Addons.CoreDns);
    const snapshots = create(Addons.SnapshotController);
    // The driver looks for the snapshot API when it starts.
    const ebs = create(Addons.EbsCsiDriver, ready([snapshots]), args.ebsIdentityReady);
    const efs = args.sharedFileSystems ? [create(Addons.EfsCsiDriver, args.efsIdentityReady)] : [];
    // Neither needs an identity: pods read buckets with their own, and Lustre file systems are made elsewhere.
    const s3 = args.s3Mounts ? [create(Addons.S3CsiDriver)] : [];
    const lustre = args.lustreFileSystems ? [create(Addons.FsxCsiDriver)] : [];
    const metrics = create(Addons.MetricsServer);
    const health = create(Addons.NodeMonitoringAgent);

    this.dnsReady = ready([dns]);
    this.storageReady = ready([snapshots, ebs]);
    this.sharedStorageReady = ready(efs);
    this.s3MountsReady = ready(s3);
    this.lustreReady = ready(lustre);
    this.metricsReady = ready([metrics]);
    this.ready = ready([dns, snapshots, ebs, ...efs, ...s3, ...lustre, metrics, health]);
    this.registerOutputs({
      dnsReady: this.dnsReady,
      storageReady: this.storageReady,
      sharedStorageReady: this.sharedStorageReady,
      s3MountsReady: this.s3MountsReady,
      lustreReady: this.lustreReady,
      metricsReady: this.metricsReady,
      ready: this.ready,
    });
  }
}

function checkClusterAddonsArgs(name: string, args: ClusterAddonsArgs): void {
  const problems = new Problems();
  checkVersions(problems, args.kubernetesVersion, args.addonVersions);
  problems.check(args.replicas === undefined || (Number.isInteger(args.replicas) && args.replicas >= 1), {
    path: "replicas",
    rule: "must be a whole number, 1 or more",
    got: args.replicas,
    fix: "Correct it; 2 is the default.",
  });
  problems.throwIfAny("ClusterAddons", name);
}
