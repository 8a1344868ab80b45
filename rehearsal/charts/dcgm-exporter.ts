import { configMap, service, serviceAccount, serviceMonitor } from "./objects";
import { fullName, type StandIn, selectorLabels } from "./release";
import { container, daemonSet, placementOf } from "./workloads";

const PORT = 9400;

/** The chart's own: counters of the GPU are read by root. */
const SECURITY = {
  runAsNonRoot: false,
  runAsUser: 0,
  capabilities: { add: ["SYS_ADMIN"], drop: ["ALL"] },
  allowPrivilegeEscalation: false,
};

/** By default it runs wherever there is no taint. */
const TOLERATIONS = [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" }];

/** NVIDIA's exporter of GPU metrics. */
export const dcgmExporter: StandIn = (release) => {
  const { values } = release;
  const name = fullName(release);
  const labels = selectorLabels(release, "dcgm-exporter", "dcgm-exporter");
  const { enabled = true, interval = "15s" } = values.serviceMonitor ?? {};
  return {
    objects: [
      serviceAccount(release, name, labels, { automount: false }),
      configMap(release, "exporter-metrics-config-map", labels, { metrics: "DCGM_FI_DEV_GPU_UTIL, gauge, stand-in\n" }),
      service(release, name, { labels, ports: [{ name: "metrics", port: PORT }] }),
      daemonSet(release, name, {
        labels,
        pod: {
          priorityClassName: "system-node-critical",
          serviceAccountName: name,
          automountServiceAccountToken: false,
          ...placementOf({ ...values, tolerations: values.tolerations ?? TOLERATIONS }),
          volumes: [{ name: "pod-gpu-resources", hostPath: { path: "/var/lib/kubelet/pod-resources" } }],
          containers: [
            container("exporter", values.image ?? {}, {
              ports: { metrics: PORT },
              env: [{ name: "DCGM_EXPORTER_KUBERNETES", value: "true" }],
              resources: values.resources,
              securityContext: values.securityContext ?? SECURITY,
              volumeMounts: [
                { name: "pod-gpu-resources", mountPath: "/var/lib/kubelet/pod-resources", readOnly: true },
              ],
            }),
          ],
        },
      }),
      ...(enabled
        ? [serviceMonitor(release, name, { labels, endpoints: [{ port: "metrics", path: "/metrics", interval }] })]
        : []),
    ],
  };
};
