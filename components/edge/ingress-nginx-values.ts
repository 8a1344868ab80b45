import * as pulumi from "@pulumi/pulumi";
import { IMAGES, imageParts } from "../internal/images";
import type { IngressContract } from "./ingress-contract";
import { drain, type IngressControllerSettings, ingressSpread } from "./ingress-controller-settings";

/** Values of the chart `ingress-nginx`, for platforms that cannot leave it yet. */
export function ingressNginxValues(contract: IngressContract, settings: IngressControllerSettings) {
  const { registry, repository, tag } = imageParts(IMAGES.ingressNginx, settings.mirrors);
  return {
    fullnameOverride: contract.releaseName,
    controller: {
      replicaCount: settings.replicas,
      // The chart's own digest of this tag stays in force.
      image: { registry, image: repository, tag },
      // The class is an object of its own: with the chart it would go away when the controller is changed.
      ingressClassResource: { enabled: false, name: contract.ingressClassName },
      ingressClass: contract.ingressClassName,
      service: {
        type: "ClusterIP",
        ports: { http: contract.httpPort, https: contract.httpsPort },
      },
      publishService: { enabled: false },
      extraArgs: {
        "shutdown-grace-period": `${drain(settings.finishSeconds).acceptSeconds}`,
        ...(settings.statusAddress === undefined ? {} : { "publish-status-address": settings.statusAddress }),
      },
      config: config(settings),
      allowSnippetAnnotations: false,
      // The webhook was the way in of the gravest flaws of this software, and nobody mends it any more.
      admissionWebhooks: { enabled: false },
      podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      resources: settings.resources,
      // The chart makes a disruption budget from this when there are several replicas.
      minAvailable: Math.max(1, settings.replicas - 1),
      topologySpreadConstraints: ingressSpread(contract),
      nodeSelector: { "kubernetes.io/os": "linux", ...settings.placement?.nodeSelector },
      tolerations: settings.placement?.tolerations ?? [],
      ...(settings.priorityClassName === undefined ? {} : { priorityClassName: settings.priorityClassName }),
      updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      terminationGracePeriodSeconds: drain(settings.finishSeconds).graceSeconds,
      metrics: { enabled: true, port: contract.metricsPort, serviceMonitor: { enabled: settings.serviceMonitors } },
    },
  };
}

/** The controller's ConfigMap. */
function config(settings: IngressControllerSettings) {
  return {
    "server-tokens": "false",
    "limit-req-status-code": "429",
    "worker-shutdown-timeout": `${settings.finishSeconds}s`,
    "client-body-timeout": `${settings.uploadTimeoutSeconds}`,
    ...(settings.proxyProtocolFrom === undefined
      ? {}
      : {
          "use-proxy-protocol": "true",
          "proxy-real-ip-cidr": pulumi.output(settings.proxyProtocolFrom).apply((cidrs) => cidrs.join(",")),
        }),
  };
}
