import { IMAGES, imageParts } from "../internal/images";
import { restrictedContainer, restrictedPod } from "../internal/pods";
import type { IngressContract } from "./ingress-contract";
import {
  DRAIN,
  type IngressControllerSettings,
  ingressDisruptionBudget,
  ingressSpread,
} from "./ingress-controller-settings";

/** The user of Traefik's chart; the image itself has no fixed one. */
const USER = 65532;

/** Values of the chart `traefik`: only Ingress objects of class `nginx`, read with ingress-nginx' annotations. */
export function traefikValues(contract: IngressContract, settings: IngressControllerSettings) {
  return {
    image: imageParts(IMAGES.traefik, settings.mirrors),
    fullnameOverride: contract.releaseName,
    instanceLabelOverride: contract.releaseName,
    deployment: { replicas: settings.replicas, terminationGracePeriodSeconds: DRAIN.graceSeconds },
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
        disableAPICheck: true,
      },
    },
    log: { format: "json", level: "INFO" },
    accessLog: { enabled: true, format: "json" },
    global: { checkNewVersion: false, sendAnonymousUsage: false },
  };
}

function providers(contract: IngressContract, settings: IngressControllerSettings) {
  return {
    kubernetesCRD: { enabled: false },
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

function ports(contract: IngressContract, settings: IngressControllerSettings) {
  const entry = (port: number) => ({
    port,
    exposedPort: port,
    transport: {
      // Traefik counts the whole request body against this time, and its own default of 60 s cuts slow uploads off.
      respondingTimeouts: { readTimeout: `${settings.uploadTimeoutSeconds}s` },
      lifeCycle: { requestAcceptGraceTimeout: `${DRAIN.acceptSeconds}s`, graceTimeOut: `${DRAIN.finishSeconds}s` },
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
