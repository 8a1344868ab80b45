import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, type Chart, chartSource } from "../internal/charts";
import { after, ready } from "../internal/gates";
import { type GpuSharingArgs, sharingProblems } from "../internal/gpu-sharing";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources } from "../internal/pods";
import { Problems } from "../internal/problems";
import { dcgmExporterValues, efaDevicePluginValues, nvidiaDevicePluginValues } from "./gpu-runtime-values";

export interface GpuRuntimeArgs {
  /**
   * Namespace of the releases, of Pod Security `privileged`: they reach GPUs and the kubelet's sockets. A change replaces the
   * releases.
   */
  readonly namespace: pulumi.Input<string>;
  /** Every way in which pools share GPUs (`gpuSharing` of `NodePool`), in any order. Default one pod a GPU everywhere. */
  readonly sharing?: GpuSharingArgs[];
  /** Also offer EFA interfaces to pods, for pools with `efa`. Default false. */
  readonly efa?: boolean;
  /** Whether the exporter's chart makes a ServiceMonitor; needs `monitorsReady`. Default false. */
  readonly serviceMonitors?: boolean;
  /** Requests and limits of the exporter on each node. Default 100m/256Mi to 500m/1Gi. */
  readonly exporterResources?: ContainerResources;
  /** Where charts and images come from. Default their public homes. */
  readonly mirrors?: Mirrors;
  /** Gate: ServiceMonitors are a known kind. */
  readonly monitorsReady?: pulumi.Input<string>;
  /** Gate: policies that let the device plugin read its node's labels, and Prometheus read metrics, are in place. */
  readonly policiesReady?: pulumi.Input<string>;
}

/**
 * What makes GPUs of nodes usable: NVIDIA's device plugin, which offers them to pods, the DCGM exporter, which measures them,
 * and for EFA its own device plugin. All run on every node of a `NodePool` with GPUs, none on others; a new node gets them by
 * itself. One per cluster. Drivers come with the nodes' image. A cluster with EKS Auto Mode or Bottlerocket has a device plugin already.
 */
export class GpuRuntime extends pulumi.ComponentResource {
  /** Gate: nodes that are there offer their GPUs, and EFA. For every pod that asks for some. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: GpuRuntimeArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:GpuRuntime", name, {}, opts);
    checkGpuRuntimeArgs(name, args);
    const install = (role: string, chart: Chart, values: Record<string, unknown>) =>
      new kubernetes.helm.v3.Release(
        `${name}-${role}`,
        {
          ...chartSource(chart, args.mirrors),
          name: chart.name,
          namespace: args.namespace,
          timeout: 600,
          waitForJobs: true,
          cleanupOnFail: true,
          values,
        },
        { parent: this, dependsOn: after(args.policiesReady, role === "exporter" ? args.monitorsReady : undefined) },
      );
    const plugin = install("device-plugin", CHARTS.nvidiaDevicePlugin, nvidiaDevicePluginValues(args));
    install("exporter", CHARTS.dcgmExporter, dcgmExporterValues(args));
    const efa = args.efa ? [install("efa", CHARTS.efaDevicePlugin, efaDevicePluginValues(args))] : [];

    // Not the exporter: pods run as well where nobody measures them.
    this.ready = ready([plugin, ...efa]);
    this.registerOutputs({ ready: this.ready });
  }
}

function checkGpuRuntimeArgs(name: string, { sharing = [] }: GpuRuntimeArgs): void {
  const problems = new Problems();
  for (const [index, each] of sharing.entries()) {
    for (const problem of sharingProblems(`sharing[${index}]`, each)) problems.check(false, problem);
  }
  problems.throwIfAny("GpuRuntime", name);
}
