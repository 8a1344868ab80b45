import type * as pulumi from "@pulumi/pulumi";
import { IMAGES, type Image, imageRepository } from "../internal/images";
import type { Mirrors } from "../internal/mirrors";
import { type ContainerResources, type Placement, restrictedContainer } from "../internal/pods";

/** Fixed names of cert-manager: what its identity and its network flows are bound to, before it exists. */
export const CERT_MANAGER = {
  namespace: "cert-manager",
  serviceAccount: "cert-manager",
  releaseName: "cert-manager",
  /** The API server calls the webhook here. */
  webhookPort: 10250,
  /** Where pods that answer HTTP-01 challenges listen, in the namespace of the certificate; the ingress controller calls them. */
  solverPort: 8089,
  solverLabels: { "acme.cert-manager.io/http01-solver": "true" },
} as const;

/** What each pod gets unless told otherwise; the CA injector holds every Secret's metadata and needs the most. */
export const CERT_MANAGER_RESOURCES: ContainerResources = {
  requests: { cpu: "50m", memory: "128Mi" },
  limits: { cpu: "500m", memory: "512Mi" },
};

/** What the values of the chart depend on. */
export interface CertManagerValues {
  readonly namespace: pulumi.Input<string>;
  readonly replicas: number;
  readonly exactChallengePaths: boolean;
  readonly serviceMonitors: boolean;
  readonly serviceAccountAnnotations?: pulumi.Input<Record<string, string>>;
  readonly resources?: ContainerResources;
  readonly placement?: Placement;
  readonly priorityClassName?: pulumi.Input<string>;
  readonly mirrors?: Mirrors;
}

/** Values of the chart `cert-manager`. */
export function certManagerValues(settings: CertManagerValues) {
  const image = (pin: Image) => ({ repository: imageRepository(pin, settings.mirrors), tag: pin.tag });
  const pod = podSettings(settings);
  const replicated = (component: string) => ({
    replicaCount: settings.replicas,
    podDisruptionBudget: settings.replicas > 1 ? { enabled: true, maxUnavailable: 1 } : { enabled: false },
    topologySpreadConstraints: [spread(component)],
    ...pod,
  });
  return {
    // The definitions outlive the release: with them every certificate in the cluster would go.
    crds: { enabled: true, keep: true },
    global: {
      leaderElection: { namespace: settings.namespace },
      ...(settings.priorityClassName === undefined ? {} : { priorityClassName: settings.priorityClassName }),
    },
    fullnameOverride: CERT_MANAGER.releaseName,
    serviceAccount: {
      create: true,
      name: CERT_MANAGER.serviceAccount,
      annotations: settings.serviceAccountAnnotations ?? {},
    },
    image: image(IMAGES.certManagerController),
    ...replicated("controller"),
    ...(settings.exactChallengePaths ? {} : { config: { featureGates: { ACMEHTTP01IngressPathTypeExact: false } } }),
    prometheus: { enabled: true, servicemonitor: { enabled: settings.serviceMonitors } },
    webhook: { image: image(IMAGES.certManagerWebhook), ...replicated("webhook") },
    cainjector: { image: image(IMAGES.certManagerCainjector), ...replicated("cainjector") },
    acmesolver: { image: image(IMAGES.certManagerAcmeSolver) },
    // This hook is what makes `ready` true: it asks the API until the webhook's certificate is trusted.
    startupapicheck: { enabled: true, timeout: "5m", image: image(IMAGES.certManagerStartupApiCheck), ...pod },
  };
}

/** Keeps pods of one component on different nodes where there are any. */
function spread(component: string) {
  return {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: {
      matchLabels: {
        "app.kubernetes.io/instance": CERT_MANAGER.releaseName,
        "app.kubernetes.io/component": component,
      },
    },
    matchLabelKeys: ["pod-template-hash"],
  };
}

function podSettings(settings: CertManagerValues) {
  return {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containerSecurityContext: restrictedContainer(),
    resources: settings.resources ?? CERT_MANAGER_RESOURCES,
    nodeSelector: { "kubernetes.io/os": "linux", ...settings.placement?.nodeSelector },
    tolerations: settings.placement?.tolerations ?? [],
  };
}
