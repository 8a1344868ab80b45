import type { Properties } from "../providers/provider";
import { disruptionBudget, generatedSecret, service, serviceAccount } from "./objects";
import { fullName, type StandIn, type StandInRelease, selectorLabels } from "./release";
import { webhookConfiguration } from "./webhooks";
import { container, deployment, placementOf, secretVolume } from "./workloads";

/** One of the chart's three Deployments. */
interface Part {
  /** Suffix of its names. */
  readonly suffix: "" | "-webhook" | "-cert-controller";
  /** Name of its container. */
  readonly container: string;
  readonly values: Properties;
  readonly ports: Readonly<Record<string, number>>;
  readonly volumes?: readonly Properties[];
  readonly volumeMounts?: readonly Properties[];
}

/** external-secrets: operator, webhook, and the controller of the webhook's certificate. */
export const externalSecrets: StandIn = (release) => {
  const { values } = release;
  const name = fullName(release);
  const webhook = `${name}-webhook`;
  const kinds = ["secretstores", "clustersecretstores", "externalsecrets"];
  const rules = kinds.map((kind) => ({
    name: `validate.${kind.replace(/s$/, "")}.external-secrets.io`,
    apiVersion: "external-secrets.io/v1",
    resources: [kind],
    operations: ["CREATE", "UPDATE", "DELETE"],
  }));
  const labels = { ...selectorLabels(release, webhook), "external-secrets.io/component": "webhook" };
  return {
    objects: [
      generatedSecret(release, webhook, labels, ["ca.crt", "tls.crt", "tls.key"]),
      service(release, webhook, {
        labels,
        selector: selectorLabels(release, webhook),
        ports: [{ name: "webhook", port: 443, targetPort: "webhook" }],
      }),
      ...partsOf(values, webhook).flatMap((part) => partObjects(release, `${name}${part.suffix}`, part)),
    ],
    recorded: [
      webhookConfiguration(
        release,
        "ValidatingWebhookConfiguration",
        "secretstore-validate",
        webhook,
        rules.slice(0, 2),
      ),
      webhookConfiguration(
        release,
        "ValidatingWebhookConfiguration",
        "externalsecret-validate",
        webhook,
        rules.slice(2),
      ),
    ],
  };
};

function partsOf(values: Properties, webhookSecret: string): Part[] {
  return [
    { suffix: "", container: "external-secrets", values, ports: { metrics: 8080, live: 8082 } },
    {
      suffix: "-webhook",
      container: "webhook",
      values: values.webhook ?? {},
      ports: { metrics: 8080, webhook: 10250, ready: 8081 },
      volumes: [secretVolume("certs", webhookSecret)],
      volumeMounts: [{ name: "certs", mountPath: "/tmp/certs", readOnly: true }],
    },
    {
      suffix: "-cert-controller",
      container: "cert-controller",
      values: values.certController ?? {},
      ports: { metrics: 8080, ready: 8081 },
    },
  ];
}

function partObjects(release: StandInRelease, name: string, part: Part) {
  const { values } = part;
  const labels = selectorLabels(release, name);
  const account = values.serviceAccount?.name ?? name;
  return [
    ...(values.podDisruptionBudget?.enabled
      ? disruptionBudget(release, `${name}-pdb`, { labels, bounds: values.podDisruptionBudget })
      : []),
    serviceAccount(release, account, labels, values.serviceAccount),
    deployment(release, name, {
      labels,
      replicas: values.replicaCount ?? 1,
      strategy: values.strategy,
      podLabels: { ...labels, ...values.podLabels },
      podAnnotations: values.podAnnotations,
      pod: {
        serviceAccountName: account,
        automountServiceAccountToken: true,
        securityContext: contextOf(values.podSecurityContext),
        ...placementOf(values),
        volumes: part.volumes,
        containers: [
          container(part.container, values.image ?? {}, {
            ports: part.ports,
            resources: values.resources,
            securityContext: contextOf(values.securityContext),
            volumeMounts: part.volumeMounts,
          }),
        ],
      },
    }),
  ];
}

/** `enabled` is the chart's own word, and no part of a security context. */
function contextOf({ enabled, ...context }: Properties = {}): Properties | undefined {
  return enabled === false ? undefined : context;
}
