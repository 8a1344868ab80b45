import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, type Chart, chartSource } from "../internal/charts";
import { after, allReady, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import { f5NginxValues } from "./f5-nginx-values";
import { type IngressContract, IngressControllerKind, ingressClassNameOf, ingressContract } from "./ingress-contract";
import { checkIngressControllerArgs } from "./ingress-controller-checks";
import { FINISH_SECONDS, type IngressControllerSettings } from "./ingress-controller-settings";
import { ingressNginxValues } from "./ingress-nginx-values";
import { TRAEFIK_KINDS_VALUES, traefikValues } from "./traefik-values";

/** What is taken when an argument is not given. */
export const INGRESS_CONTROLLER_DEFAULTS = {
  replicas: 3,
  uploadTimeoutSeconds: 300,
  resources: { requests: { cpu: "200m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } } as ContainerResources,
} as const;

export interface IngressControllerArgs {
  /** Which software; fixed for the life of the objects: a change replaces the release and the IngressClass. Default `traefik`. */
  readonly controller?: IngressControllerKind;
  /** Accepts `ingress-nginx`, which gets no security fixes since March 2026. Default false. */
  readonly allowRetired?: boolean;
  /** Existing namespace, best `INGRESS_NAMESPACE`; unused by `alb`. */
  readonly namespace: pulumi.Input<string>;
  /** Gate: NetworkPolicies of the namespace, which the pods need for their first connection to the API server. */
  readonly policiesReady?: pulumi.Input<string>;
  /** Number of pods, at least 1. Limits of an `IngressProfile` count per pod. Default 3. */
  readonly replicas?: number;
  /**
   * Address that Ingress objects show as their own: the load balancer's DNS name (`PublicEntry.dnsName`). external-dns makes
   * records from it. Without it, Ingresses show no address and their owners must not wait for one.
   */
  readonly statusAddress?: pulumi.Input<string>;
  /**
   * CIDRs from which the PROXY protocol is believed: the load balancer's subnets, together with `PublicEntry.proxyProtocol`.
   * Default: none, for load balancers that keep the clients' addresses.
   */
  readonly proxyProtocolFrom?: pulumi.Input<pulumi.Input<string>[]>;
  /**
   * Seconds that an upload may take: Traefik counts the whole request, NGINX the pause between two reads. 1 to 3600.
   * Default 300.
   */
  readonly uploadTimeoutSeconds?: number;
  /**
   * Seconds that a leaving pod has for what it has begun, 1 to 3540; long answers need as much as they may take. Best the same
   * as for `PublicEntry`. Default 30.
   */
  readonly finishSeconds?: number;
  /**
   * Namespaces in which Traefik serves kinds of its own (IngressRoute, Middleware and so on), as `ModelGateway` makes them;
   * the kinds are installed with the first one. Traefik alone. Default none.
   */
  readonly routeNamespaces?: string[];
  /** Requests and limits of each pod. Default 200m/256Mi to 1/1Gi. */
  readonly resources?: ContainerResources;
  /** Where the pods go. Default anywhere. */
  readonly placement?: Placement;
  /** Priority class of the pods. Default none. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Creates a ServiceMonitor, for which Prometheus operator CRDs must exist. Default false. */
  readonly serviceMonitors?: boolean;
  /** Gate of the Prometheus operator CRDs; for `serviceMonitors`. */
  readonly monitorCrdsReady?: pulumi.Input<string>;
  /** Gate of the AWS Load Balancer Controller; needed by `alb`, which is served by it alone. */
  readonly loadBalancerControllerReady?: pulumi.Input<string>;
  /** Where the chart and the image come from instead of their public homes. */
  readonly mirrors?: Mirrors;
}

/**
 * The software that serves Ingress objects: an IngressClass and one Helm release with a ClusterIP Service, or nothing at all
 * for `alb`. The load balancer in front (`PublicEntry`), the namespace and the Ingresses are not managed here.
 */
export class IngressController extends pulumi.ComponentResource {
  /** For `spec.ingressClassName` of every Ingress and for HTTP-01 solvers. */
  readonly ingressClassName: pulumi.Output<string>;
  /** Namespace of the controller; for network policies. */
  readonly namespace: pulumi.Output<string>;
  /** Name of the ClusterIP Service; empty for `alb`. */
  readonly serviceName: pulumi.Output<string>;
  /** Port of plain HTTP, of the Service and the pods alike; 0 for `alb`. */
  readonly httpPort: pulumi.Output<number>;
  /** Port of HTTPS, likewise; 0 for `alb`. */
  readonly httpsPort: pulumi.Output<number>;
  /** Labels of the pods, for network policies; empty for `alb`. */
  readonly podLabels: pulumi.Output<Record<string, string>>;
  /** Gate: Ingresses are served; on destruction they go before the controller. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: IngressControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:IngressController", name, {}, opts);
    checkIngressControllerArgs(name, args);
    const kind = args.controller ?? IngressControllerKind.Traefik;
    const contract = ingressContract(kind);

    this.ready = contract
      ? ready([installController(name, kind, contract, args, { parent: this })])
      : allReady(args.loadBalancerControllerReady);
    this.ingressClassName = pulumi.output(ingressClassNameOf(kind));
    this.namespace = pulumi.output(args.namespace);
    this.serviceName = pulumi.output(contract?.serviceName ?? "");
    this.httpPort = pulumi.output(contract?.httpPort ?? 0);
    this.httpsPort = pulumi.output(contract?.httpsPort ?? 0);
    this.podLabels = pulumi.output(contract?.podLabels ?? {});
    this.registerOutputs({
      ingressClassName: this.ingressClassName,
      namespace: this.namespace,
      serviceName: this.serviceName,
      httpPort: this.httpPort,
      httpsPort: this.httpsPort,
      podLabels: this.podLabels,
      ready: this.ready,
    });
  }
}

function installController(
  name: string,
  kind: IngressControllerKind,
  contract: IngressContract,
  args: IngressControllerArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.helm.v3.Release {
  const ingressClass = new kubernetes.networking.v1.IngressClass(
    `${name}-class`,
    {
      metadata: { name: contract.ingressClassName },
      spec: { controller: contract.ingressClassController },
    },
    // `spec.controller` cannot be changed, and two classes cannot share the name.
    { ...opts, replaceOnChanges: ["spec.controller"], deleteBeforeReplace: true },
  );
  const kinds = (args.routeNamespaces ?? []).length > 0 ? [installKinds(name, args, opts)] : [];
  return new kubernetes.helm.v3.Release(
    `${name}-release`,
    {
      ...chartSource(chartOf(kind), args.mirrors),
      name: contract.releaseName,
      namespace: args.namespace,
      // Behind a load balancer a new pod counts as ready only when traffic reaches it, which takes minutes for each.
      timeout: 1800,
      waitForJobs: true,
      cleanupOnFail: true,
      // Helm brings a chart's definitions with the first installation alone, so those of Traefik have a release of their own.
      skipCrds: kind === IngressControllerKind.Traefik,
      values: ingressControllerValues(kind, contract, args),
    },
    // F5's controller stops when its class is missing.
    {
      ...opts,
      dependsOn: after(args.policiesReady, args.monitorCrdsReady, ready([ingressClass, ...kinds])),
      customTimeouts: { create: "35m", update: "35m", delete: "15m" },
    },
  );
}

/**
 * Traefik's custom resource definitions. They outlive the release. Another version of the chart is installed anew, because an
 * upgrade would leave out the definitions that it adds; those that are there stay as they are.
 */
function installKinds(
  name: string,
  args: IngressControllerArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.helm.v3.Release {
  return new kubernetes.helm.v3.Release(
    `${name}-kinds`,
    {
      ...chartSource(CHARTS.traefik, args.mirrors),
      name: "traefik-kinds",
      namespace: args.namespace,
      timeout: 300,
      waitForJobs: true,
      cleanupOnFail: true,
      values: TRAEFIK_KINDS_VALUES,
    },
    { ...opts, replaceOnChanges: ["version"], deleteBeforeReplace: true },
  );
}

/** Values of the chart of `kind`, with the defaults filled in. */
export function ingressControllerValues(
  kind: IngressControllerKind,
  contract: IngressContract,
  args: Omit<IngressControllerArgs, "namespace">,
): Record<string, unknown> {
  const settings: IngressControllerSettings = {
    ...args,
    replicas: args.replicas ?? INGRESS_CONTROLLER_DEFAULTS.replicas,
    uploadTimeoutSeconds: args.uploadTimeoutSeconds ?? INGRESS_CONTROLLER_DEFAULTS.uploadTimeoutSeconds,
    finishSeconds: args.finishSeconds ?? FINISH_SECONDS,
    routeNamespaces: args.routeNamespaces ?? [],
    resources: args.resources ?? INGRESS_CONTROLLER_DEFAULTS.resources,
    serviceMonitors: args.serviceMonitors ?? false,
  };
  if (kind === IngressControllerKind.F5Nginx) return f5NginxValues(contract, settings);
  if (kind === IngressControllerKind.IngressNginx) return ingressNginxValues(contract, settings);
  return traefikValues(contract, settings);
}

function chartOf(kind: IngressControllerKind): Chart {
  if (kind === IngressControllerKind.F5Nginx) return CHARTS.f5Nginx;
  if (kind === IngressControllerKind.IngressNginx) return CHARTS.ingressNginx;
  return CHARTS.traefik;
}
