import { configMap, disruptionBudget, service, serviceAccount, serviceMonitor } from "./objects";
import { fullName, type Labels, type StandIn, type StandInRelease, selectorLabels } from "./release";
import { container, deployment, placementOf } from "./workloads";

/** What the chart lets the container do. */
const SECURITY = {
  runAsNonRoot: true,
  runAsUser: 101,
  runAsGroup: 82,
  allowPrivilegeEscalation: false,
  seccompProfile: { type: "RuntimeDefault" },
  capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
  readOnlyRootFilesystem: false,
};

/** kubernetes/ingress-nginx. */
export const ingressNginx: StandIn = (release) => {
  const { controller = {} } = release.values;
  const name = `${fullName(release)}-controller`;
  const labels = selectorLabels(release, "ingress-nginx", "controller");
  const metrics = controller.metrics ?? {};
  const { http = 80, https = 443 } = controller.service?.ports ?? {};
  return {
    objects: [
      // The chart makes one only where several pods are.
      ...((controller.replicaCount ?? 1) > 1
        ? disruptionBudget(release, name, { labels, bounds: { minAvailable: controller.minAvailable ?? 1 } })
        : []),
      serviceAccount(release, accountName(release), labels),
      configMap(release, name, labels, controller.config ?? {}),
      ...(metrics.enabled
        ? [
            service(release, `${name}-metrics`, {
              labels,
              ports: [{ name: "metrics", port: metrics.service?.servicePort ?? metrics.port, targetPort: "metrics" }],
            }),
          ]
        : []),
      service(release, name, {
        labels,
        ports: [
          { name: "http", port: http, targetPort: "http" },
          { name: "https", port: https, targetPort: "https" },
        ],
      }),
      nginx(release, name, labels),
      ...(metrics.serviceMonitor?.enabled
        ? [serviceMonitor(release, name, { labels, endpoints: [{ port: "metrics" }] })]
        : []),
    ],
  };
};

function accountName(release: StandInRelease): string {
  return release.values.serviceAccount?.name ?? fullName(release);
}

function nginx(release: StandInRelease, name: string, labels: Labels) {
  const { controller = {} } = release.values;
  const { registry, image, tag } = controller.image ?? {};
  return deployment(release, name, {
    labels,
    replicas: controller.replicaCount ?? 1,
    strategy: controller.updateStrategy,
    podLabels: { ...labels, ...controller.podLabels },
    podAnnotations: controller.podAnnotations,
    pod: {
      serviceAccountName: accountName(release),
      automountServiceAccountToken: true,
      terminationGracePeriodSeconds: controller.terminationGracePeriodSeconds ?? 300,
      securityContext: controller.podSecurityContext,
      ...placementOf(controller),
      containers: [
        container(
          "controller",
          { registry, repository: image, tag },
          {
            ports: {
              http: 80,
              https: 443,
              ...(controller.metrics?.enabled ? { metrics: controller.metrics.port ?? 10254 } : {}),
            },
            resources: controller.resources ?? { requests: { cpu: "100m", memory: "90Mi" } },
            securityContext: SECURITY,
            lifecycle: { preStop: { exec: { command: ["/wait-shutdown"] } } },
          },
        ),
      ],
    },
  });
}
