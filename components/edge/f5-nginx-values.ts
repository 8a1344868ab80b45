import * as pulumi from "@pulumi/pulumi";
import { IMAGES, imageRepository } from "../internal/images";
import type { IngressContract } from "./ingress-contract";
import {
  drain,
  type IngressControllerSettings,
  ingressDisruptionBudget,
  ingressSpread,
} from "./ingress-controller-settings";

/** The user `nginx` of the image. */
const USER = 101;

/**
 * What a container may do. NGINX binds ports 80 and 443 by a file capability, which the kernel refuses to start with
 * unless the capability is in the container's set; Pod Security `restricted` allows this one.
 */
const CONTAINER = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsUser: USER,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
  seccompProfile: { type: "RuntimeDefault" },
};

/** The chart copies the folders that NGINX writes to into empty volumes, by an init container of the same image. */
const SECURITY = {
  readOnlyRootFilesystem: true,
  podSecurityContext: { runAsNonRoot: true, fsGroup: USER, seccompProfile: { type: "RuntimeDefault" } },
  securityContext: CONTAINER,
  initContainerSecurityContext: { ...CONTAINER, capabilities: { drop: ["ALL"] } },
};

/** Values of the chart `nginx-ingress` (F5). */
export function f5NginxValues(contract: IngressContract, settings: IngressControllerSettings) {
  return {
    fullnameOverride: contract.releaseName,
    controller: {
      kind: "deployment",
      replicaCount: settings.replicas,
      image: { repository: imageRepository(IMAGES.f5Nginx, settings.mirrors), tag: IMAGES.f5Nginx.tag },
      ingressClass: { name: contract.ingressClassName, create: false, setAsDefaultIngress: false },
      service: {
        type: "ClusterIP",
        httpPort: { port: contract.httpPort, targetPort: contract.httpPort },
        httpsPort: { port: contract.httpsPort, targetPort: contract.httpsPort },
      },
      config: { entries: entries(settings) },
      reportIngressStatus: { enable: settings.statusAddress !== undefined },
      readyStatus: { enable: true, port: contract.healthPort },
      enableSnippets: false,
      telemetryReporting: { enable: false },
      ...SECURITY,
      resources: settings.resources,
      initContainerResources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "500m", memory: "128Mi" } },
      podDisruptionBudget: ingressDisruptionBudget(settings.replicas),
      topologySpreadConstraints: ingressSpread(contract),
      nodeSelector: settings.placement?.nodeSelector ?? {},
      tolerations: settings.placement?.tolerations ?? [],
      ...(settings.priorityClassName === undefined ? {} : { priorityClassName: settings.priorityClassName }),
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      lifecycle: { preStop: { sleep: { seconds: drain(settings.finishSeconds).acceptSeconds } } },
      terminationGracePeriodSeconds: drain(settings.finishSeconds).graceSeconds,
    },
    prometheus: {
      create: true,
      port: contract.metricsPort,
      service: { create: settings.serviceMonitors },
      serviceMonitor: { create: settings.serviceMonitors },
    },
  };
}

/** The controller's ConfigMap. */
function entries(settings: IngressControllerSettings) {
  return {
    "server-tokens": "False",
    // Counted between two reads, so that slow uploads of any length pass; the controller has no key of its own for it.
    "http-snippets": `client_body_timeout ${settings.uploadTimeoutSeconds}s;`,
    "worker-shutdown-timeout": `${settings.finishSeconds}s`,
    ...(settings.statusAddress === undefined ? {} : { "external-status-address": settings.statusAddress }),
    ...(settings.proxyProtocolFrom === undefined
      ? {}
      : {
          "proxy-protocol": "True",
          "real-ip-header": "proxy_protocol",
          "set-real-ip-from": pulumi.output(settings.proxyProtocolFrom).apply((cidrs) => cidrs.join(",")),
        }),
  };
}
