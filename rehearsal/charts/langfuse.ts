import type { Properties } from "../providers/provider";
import { langfuseEnvironment } from "./langfuse-environment";
import { disruptionBudget, generatedSecret, releaseObject, service, serviceAccount } from "./objects";
import { fullName, type StandIn, type StandInRelease, selectorLabels } from "./release";
import { container, deployment, placementOf } from "./workloads";

/** Containers' ports; the worker's cannot be chosen. */
const WORKER_PORT = 3030;

type Component = "web" | "worker";

/** Langfuse, charts 1.x and 2.x alike, with every store outside. What the post-renderer adds is added by the post-renderer. */
export const langfuse: StandIn = (release) => {
  const { langfuse: settings = {} } = release.values;
  const name = fullName(release);
  const labels = selectorLabels(release, "langfuse");
  const account = settings.serviceAccount ?? {};
  return {
    objects: [
      ...(["web", "worker"] as const).flatMap((component) => budget(release, component)),
      ...(account.create === false ? [] : [serviceAccount(release, account.name ?? name, labels, account)]),
      // From 2.0 on the chart always makes it, for what the values leave out.
      ...(Number.parseInt(release.version, 10) >= 2 ? [generatedSecret(release, `${name}-app`, labels, [])] : []),
      service(release, `${name}-web`, {
        labels,
        selector: { ...labels, app: "web" },
        ports: [{ name: "http", port: portOf(release.values, "web"), targetPort: "http" }],
      }),
      component(release, "web"),
      component(release, "worker"),
      ...(["web", "worker"] as const).flatMap((component) => autoscaler(release, component)),
    ],
  };
};

/** Components and what both of them share, as the charts join them. */
function settingsOf({ values }: StandInRelease, component: Component): Properties {
  return values.langfuse?.[component] ?? {};
}

function portOf(values: Properties, component: Component): number {
  return component === "worker" ? WORKER_PORT : (values.langfuse?.web?.service?.port ?? 3000);
}

function budget(release: StandInRelease, component: Component) {
  const { pdb = {} } = settingsOf(release, component);
  if (pdb.create === false) return [];
  const bounds = pdb.minAvailable === undefined ? { maxUnavailable: 1, ...pdb } : pdb;
  const selector = selectorLabels(release, "langfuse", component);
  const labels = selectorLabels(release, "langfuse");
  return disruptionBudget(release, `${fullName(release)}-${component}-pdb`, { labels, selector, bounds });
}

function autoscaler(release: StandInRelease, component: Component) {
  const { hpa = {} } = settingsOf(release, component);
  if (!hpa.enabled) return [];
  const name = `${fullName(release)}-${component}`;
  const target = { type: "Utilization", averageUtilization: hpa.targetCPUUtilizationPercentage ?? 50 };
  const spec = {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
    minReplicas: hpa.minReplicas ?? 1,
    maxReplicas: hpa.maxReplicas ?? 2,
    metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
  };
  const labels = selectorLabels(release, "langfuse");
  return [releaseObject(release, ["autoscaling/v2", "HorizontalPodAutoscaler"], name, labels, { spec })];
}

function component(release: StandInRelease, component: Component) {
  const { values } = release;
  const { langfuse: shared = {} } = values;
  const own = settingsOf(release, component);
  const labels = selectorLabels(release, "langfuse", component);
  const isScaled = own.hpa?.enabled || own.keda?.enabled;
  return deployment(release, `${fullName(release)}-${component}`, {
    labels,
    selector: { ...selectorLabels(release, "langfuse"), app: component },
    annotations: own.deployment?.annotations,
    replicas: isScaled ? undefined : (own.replicas ?? shared.replicas ?? 1),
    strategy: own.deployment?.strategy ?? shared.deployment?.strategy,
    podLabels: { ...labels, app: component, ...shared.pod?.labels, ...own.pod?.labels },
    podAnnotations: { ...shared.pod?.annotations, ...own.pod?.annotations },
    pod: {
      serviceAccountName: shared.serviceAccount?.name ?? fullName(release),
      automountServiceAccountToken: shared.serviceAccount?.automountServiceAccountToken ?? true,
      securityContext: shared.podSecurityContext,
      // No priority: neither chart knows one.
      ...withoutPriority(placementOf({ ...shared, ...shared.pod, ...own.pod })),
      volumes: shared.extraVolumes,
      containers: [containerOf(values, component)],
    },
  });
}

function withoutPriority({ priorityClassName: _, ...placement }: Properties): Properties {
  return placement;
}

function containerOf(values: Properties, component: Component): Properties {
  const { langfuse: shared = {} } = values;
  const own = shared[component] ?? {};
  const port = portOf(values, component);
  return container(
    `langfuse-${component}`,
    { tag: shared.image?.tag, ...own.image },
    {
      ports: { http: port },
      env: [
        ...langfuseEnvironment(values),
        ...(component === "web" ? [{ name: "PORT", value: String(port) }] : []),
        ...(shared.additionalEnv ?? []),
        ...(own.pod?.additionalEnv ?? []),
      ],
      resources: own.resources ?? shared.resources,
      securityContext: shared.securityContext,
      volumeMounts: shared.extraVolumeMounts,
      livenessProbe: probe(own.livenessProbe, component === "web" ? "/api/public/health" : "/api/health"),
      // The charts give the worker none.
      readinessProbe: component === "web" ? probe(own.readinessProbe, "/api/public/ready") : undefined,
    },
  );
}

function probe({ path, ...numbers }: Properties = {}, standard: string): Properties {
  return {
    httpGet: { path: path ?? standard, port: "http" },
    initialDelaySeconds: 20,
    periodSeconds: 10,
    timeoutSeconds: 5,
    failureThreshold: 3,
    ...numbers,
  };
}
