import type { Properties } from "../providers/provider";
import { disruptionBudget, type ServicePort, service, serviceAccount, serviceMonitor } from "./objects";
import { fullName, type Labels, type StandIn, type StandInRelease } from "./release";
import { type Webhook, webhookConfiguration } from "./webhooks";
import { container, deployment, placementOf } from "./workloads";

const METRICS: ServicePort = { name: "http-metrics", port: 9402 };

/** One of the chart's three Deployments. */
interface Part {
  /** Name of its objects, and its label `app`. */
  readonly name: string;
  readonly application: string;
  readonly component: string;
  /** Its block of the values. */
  readonly values: Properties;
  readonly ports: Readonly<Record<string, number>>;
  readonly services: readonly ServicePort[];
}

/** cert-manager: controller, webhook, CA injector. The check after installation is a hook, and not made. */
export const certManager: StandIn = (release) => {
  const parts = partsOf(release);
  const monitored = release.values.prometheus?.servicemonitor?.enabled === true;
  const rules: Webhook = {
    name: "webhook.cert-manager.io",
    apiVersion: "cert-manager.io/v1",
    resources: ["*/*"],
    namespaceSelector: {
      matchExpressions: [{ key: "cert-manager.io/disable-validation", operator: "NotIn", values: ["true"] }],
    },
  };
  const name = `${fullName(release)}-webhook`;
  return {
    objects: [...parts.flatMap((part) => partObjects(release, part)), ...(monitored ? [monitor(release, parts)] : [])],
    recorded: [webhookConfiguration(release, "ValidatingWebhookConfiguration", name, name, [rules])],
  };
};

function partsOf(release: StandInRelease): Part[] {
  const { values } = release;
  const name = fullName(release);
  const metrics = { "http-metrics": 9402 };
  const application = "cert-manager";
  return [
    {
      name: `${name}-cainjector`,
      application: "cainjector",
      component: "cainjector",
      values: values.cainjector ?? {},
      ports: metrics,
      services: [METRICS],
    },
    {
      name,
      application,
      component: "controller",
      values,
      ports: { ...metrics, "http-healthz": 9403 },
      services: [METRICS],
    },
    {
      name: `${name}-webhook`,
      application: "webhook",
      component: "webhook",
      values: values.webhook ?? {},
      ports: { https: 10250, healthcheck: 6080, ...metrics },
      services: [
        { name: "https", port: 443, targetPort: "https" },
        { name: "metrics", port: 9402, targetPort: "http-metrics" },
      ],
    },
  ];
}

function partObjects(release: StandInRelease, part: Part) {
  const { values } = part;
  const selector = labelsOf(release, part);
  const labels = { app: part.application, ...selector };
  const account = values.serviceAccount?.name ?? part.name;
  const { priorityClassName } = release.values.global ?? {};
  const budget = values.podDisruptionBudget ?? {};
  // The chart's own bound, when the values give none.
  const bounds = budget.maxUnavailable === undefined ? { minAvailable: 1, ...budget } : budget;
  return [
    ...(budget.enabled ? disruptionBudget(release, part.name, { labels, selector, bounds }) : []),
    ...(values.serviceAccount?.create === false
      ? []
      : [serviceAccount(release, account, labels, values.serviceAccount)]),
    service(release, part.name, { labels, selector, ports: part.services }),
    deployment(release, part.name, {
      labels,
      selector,
      replicas: values.replicaCount ?? 1,
      strategy: values.strategy,
      podLabels: { ...labels, ...values.podLabels },
      podAnnotations: values.podAnnotations,
      pod: {
        serviceAccountName: account,
        enableServiceLinks: false,
        priorityClassName,
        securityContext: values.securityContext,
        ...withoutPriority(placementOf(values)),
        containers: [
          container(`cert-manager-${part.component}`, values.image ?? {}, {
            ports: part.ports,
            resources: values.resources,
            securityContext: values.containerSecurityContext,
          }),
        ],
      },
    }),
  ];
}

/** The chart knows one priority for all, in its globals. */
function withoutPriority({ priorityClassName: _, ...placement }: Properties): Properties {
  return placement;
}

function labelsOf({ name }: StandInRelease, { application, component }: Part): Labels {
  return {
    "app.kubernetes.io/name": application,
    "app.kubernetes.io/instance": name,
    "app.kubernetes.io/component": component,
  };
}

function monitor(release: StandInRelease, parts: readonly Part[]) {
  const [name, controller] = [fullName(release), parts[1]];
  const among = (key: string, values: readonly string[]) => ({ key, operator: "In", values: [...new Set(values)] });
  const matchExpressions = [
    among(
      "app.kubernetes.io/name",
      parts.map(({ application }) => application),
    ),
    among("app.kubernetes.io/instance", [release.name]),
    among(
      "app.kubernetes.io/component",
      parts.map(({ component }) => component),
    ),
  ];
  const labels = controller === undefined ? {} : labelsOf(release, controller);
  return serviceMonitor(release, name, {
    labels: { ...labels, prometheus: "default" },
    selector: { matchExpressions },
    endpoints: [{ targetPort: "http-metrics", path: "/metrics" }],
  });
}
