import * as pulumi from "@pulumi/pulumi";
import {
  allReady,
  CERT_MANAGER,
  CertificateIssuers,
  CertManager,
  type DnsZone,
  type IngressControllerKind,
  ISSUERS,
  ingressClassNameOf,
  isReservedDomain,
  type LetsEncryptArgs,
} from "../components";
import type { EdgeParts } from "./edge";

/** The authority of names inside the cluster. */
export interface PrivateIssuer {
  readonly issuerName: string;
  readonly issuerReady: pulumi.Output<string>;
}

/** What the rest of the edge needs of certificates; everything is undefined without cert-manager. */
export interface Certificates {
  /** Gate: cert-manager's API works. */
  readonly certManagerReady?: pulumi.Output<string>;
  /** Gate: the issuers are ready. */
  readonly issuersReady?: pulumi.Output<string>;
  /** The issuer that Ingresses name; undefined when none can issue. */
  readonly issuerName?: pulumi.Output<string>;
  readonly privateIssuer?: PrivateIssuer;
}

/** What certificates depend on besides the edge's parts. */
interface CertificateOptions {
  readonly zone?: DnsZone;
  /** Gate: cert-manager may write proofs into the zone. */
  readonly identityReady?: pulumi.Output<string>;
  /** Whether the world can ask for proofs of the host's name. */
  readonly possible: boolean;
}

/**
 * cert-manager, unless the cluster has one, and its issuers: the one for the world, and a private authority where something
 * inside needs it.
 */
export function createCertificates(parts: EdgeParts, options: CertificateOptions): Certificates {
  const { settings } = parts.context;
  const certManager = providedCertManager(parts) ?? createCertManager(parts, options.identityReady);
  if (certManager === undefined) return {};
  const { issuer } = settings.certificates;
  const shared = { certManagerReady: certManager.ready, namespace: certManager.namespace };
  const { kubernetes } = parts.providers;
  const authority =
    issuer === "selfSigned" || settings.clickhouse.create?.tls
      ? new CertificateIssuers("private-issuers", { ...shared, enabled: true, selfSigned: {} }, kubernetes)
      : undefined;
  const privateIssuer = authority && { issuerName: ISSUERS.privateAuthority, issuerReady: authority.ready };
  if (issuer === "none") return { certManagerReady: certManager.ready, privateIssuer };
  if (issuer === "selfSigned") {
    return {
      certManagerReady: certManager.ready,
      issuersReady: authority?.ready,
      issuerName: authority?.issuerName,
      privateIssuer,
    };
  }
  const letsEncrypt = letsEncryptArgs(parts, options.zone);
  // Nobody can prove a name in a domain that nobody owns, or in a zone that nobody asks yet.
  const enabled = options.possible && (letsEncrypt.route53 === undefined || options.zone !== undefined);
  const issuers = new CertificateIssuers("issuers", { ...shared, enabled, letsEncrypt }, kubernetes);
  return {
    certManagerReady: certManager.ready,
    issuersReady: allReady(issuers.ready, authority?.ready),
    issuerName: enabled ? issuers.issuerName : undefined,
    privateIssuer,
  };
}

/** Where issuers find cert-manager. */
interface CertManagerHome {
  readonly ready: pulumi.Output<string>;
  /** Where it looks for Secrets of ClusterIssuers. */
  readonly namespace: pulumi.Output<string>;
}

/** The cert-manager of somebody else's cluster, which works already, in the namespace that it is at home in. */
function providedCertManager({ context }: EdgeParts): CertManagerHome | undefined {
  if (!context.settings.cluster.existing?.provides.includes("certManager")) return undefined;
  return { ready: allReady(), namespace: pulumi.output(CERT_MANAGER.namespace) };
}

function createCertManager(
  { context, providers, namespaces, operations, foundation }: EdgeParts,
  identityReady: pulumi.Output<string> | undefined,
): CertManagerHome | undefined {
  const { settings, mirrors } = context;
  const namespace = namespaces.certManager;
  if (namespace === undefined) return undefined;
  const certManager = new CertManager(
    "cert-manager",
    {
      namespace: namespace.namespaceName,
      policiesReady: allReady(namespace.policiesReady, foundation?.addons.dnsReady),
      identityReady,
      ingressController: settings.ingress.controller as IngressControllerKind,
      placement: context.placement("certManager"),
      serviceMonitors: operations.serviceMonitors,
      monitorCrdsReady: operations.monitorsReady,
      mirrors,
    },
    providers.kubernetes,
  );
  return { ready: certManager.ready, namespace: namespace.namespaceName };
}

function letsEncryptArgs({ context }: EdgeParts, zone: DnsZone | undefined): LetsEncryptArgs {
  const { settings, region } = context;
  const { issuer, solver, dnsProvider, email } = settings.certificates;
  const http01 = solver === "http01";
  const cloudflare = !http01 && dnsProvider === "cloudflare";
  return {
    // Let's Encrypt refuses an account whose address lies in a domain that nobody owns.
    email: email === undefined || isReservedDomain(email.split("@")[1] ?? "") ? undefined : email,
    staging: issuer === "letsencryptStaging",
    http01: http01 ? { ingressClassName: ingressClassNameOf(settings.ingress.controller) } : undefined,
    cloudflare: cloudflare ? { apiToken: settings.secrets.cloudflareToken } : undefined,
    route53: http01 || cloudflare ? undefined : { zoneId: zone?.zoneId ?? "", region },
  };
}
