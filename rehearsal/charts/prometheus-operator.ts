import type { Properties } from "../providers/provider";
import { generatedSecret, releaseObject, service, serviceAccount, serviceMonitor } from "./objects";
import type { StandInObjects, StandInRelease } from "./release";
import { stackLabels } from "./stack-labels";
import { webhookConfiguration } from "./webhooks";
import { container, deployment, placementOf, secretVolume } from "./workloads";

/** What the chart lets the operator do unless told otherwise. */
const POD_SECURITY = {
  fsGroup: 65534,
  runAsGroup: 65534,
  runAsNonRoot: true,
  runAsUser: 65534,
  seccompProfile: { type: "RuntimeDefault" },
};
const SECURITY = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } };

/** The operator of the stack, with its webhook. */
export function prometheusOperator(release: StandInRelease, stack: string): StandInObjects {
  const values: Properties = release.values.prometheusOperator ?? {};
  const name = `${stack}-operator`;
  const labels = {
    ...stackLabels(release, "operator"),
    "app.kubernetes.io/name": `${release.chart}-prometheus-operator`,
    "app.kubernetes.io/component": "prometheus-operator",
  };
  const selector = { app: name, release: release.name };
  const rules = [
    {
      name: "prometheusrulemutate.monitoring.coreos.com",
      apiVersion: "monitoring.coreos.com/v1",
      resources: ["prometheusrules"],
      failurePolicy: values.admissionWebhooks?.patch?.enabled === false ? ("Fail" as const) : ("Ignore" as const),
    },
  ];
  return {
    objects: [
      serviceAccount(release, name, labels),
      ...admissionCertificate(release, stack),
      service(release, name, { labels, selector, ports: [{ name: "https", port: 443, targetPort: "https" }] }),
      deployment(release, name, {
        labels,
        selector,
        replicas: 1,
        strategy: values.strategy,
        podLabels: { ...labels, ...values.podLabels },
        podAnnotations: values.podAnnotations,
        pod: podOf(release, values, stack),
      }),
      serviceMonitor(release, name, { labels, selector: { matchLabels: selector }, endpoints: [{ port: "https" }] }),
    ],
    recorded: [
      webhookConfiguration(release, "MutatingWebhookConfiguration", `${stack}-admission`, name, rules),
      webhookConfiguration(release, "ValidatingWebhookConfiguration", `${stack}-admission`, name, rules),
    ],
  };
}

function podOf({ chart }: StandInRelease, values: Properties, stack: string): Properties {
  return {
    serviceAccountName: `${stack}-operator`,
    automountServiceAccountToken: true,
    terminationGracePeriodSeconds: 30,
    securityContext: values.securityContext ?? POD_SECURITY,
    ...placementOf(values),
    volumes: [secretVolume("tls-secret", `${stack}-admission`)],
    containers: [
      container(chart, values.image ?? {}, {
        // Whoever plays the operator finds here what it is told.
        args: [`--kubelet-service=kube-system/${stack}-kubelet`, ...reloader(values.prometheusConfigReloader ?? {})],
        ports: { https: 10250 },
        resources: values.resources,
        securityContext: values.containerSecurityContext ?? SECURITY,
        volumeMounts: [{ name: "tls-secret", mountPath: "/cert", readOnly: true }],
      }),
    ],
  };
}

/** How the operator is told what its side containers are made of. */
function reloader({ image, resources = {} }: Properties): string[] {
  const { requests = {}, limits = {} } = resources;
  const flags = {
    "prometheus-config-reloader":
      image === undefined ? undefined : `${image.registry}/${image.repository}:${image.tag}`,
    "config-reloader-cpu-request": requests.cpu,
    "config-reloader-cpu-limit": limits.cpu,
    "config-reloader-memory-request": requests.memory,
    "config-reloader-memory-limit": limits.memory,
  };
  return Object.entries(flags).flatMap(([flag, value]) => (value === undefined ? [] : [`--${flag}=${value}`]));
}

/** By cert-manager, or by a hook of the chart, whose Secret is made here. */
function admissionCertificate(release: StandInRelease, stack: string) {
  const labels = stackLabels(release, "admission");
  if (!release.values.prometheusOperator?.admissionWebhooks?.certManager?.enabled) {
    return [generatedSecret(release, `${stack}-admission`, labels, ["ca", "cert", "key"])];
  }
  const kind = (name: string, word: string, spec: Properties) =>
    releaseObject(release, ["cert-manager.io/v1", word], `${stack}-${name}`, labels, { spec });
  return [
    kind("root-cert", "Certificate", {
      secretName: `${stack}-root-cert`,
      duration: "43800h0m0s",
      issuerRef: { name: `${stack}-self-signed-issuer` },
      commonName: `ca.webhook.${release.chart}`,
      isCA: true,
    }),
    kind("admission", "Certificate", {
      secretName: `${stack}-admission`,
      duration: "8760h0m0s",
      issuerRef: { name: `${stack}-root-issuer` },
      dnsNames: [`${stack}-operator`, `${stack}-operator.${release.namespace}.svc`],
    }),
    kind("self-signed-issuer", "Issuer", { selfSigned: {} }),
    kind("root-issuer", "Issuer", { ca: { secretName: `${stack}-root-cert` } }),
  ];
}
