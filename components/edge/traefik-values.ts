import { IMAGES, imageParts } from "../internal/images";
import { restrictedContainer, restrictedPod } from "../internal/pods";
import type { IngressContract } from "./ingress-contract";
import {
  drain,
  type IngressControllerSettings,
  ingressDisruptionBudget,
  ingressSpread,
} from "./ingress-controller-settings";

/** The user of Traefik's chart; the image itself has no fixed one. */
const USER = 65532;

/**
 * Values of the chart `traefik`: Ingress objects of class `nginx`, read with ingress-nginx' annotations, and Traefik's own
 * routes where asked for.
 */
export function traefikValues(contract: IngressContract, settings: IngressControllerSettings) {
  return {
    image: imageParts(IMAGES.traefik, settings.mirrors),
    fullnameOverride: contract.releaseName,
    instanceLabelOverride: contract.releaseName,
    deployment: {
      replicas: settings.replicas,
      terminationGracePeriodSeconds: drain(settings.finishSeconds).graceSeconds,
    },
    podDisruptionBudget: ingressDisruptionBudget(settings.replicas),
    topologySpreadConstraints: ingressSpread(contract),
    nodeSelector: settings.placement?.nodeSelector ?? {},
    tolerations: settings.placement?.tolerations ?? [],
    ...(settings.priorityClassName === undefined ? {} : { priorityClassName: settings.priorityClassName }),
    resources: settings.resources,
    podSecurityContext: restrictedPod(USER),
    securityContext: restrictedContainer(),
    // The class is an object of its own, so that a change of controller never takes it away.
    ingressClass: { enabled: false },
    gateway: { enabled: false },
    gatewayClass: { enabled: false },
    api: { dashboard: false },
    providers: providers(contract, settings),
    ports: ports(contract, settings),
    service: { spec: { type: "ClusterIP" } },
    metrics: {
      prometheus: {
        service: { enabled: settings.serviceMonitors },
        serviceMonitor: { enabled: settings.serviceMonitors },
        // What callers get by route: a route without a server is in no metric of services.
        ...(settings.routeNamespaces.length === 0 ? {} : { addRoutersLabels: true }),
        disableAPICheck: true,
        // A route without a server counts by its router alone: what wakes a sleeping model is seen there.
        addRoutersLabels: settings.routeNamespaces.length > 0,
      },
    },
    log: { format: "json", level: "INFO" },
    accessLog: { enabled: true, format: "json" },
    global: { checkNewVersion: false, sendAnonymousUsage: false },
  };
}

function providers(contract: IngressContract, settings: IngressControllerSettings) {
  return {
    kubernetesCRD: routes(contract, settings.routeNamespaces),
    // Two providers that read the same Ingresses would make every route twice.
    kubernetesIngress: { enabled: false },
    kubernetesIngressNGINX: {
      enabled: true,
      ingressClass: contract.ingressClassName,
      controllerClass: contract.ingressClassController,
      strictValidatePathType: true,
      allowSnippetAnnotations: false,
      // A Service that is only another name would let an Ingress reach anything that the controller reaches.
      disableSvcExternalName: true,
      // The Service has a cluster address only; what clients reach is the load balancer in front.
      publishService: { enabled: false },
      ...(settings.statusAddress === undefined ? {} : { publishStatusAddress: settings.statusAddress }),
    },
  };
}

/** Traefik's own kinds, in the named namespaces alone. */
function routes(contract: IngressContract, namespaces: string[]) {
  if (namespaces.length === 0) return { enabled: false };
  return {
    enabled: true,
    namespaces,
    // Routes name their class as Ingresses do, so that one of somebody else's is not served by chance.
    ingressClass: contract.ingressClassName,
    allowCrossNamespace: false,
    allowExternalNameServices: false,
    // A model that sleeps answers 503, which tells of it, and not 404.
    allowEmptyServices: true,
  };
}

function ports(contract: IngressContract, settings: IngressControllerSettings) {
  const { acceptSeconds, finishSeconds } = drain(settings.finishSeconds);
  const entry = (port: number) => ({
    port,
    exposedPort: port,
    transport: {
      // Traefik counts the whole request body against this time, and its own default of 60 s cuts slow uploads off.
      respondingTimeouts: { readTimeout: `${settings.uploadTimeoutSeconds}s` },
      lifeCycle: { requestAcceptGraceTimeout: `${acceptSeconds}s`, graceTimeOut: `${finishSeconds}s` },
    },
    ...(settings.proxyProtocolFrom === undefined ? {} : { proxyProtocol: { trustedIPs: settings.proxyProtocolFrom } }),
  });
  return {
    traefik: { port: contract.healthPort },
    web: entry(contract.httpPort),
    websecure: entry(contract.httpsPort),
    metrics: { port: contract.metricsPort },
  };
}

/** Values of the chart `traefik` under which it brings its custom resource definitions and runs nothing. */
export const TRAEFIK_KINDS_VALUES = {
  deployment: { enabled: false },
  service: { enabled: false },
  rbac: { enabled: false },
  ingressClass: { enabled: false },
  gateway: { enabled: false },
  gatewayClass: { enabled: false },
  providers: { kubernetesCRD: { enabled: false }, kubernetesIngress: { enabled: false } },
  global: { checkNewVersion: false, sendAnonymousUsage: false },
} as const;
