import type { Properties } from "../providers/provider";
import { disruptionBudget, type ServicePort, service, serviceAccount, serviceMonitor } from "./objects";
import { type StandIn, type StandInRelease, selectorLabels } from "./release";
import { aggregatedApi, webhookConfiguration } from "./webhooks";
import { container, deployment, placementOf, secretVolume } from "./workloads";

/** One of the chart's three Deployments. Its names do not depend on the release. */
interface Part {
  readonly name: string;
  readonly account: string;
  /** Its word in `resources`, `podDisruptionBudget`, `prometheus`. */
  readonly word: "operator" | "metricServer" | "webhooks";
  /** Its word in the values' other blocks. */
  readonly block: "operator" | "metricsServer" | "webhooks";
  readonly image: "keda" | "metricsApiServer" | "webhooks";
  readonly ports: Readonly<Record<string, number>>;
  readonly services: readonly ServicePort[];
  /** The operator makes the certificates that the others wait for. */
  readonly makesCertificates?: boolean;
}

const METRICS: ServicePort = { name: "metrics", port: 8080 };

const PARTS: readonly Part[] = [
  {
    name: "keda-operator",
    account: "keda-operator",
    word: "operator",
    block: "operator",
    image: "keda",
    ports: { metrics: 8080, metricsservice: 9666 },
    services: [{ name: "metricsservice", port: 9666 }, METRICS],
    makesCertificates: true,
  },
  {
    name: "keda-operator-metrics-apiserver",
    account: "keda-metrics-server",
    word: "metricServer",
    block: "metricsServer",
    image: "metricsApiServer",
    ports: { https: 6443, metrics: 8080 },
    services: [{ name: "https", port: 443, targetPort: 6443 }, METRICS],
  },
  {
    name: "keda-admission-webhooks",
    account: "keda-webhook",
    word: "webhooks",
    block: "webhooks",
    image: "webhooks",
    ports: { http: 9443, metrics: 8080 },
    services: [{ name: "https", port: 443, targetPort: 9443 }, METRICS],
  },
];

/** What the chart lets every container do unless told otherwise. */
const SECURITY = {
  capabilities: { drop: ["ALL"] },
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  seccompProfile: { type: "RuntimeDefault" },
};

/** KEDA: operator, metrics server, webhooks. */
export const keda: StandIn = (release) => {
  const checked = ["scaledobjects", "scaledjobs", "triggerauthentications", "clustertriggerauthentications"];
  const webhooks = checked.map((resource) => ({
    name: `v${resource.replace(/s$/, "")}.kb.io`,
    apiVersion: "keda.sh/v1alpha1",
    resources: [resource],
    failurePolicy: "Ignore" as const,
  }));
  return {
    objects: PARTS.flatMap((part) => partObjects(release, part)),
    recorded: [
      aggregatedApi(release, "external.metrics.k8s.io", "keda-operator-metrics-apiserver"),
      webhookConfiguration(
        release,
        "ValidatingWebhookConfiguration",
        "keda-admission",
        "keda-admission-webhooks",
        webhooks,
      ),
    ],
  };
};

function partObjects(release: StandInRelease, part: Part) {
  const { values } = release;
  const selector = { app: part.name };
  const labels = selectorLabels(release, part.name, "operator");
  const { serviceMonitor: monitor } = values.prometheus?.[part.word] ?? {};
  return [
    ...disruptionBudget(release, part.name, { labels, selector, bounds: values.podDisruptionBudget?.[part.word] }),
    serviceAccount(release, part.account, labels),
    service(release, part.name, { labels, selector, ports: part.services }),
    deployment(release, part.name, {
      labels: { ...selector, ...labels },
      selector,
      replicas: values[part.block]?.replicaCount ?? 1,
      podLabels: { ...selector, ...labels, ...values.podLabels?.[part.word] },
      podAnnotations: values.podAnnotations?.[part.word],
      pod: podOf(values, part),
    }),
    ...(monitor?.enabled
      ? [
          serviceMonitor(release, part.name, {
            labels,
            selector: { matchLabels: { "app.kubernetes.io/name": part.name } },
            endpoints: [{ port: "metrics", path: "/metrics" }],
          }),
        ]
      : []),
  ];
}

function podOf(values: Properties, { name, account, block, word, image, ports, makesCertificates }: Part): Properties {
  const placement = placementOf({ ...values, ...values[block] });
  return {
    serviceAccountName: account,
    automountServiceAccountToken: true,
    securityContext: values.podSecurityContext?.[word] ?? { runAsNonRoot: true },
    ...placement,
    nodeSelector: { "kubernetes.io/os": "linux", ...placement.nodeSelector },
    topologySpreadConstraints: values.topologySpreadConstraints?.[block],
    volumes: [secretVolume("certificates", "kedaorg-certs", makesCertificates)],
    containers: [
      container(name, values.image?.[image] ?? {}, {
        ports,
        resources: values.resources?.[word],
        securityContext: values.securityContext?.[word] ?? SECURITY,
        volumeMounts: [{ name: "certificates", mountPath: "/certs", readOnly: true }],
      }),
    ],
  };
}
