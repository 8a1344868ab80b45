import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, chartSource } from "../internal/charts";
import { after, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { Problems } from "../internal/problems";
import { CERT_MANAGER, certManagerValues } from "./cert-manager-values";
import { IngressControllerKind } from "./ingress-contract";

export interface CertManagerArgs {
  /** Existing namespace, best `CERT_MANAGER.namespace`; Pod Security may be `restricted`. */
  readonly namespace: pulumi.Input<string>;
  /** Gate: NetworkPolicies of the namespace. */
  readonly policiesReady?: pulumi.Input<string>;
  /** Gate of the identity (`dns01Statements`); only for issuers that answer DNS-01 challenges in Route 53. */
  readonly identityReady?: pulumi.Input<string>;
  /** Annotations of the ServiceAccount; needed for IRSA alone. Default none. */
  readonly serviceAccountAnnotations?: pulumi.Input<Record<string, string>>;
  /** The ingress controller that serves HTTP-01 challenges; `ingress-nginx` refuses the paths that others want. Default `traefik`. */
  readonly ingressController?: IngressControllerKind;
  /** Pods of controller, webhook and CA injector each, at least 1. Default 2. */
  readonly replicas?: number;
  /** Requests and limits of each pod. Default 50m/128Mi to 500m/512Mi. */
  readonly resources?: ContainerResources;
  /** Where the pods go. Default anywhere. */
  readonly placement?: Placement;
  /** Priority class of the pods. Default none. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Creates a ServiceMonitor, for which Prometheus operator CRDs must exist. Default false. */
  readonly serviceMonitors?: boolean;
  /** Gate of the Prometheus operator CRDs; for `serviceMonitors`. */
  readonly monitorCrdsReady?: pulumi.Input<string>;
  /** Where the chart and the images come from instead of their public homes. */
  readonly mirrors?: Mirrors;
}

/**
 * cert-manager with its CRDs, which stay when the release goes. One Helm release. Issuers (`CertificateIssuers`), certificates,
 * the namespace and the identity are not managed here.
 */
export class CertManager extends pulumi.ComponentResource {
  /** Gate: the API accepts issuers and certificates; those go before cert-manager, which alone can remove their finalizers. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: CertManagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:CertManager", name, {}, opts);
    checkCertManagerArgs(name, args);

    const release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource(CHARTS.certManager, args.mirrors),
        name: CERT_MANAGER.releaseName,
        namespace: args.namespace,
        timeout: 600,
        waitForJobs: true,
        cleanupOnFail: true,
        values: certManagerValues({
          ...args,
          replicas: args.replicas ?? 2,
          exactChallengePaths: args.ingressController !== IngressControllerKind.IngressNginx,
          serviceMonitors: args.serviceMonitors ?? false,
        }),
      },
      { parent: this, dependsOn: after(args.identityReady, args.policiesReady, args.monitorCrdsReady) },
    );

    this.ready = ready([release]);
    this.registerOutputs({ ready: this.ready });
  }
}

function checkCertManagerArgs(name: string, args: CertManagerArgs): void {
  const problems = new Problems();
  problems.check(args.replicas === undefined || (Number.isInteger(args.replicas) && args.replicas >= 1), {
    path: "replicas",
    rule: "must be a whole number of at least 1",
    got: args.replicas,
    fix: "Set 2 so that one pod can be replaced while the other works.",
  });
  problems.throwIfAny("CertManager", name);
}
