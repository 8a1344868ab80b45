import { EFA_NODE_LABELS, GPU_NODE_LABELS } from "../internal/gpu-nodes";
import { type GpuSharingArgs, sharingConfiguration, sharingName } from "../internal/gpu-sharing";
import { IMAGES, imageParts, imageRepository } from "../internal/images";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources } from "../internal/pods";

/** What the values of the three charts depend on; `GpuRuntimeArgs` carries all of it. */
export interface GpuRuntimeSettings {
  readonly sharing?: GpuSharingArgs[];
  readonly serviceMonitors?: boolean;
  readonly exporterResources?: ContainerResources;
  readonly mirrors?: Mirrors;
}

/** Name of the configuration of nodes that share nothing. */
const WHOLE = "default";

/** The pods belong to their node, whatever else is kept away from it; the label alone says which nodes are meant. */
const EVERY_TAINT = [{ operator: "Exists" }];

const PLUGIN_RESOURCES: ContainerResources = {
  requests: { cpu: "50m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

/** The chart's own limit of 512Mi is too little where eight GPUs are read with profiling. */
const EXPORTER_RESOURCES: ContainerResources = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { cpu: "500m", memory: "1Gi" },
};

/**
 * Values of the chart `nvidia-device-plugin`. Its affinity asks for a label of node feature discovery, which nobody installs here,
 * or for that of our pools, by which alone it is placed. Security contexts are the chart's: nothing but MIG needs more than none.
 * MPS' control daemon is always part of the release, and runs on nodes that are labelled for it.
 */
export function nvidiaDevicePluginValues({ sharing = [], mirrors }: GpuRuntimeSettings) {
  const partitioned = sharing.some(({ mig }) => mig !== undefined);
  const map: Record<string, string> = { [WHOLE]: '{"version":"v1"}' };
  for (const each of sharing) map[sharingName(each)] = sharingConfiguration(each);
  return {
    image: {
      repository: imageRepository(IMAGES.nvidiaDevicePlugin, mirrors),
      tag: imageParts(IMAGES.nvidiaDevicePlugin, mirrors).tag,
      pullPolicy: "IfNotPresent",
    },
    // A node that has the label and no GPU is an error, and shows as one.
    failOnInitError: true,
    deviceListStrategy: "envvar",
    // An environment variable beats the configuration of a node, so that with partitions anywhere nothing is said here.
    ...(partitioned ? {} : { migStrategy: "none" }),
    // Nodes without a label of their own take the default.
    ...(sharing.length === 0 ? {} : { config: { map, default: WHOLE, fallbackStrategies: ["named"] } }),
    gfd: { enabled: false },
    nfd: { enabled: false },
    nodeSelector: GPU_NODE_LABELS,
    tolerations: EVERY_TAINT,
    resources: PLUGIN_RESOURCES,
  };
}

/**
 * Values of the chart `dcgm-exporter`. It reads performance counters, for which it is root and has SYS_ADMIN, by the chart's
 * own security context.
 */
export function dcgmExporterValues({ serviceMonitors, exporterResources, mirrors }: GpuRuntimeSettings) {
  return {
    image: {
      repository: imageRepository(IMAGES.dcgmExporter, mirrors),
      tag: imageParts(IMAGES.dcgmExporter, mirrors).tag,
      pullPolicy: "IfNotPresent",
    },
    nodeSelector: GPU_NODE_LABELS,
    tolerations: EVERY_TAINT,
    resources: exporterResources ?? EXPORTER_RESOURCES,
    // Namespace and pod of whoever uses the GPU arrive as `exported_namespace` and `exported_pod`.
    serviceMonitor: { enabled: serviceMonitors ?? false, interval: "15s", scrapeTimeout: "10s", honorLabels: false },
  };
}

/** Values of the chart `aws-efa-k8s-device-plugin`: on nodes that have interfaces, not on all of a type that might. */
export function efaDevicePluginValues({ mirrors }: GpuRuntimeSettings) {
  return {
    image: {
      repository: imageRepository(IMAGES.efaDevicePlugin, mirrors),
      tag: imageParts(IMAGES.efaDevicePlugin, mirrors).tag,
    },
    nodeSelector: EFA_NODE_LABELS,
    tolerations: EVERY_TAINT,
    resources: { requests: { cpu: "10m", memory: "20Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
  };
}
