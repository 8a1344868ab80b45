import type { Properties } from "../providers/provider";
import { configMap, disruptionBudget, service, serviceAccount, serviceMonitor } from "./objects";
import { fullName, type Labels, type StandIn, type StandInRelease, selectorLabels } from "./release";
import { container, deployment, placementOf } from "./workloads";

/** Folders that NGINX writes to, each an empty volume when the root file system is read-only. */
const FOLDERS = {
  "nginx-etc": "/etc/nginx",
  "nginx-cache": "/var/cache/nginx",
  "nginx-lib": "/var/lib/nginx",
  "nginx-state": "/var/lib/nginx/state",
  "nginx-log": "/var/log/nginx",
};

/** The F5 NGINX Ingress Controller. */
export const f5Nginx: StandIn = (release) => {
  const { controller = {}, prometheus = {} } = release.values;
  const name = `${fullName(release)}-controller`;
  const labels = selectorLabels(release, "nginx-ingress");
  const metrics = `${fullName(release)}-prometheus-service`;
  const monitored = { ...labels, service: metrics };
  return {
    objects: [
      ...(controller.podDisruptionBudget?.enabled
        ? disruptionBudget(release, name, { labels, bounds: controller.podDisruptionBudget })
        : []),
      serviceAccount(release, accountName(release), labels),
      configMap(release, fullName(release), labels, controller.config?.entries ?? {}),
      ...(prometheus.service?.create
        ? [
            service(release, metrics, {
              labels: monitored,
              selector: labels,
              ports: [{ name: "prometheus", port: prometheus.port ?? 9113 }],
              headless: true,
            }),
          ]
        : []),
      service(release, name, { labels, ports: servicePorts(controller.service ?? {}) }),
      nginx(release, name, labels),
      ...(prometheus.serviceMonitor?.create
        ? [
            serviceMonitor(release, name, {
              labels,
              selector: { matchLabels: monitored },
              endpoints: [{ port: "prometheus" }],
            }),
          ]
        : []),
    ],
  };
};

function accountName(release: StandInRelease): string {
  return release.values.controller?.serviceAccount?.name ?? fullName(release);
}

function servicePorts({ httpPort = {}, httpsPort = {} }: Properties) {
  return [
    { name: "http", port: httpPort.port ?? 80, targetPort: httpPort.targetPort ?? 80 },
    { name: "https", port: httpsPort.port ?? 443, targetPort: httpsPort.targetPort ?? 443 },
  ];
}

function nginx(release: StandInRelease, name: string, labels: Labels) {
  const { controller = {}, prometheus = {} } = release.values;
  const folders = controller.readOnlyRootFilesystem ? Object.entries(FOLDERS) : [];
  const common = { image: controller.image ?? {}, resources: controller.initContainerResources };
  return deployment(release, name, {
    labels,
    replicas: controller.replicaCount ?? 1,
    strategy: controller.strategy,
    podLabels: { ...labels, ...controller.pod?.extraLabels },
    podAnnotations: controller.pod?.annotations,
    pod: {
      serviceAccountName: accountName(release),
      automountServiceAccountToken: true,
      terminationGracePeriodSeconds: controller.terminationGracePeriodSeconds ?? 30,
      securityContext: controller.podSecurityContext ?? { seccompProfile: { type: "RuntimeDefault" } },
      ...placementOf(controller),
      volumes: folders.map(([folder]) => ({ name: folder, emptyDir: {} })),
      initContainers:
        folders.length === 0
          ? []
          : [
              container("init-nginx-ingress", common.image, {
                resources: common.resources,
                securityContext: controller.initContainerSecurityContext,
                volumeMounts: [{ name: "nginx-etc", mountPath: "/mnt/etc" }],
              }),
            ],
      containers: [
        container("nginx-ingress", common.image, {
          ports: {
            http: 80,
            https: 443,
            ...(prometheus.create ? { prometheus: prometheus.port ?? 9113 } : {}),
            ...(controller.readyStatus?.enable ? { "readiness-port": controller.readyStatus.port ?? 8081 } : {}),
          },
          resources: controller.resources,
          securityContext: controller.securityContext,
          lifecycle: controller.lifecycle,
          volumeMounts: folders.map(([folder, mountPath]) => ({ name: folder, mountPath })),
        }),
      ],
    },
  });
}
