import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { configMap, serviceAccount } from "./objects";
import { fullName, type StandIn, type StandInRelease, selectorLabels } from "./release";
import { container, daemonSet, placementOf } from "./workloads";

/** Where the chart runs unless told otherwise: node feature discovery sets the first label, and nobody the second. */
const AFFINITY = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: ["feature.node.kubernetes.io/pci-10de.present", "nvidia.com/gpu.present"].map((key) => ({
        matchExpressions: [{ key, operator: "In", values: ["true"] }],
      })),
    },
  },
};

const TOLERATIONS = [
  { key: "CriticalAddonsOnly", operator: "Exists" },
  { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" },
];

/** NVIDIA's device plugin: what offers GPUs, and MPS' control daemon, which runs where a label asks for it. */
export const nvidiaDevicePlugin: StandIn = (release) => {
  const { values } = release;
  const name = fullName(release);
  const labels = selectorLabels(release, "nvidia-device-plugin");
  const daemons = `${name}-mps-control-daemon`;
  return {
    objects: [
      serviceAccount(release, `${name}-service-account`, labels),
      ...configurations(release, labels),
      daemonSet(release, name, { labels, strategy: values.updateStrategy, pod: pluginPod(release) }),
      daemonSet(release, daemons, { labels, strategy: values.updateStrategy, pod: mpsPod(release) }),
    ],
  };
};

/** Configurations by name, when there are any; a sidecar then picks the one that the node's label names. */
function configurations(release: StandInRelease, labels: Readonly<Record<string, string>>): KubernetesObject[] {
  const map: Record<string, string> = release.values.config?.map ?? {};
  return Object.keys(map).length === 0 ? [] : [configMap(release, `${fullName(release)}-configs`, labels, map)];
}

function podOf(release: StandInRelease): Properties {
  const { values } = release;
  return {
    priorityClassName: "system-node-critical",
    serviceAccountName: `${fullName(release)}-service-account`,
    ...placementOf({
      ...values,
      affinity: values.affinity ?? AFFINITY,
      tolerations: values.tolerations ?? TOLERATIONS,
    }),
  };
}

function pluginPod(release: StandInRelease): Properties {
  const { values } = release;
  const named = values.config?.map !== undefined;
  // Only with partitions is there no word about them in the values.
  const capabilities = named && values.migStrategy === undefined ? { add: ["SYS_ADMIN"] } : { drop: ["ALL"] };
  const securityContext = values.securityContext ?? { allowPrivilegeEscalation: false, capabilities };
  const settings = [{ name: "available-configs", configMap: { name: `${fullName(release)}-configs` } }];
  return {
    ...podOf(release),
    ...(named ? { shareProcessNamespace: true } : {}),
    volumes: [
      { name: "kubelet-device-plugins-dir", hostPath: { path: "/var/lib/kubelet/device-plugins" } },
      ...(named ? settings : []),
    ],
    containers: [
      ...(named ? [container("nvidia-device-plugin-sidecar", values.image ?? {}, { securityContext })] : []),
      container("nvidia-device-plugin-ctr", values.image ?? {}, {
        env: [{ name: "NVIDIA_VISIBLE_DEVICES", value: "all" }],
        resources: values.resources,
        securityContext,
        volumeMounts: [{ name: "kubelet-device-plugins-dir", mountPath: "/var/lib/kubelet/device-plugins" }],
      }),
    ],
  };
}

function mpsPod(release: StandInRelease): Properties {
  const { values } = release;
  const pod = podOf(release);
  return {
    ...pod,
    hostPID: values.mps?.enableHostPID ?? true,
    nodeSelector: { "nvidia.com/mps.capable": "true", ...pod.nodeSelector },
    containers: [
      container("mps-control-daemon-ctr", values.image ?? {}, {
        resources: values.resources,
        securityContext: { privileged: true },
      }),
    ],
  };
}
