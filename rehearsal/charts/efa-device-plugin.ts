import { fullName, type StandIn, selectorLabels } from "./release";
import { container, daemonSet, placementOf } from "./workloads";

/** The chart's own. */
const SECURITY = { allowPrivilegeEscalation: true, privileged: true, runAsNonRoot: false, runAsUser: 0 };

/** AWS' device plugin for EFA; it tolerates what the values add. The chart also asks for a type that may have interfaces. */
export const efaDevicePlugin: StandIn = (release) => {
  const { values } = release;
  const name = fullName(release);
  const tolerations = [{ key: "CriticalAddonsOnly", operator: "Exists" }, ...(values.tolerations ?? [])];
  return {
    objects: [
      daemonSet(release, name, {
        labels: selectorLabels(release, release.chart),
        selector: { name },
        podLabels: { name, ...values.additionalPodLabels },
        pod: {
          priorityClassName: "system-node-critical",
          automountServiceAccountToken: false,
          hostNetwork: true,
          ...placementOf({ ...values, tolerations }),
          volumes: [{ name: "device-plugin", hostPath: { path: "/var/lib/kubelet/device-plugins" } }],
          containers: [
            container(release.chart, values.image ?? {}, {
              resources: values.resources,
              securityContext: values.securityContext ?? SECURITY,
              volumeMounts: [{ name: "device-plugin", mountPath: "/var/lib/kubelet/device-plugins" }],
            }),
          ],
        },
      }),
    ],
  };
};
