import * as pulumi from "@pulumi/pulumi";
import {
  AcmCertificate,
  type AlbContext,
  allReady,
  DnsZone,
  HIDDEN_FROM_EXTERNAL_DNS,
  type IngressAnnotations,
  IngressController,
  type IngressControllerKind,
  idleSecondsFor,
  ingressAnnotations,
  ingressClassNameOf,
  ingressContract,
  isDelegated,
  isReservedDomain,
  LoadBalancerController,
  PublicEntry,
} from "../components";
import { createCertificates, type PrivateIssuer } from "./certificates";
import type { ClusterFoundation } from "./cluster-foundation";
import { type Context, type Providers, publicHosts, reachesInternet } from "./context";
import { createExternalDns, dnsZoneArgs } from "./dns";
import { createZoneIdentities } from "./identities";
import { NAMESPACES, type Namespaces } from "./namespaces";
import type { Operations } from "./operations";
import type { Settings } from "./settings";

/** How the outside world reaches the platform. */
export interface Edge {
  /** Class of Ingress objects. */
  readonly ingressClassName: string;
  /** Annotations of Langfuse's Ingress. */
  readonly langfuseAnnotations: IngressAnnotations;
  /** Whether Langfuse is reached by HTTPS. */
  readonly tls: boolean;
  /** Secret of Langfuse's certificate; undefined where the load balancer holds it. */
  readonly tlsSecretName?: string;
  /** Gate: Ingresses are served. */
  readonly ingressReady: pulumi.Output<string>;
  /** Gate: cert-manager's API works; undefined without cert-manager. */
  readonly certManagerReady?: pulumi.Output<string>;
  /** Signs names inside the cluster; undefined unless something needs it. */
  readonly privateIssuer?: PrivateIssuer;
  readonly publicEntry?: PublicEntry;
  readonly zone?: DnsZone;
  /** The issuer of certificates for names of the world; undefined when none can issue, or a load balancer holds them. */
  readonly issuerName?: pulumi.Output<string>;
  /** What Ingresses of an Application Load Balancer share; undefined under other controllers. */
  readonly alb?: AlbContext;
}

/**
 * Secret of Langfuse's certificate. cert-manager writes it; without an issuer it may be brought, and until it is there the
 * controller answers with its own certificate.
 */
const LANGFUSE_TLS_SECRET = "langfuse-tls";

/** What the rooms below have made already. */
export interface EdgeParts {
  readonly context: Context;
  readonly providers: Providers;
  readonly namespaces: Namespaces;
  readonly operations: Operations;
  /** None on a cluster of somebody else's, where load balancer and DNS are their business. */
  readonly foundation?: ClusterFoundation;
}

/** Load balancer, ingress controller, certificates and DNS. */
export function createEdge(parts: EdgeParts): Edge {
  const { context, providers, foundation } = parts;
  const { settings } = context;
  const kind = settings.ingress.controller;
  const zoneArgs = dnsZoneArgs(context);
  const zone = foundation && zoneArgs && new DnsZone("dns-zone", zoneArgs, providers.aws);
  // Without a way out neither external-dns nor an authority's proofs get to Route 53.
  const managed = reachesInternet(settings) ? zone : undefined;
  const zoneIdentities =
    foundation && managed && createZoneIdentities(context, foundation.cluster, managed.zoneId, providers.aws);
  const certificatesPossible =
    !isReservedDomain(settings.langfuse.host) &&
    (zoneArgs === undefined || isDelegated(zoneArgs) || settings.dns?.create?.delegated === true);

  const loadBalancerController = foundation && createLoadBalancerController(parts, foundation);
  const publicEntry =
    foundation && loadBalancerController && createPublicEntry(parts, foundation, loadBalancerController, zone);
  const controller = createIngressController(parts, publicEntry, loadBalancerController);
  const certificates = createCertificates(parts, {
    zone,
    identityReady: zoneIdentities?.certManager,
    possible: certificatesPossible,
  });
  if (zone && zoneIdentities && foundation) createExternalDns(parts, foundation, zone, zoneIdentities.externalDns);

  const certificateArn =
    kind === "alb" && zone && certificatesPossible
      ? new AcmCertificate("certificate", { hosts: publicHosts(settings), zoneId: zone.zoneId }, providers.aws)
          .certificateArn
      : undefined;
  const alb = foundation && albContext(context, foundation, certificateArn);
  return {
    ingressClassName: ingressClassNameOf(kind),
    langfuseAnnotations: {
      ...ingressAnnotations(kind, settings.langfuse.ingress, {
        issuerName: certificates.issuerName,
        alb,
      }),
      // The record is ours: two who write it would take it from each other.
      ...(publicEntry && zone ? HIDDEN_FROM_EXTERNAL_DNS : {}),
    },
    tls: kind !== "alb" || certificateArn !== undefined,
    tlsSecretName: kind === "alb" ? undefined : LANGFUSE_TLS_SECRET,
    // With the record: on destruction the Ingress goes first.
    ingressReady: allReady(
      controller?.ready,
      certificates.issuersReady,
      loadBalancerController?.ready,
      publicEntry?.ready,
    ),
    certManagerReady: certificates.certManagerReady,
    privateIssuer: certificates.privateIssuer,
    publicEntry,
    zone,
    issuerName: kind === "alb" ? undefined : certificates.issuerName,
    alb: kind === "alb" ? alb : undefined,
  };
}

