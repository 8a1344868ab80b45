import type { Properties } from "../providers/provider";
import { disruptionBudget, service, serviceAccount, serviceMonitor } from "./objects";
import { fullName, type StandIn, type StandInRelease, selectorLabels } from "./release";
import { container, deployment, placementOf } from "./workloads";

/** The chart never takes a pod away before another one serves. */
const ROLLING = { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } };

/** Traefik, or its kinds alone, which come with the chart whatever the values say. */
export const traefik: StandIn = (release) => {
  const { values } = release;
  const name = fullName(release);
  const labels = selectorLabels({ ...release, name: values.instanceLabelOverride ?? release.name }, "traefik");
  if (values.deployment?.enabled === false)
    return { objects: [serviceAccount(release, name, labels, { automount: false })] };
  const metrics = { ...labels, "app.kubernetes.io/component": "metrics" };
  const { service: metricsService, serviceMonitor: monitor } = values.metrics?.prometheus ?? {};
  const exposed = (["web", "websecure"] as const).map((port) => ({
    name: port,
    port: portsOf(values)[port].exposedPort,
    targetPort: port,
  }));
  return {
    objects: [
      ...(values.podDisruptionBudget?.enabled
        ? disruptionBudget(release, name, { labels, bounds: values.podDisruptionBudget })
        : []),
      serviceAccount(release, name, labels, { automount: false }),
      ...(metricsService?.enabled
        ? [
            service(release, `${name}-metrics`, {
              labels: metrics,
              selector: labels,
              ports: [{ name: "metrics", port: portsOf(values).metrics.port, targetPort: "metrics" }],
            }),
          ]
        : []),
      service(release, name, { labels, ports: exposed }),
      proxy(release, name, labels),
      ...(monitor?.enabled
        ? [serviceMonitor(release, name, { labels: metrics, endpoints: [{ targetPort: "metrics" }] })]
        : []),
    ],
  };
};

function proxy(release: StandInRelease, name: string, labels: Readonly<Record<string, string>>) {
  const { values } = release;
  const { web, websecure, metrics, traefik: own } = portsOf(values);
  return deployment(release, name, {
    labels,
    replicas: values.deployment?.replicas ?? 1,
    strategy: values.updateStrategy ?? ROLLING,
    podLabels: { ...labels, ...values.deployment?.podLabels },
    podAnnotations: values.deployment?.podAnnotations,
    pod: {
      serviceAccountName: name,
      automountServiceAccountToken: true,
      terminationGracePeriodSeconds: values.deployment?.terminationGracePeriodSeconds ?? 60,
      securityContext: values.podSecurityContext ?? { runAsGroup: 65532, runAsNonRoot: true, runAsUser: 65532 },
      ...placementOf(values),
      volumes: [
        { name: "data", emptyDir: {} },
        { name: "tmp", emptyDir: {} },
      ],
      containers: [
        container("traefik", values.image ?? {}, {
          ports: { metrics: metrics.port, traefik: own.port, web: web.port, websecure: websecure.port },
          resources: values.resources,
          securityContext: values.securityContext ?? {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: true,
          },
          volumeMounts: [
            { name: "data", mountPath: "/data" },
            { name: "tmp", mountPath: "/tmp" },
          ],
        }),
      ],
    },
  });
}

/** The values' ports over the chart's own. */
function portsOf({ ports = {} }: Properties) {
  return {
    web: { port: 8000, exposedPort: 80, ...ports.web },
    websecure: { port: 8443, exposedPort: 443, ...ports.websecure },
    metrics: { port: 9100, ...ports.metrics },
    traefik: { port: 8080, ...ports.traefik },
  };
}