function createLoadBalancerController({ context, providers, operations }: EdgeParts, foundation: ClusterFoundation) {
  return new LoadBalancerController(
    "load-balancer-controller",
    {
      clusterName: foundation.cluster.clusterName,
      region: context.region,
      vpcId: foundation.network.vpcId,
      identityReady: allReady(foundation.identities.loadBalancerController, foundation.addons.dnsReady),
      albIngressClass: context.settings.ingress.controller === "alb",
      serviceMonitors: operations.serviceMonitors,
      monitorCrdsReady: operations.monitorsReady,
      placement: context.placement("loadBalancerController"),
      mirrors: context.mirrors,
    },
    providers.kubernetes,
  );
}

function createPublicEntry(
  { context, providers, namespaces }: EdgeParts,
  foundation: ClusterFoundation,
  loadBalancerController: LoadBalancerController,
  zone: DnsZone | undefined,
): PublicEntry | undefined {
  const { settings, durable } = context;
  const contract = ingressContract(settings.ingress.controller);
  const namespace = namespaces.ingress?.namespaceName;
  if (contract === undefined || namespace === undefined) return undefined;
  const { internal, allowedCidrs } = settings.ingress;
  return new PublicEntry(
    "entry",
    {
      vpcId: foundation.network.vpcId,
      subnetIds: internal ? foundation.network.privateSubnetIds : foundation.network.publicSubnetIds,
      networkReady: foundation.network.publicReady,
      internal,
      allowedCidrs,
      clusterSecurityGroupId: foundation.cluster.clusterSecurityGroupId,
      target: { namespace, ...contract },
      loadBalancerControllerReady: loadBalancerController.ready,
      // Pods that call the platform by its public name would otherwise be answered past the load balancer.
      proxyProtocol: internal,
      dns: zone && { zoneId: zone.zoneId, hosts: publicHosts(settings) },
      idleTimeoutSeconds: settings.llm.enabled ? idleSecondsFor(settings.llm.gateway.requestTimeoutSeconds) : undefined,
      finishSeconds: longestAnswer(settings),
      durable,
    },
    providers.both,
  );
}

function createIngressController(
  { context, providers, namespaces, operations, foundation }: EdgeParts,
  publicEntry: PublicEntry | undefined,
  loadBalancerController: LoadBalancerController | undefined,
): IngressController | undefined {
  const { settings, mirrors } = context;
  if (settings.cluster.existing?.provides.includes("ingressController") || !namespaces.ingress) return undefined;
  return new IngressController(
    "ingress-controller",
    {
      controller: settings.ingress.controller as IngressControllerKind,
      allowRetired: settings.allow.includes("retiredIngressNginx"),
      namespace: namespaces.ingress.namespaceName,
      policiesReady: allReady(namespaces.ingress.policiesReady, foundation?.addons.dnsReady),
      replicas: settings.ingress.replicas,
      statusAddress: publicEntry?.dnsName,
      proxyProtocolFrom: settings.ingress.internal ? foundation?.network.privateSubnetCidrs : undefined,
      finishSeconds: longestAnswer(settings),
      routeNamespaces: namespaces.models && settings.ingress.controller === "traefik" ? [NAMESPACES.models] : undefined,
      placement: context.placement("ingressController"),
      priorityClassName: operations.priorityClasses.serving,
      serviceMonitors: operations.serviceMonitors,
      monitorCrdsReady: operations.monitorsReady,
      loadBalancerControllerReady: loadBalancerController?.ready,
      mirrors,
    },
    providers.kubernetes,
  );
}

function albContext(
  { settings, durable }: Context,
  { network }: ClusterFoundation,
  certificateArn: pulumi.Input<string> | undefined,
) {
  const { langfuse, llm } = settings;
  const { internal, allowedCidrs } = settings.ingress;
  return {
    certificateArn,
    subnetIds: internal ? network.privateSubnetIds : network.publicSubnetIds,
    groupName: `${pulumi.getProject()}-${pulumi.getStack()}`,
    allowedCidrs,
    internal,
    durable,
    // One figure for all Ingresses of the load balancer: the longest that any of them needs.
    idleTimeoutSeconds: llm.enabled
      ? Math.max(langfuse.ingress.readTimeoutSeconds, idleSecondsFor(llm.gateway.requestTimeoutSeconds))
      : undefined,
    healthCheckPath: "/api/public/health",
  };
}

/** Seconds that pods of the ingress controller need to finish answers; undefined where none takes long. */
function longestAnswer({ llm }: Settings): number | undefined {
  return llm.enabled ? llm.gateway.requestTimeoutSeconds : undefined;
}
