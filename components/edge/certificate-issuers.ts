import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import { Problems } from "../internal/problems";
import { checkCertificateIssuersArgs } from "./certificate-issuers-checks";
import { letsEncryptSpec } from "./certificate-issuers-spec";

export interface CertificateIssuersArgs {
  /**
   * Whether certificates can be had at all; false makes nothing, `issuerName` is then empty. False for reserved domains
   * (`isReservedDomain`) and for zones that nobody asks yet (`isDelegated`).
   */
  readonly enabled: boolean;
  /** Gate of cert-manager. */
  readonly certManagerReady: pulumi.Input<string>;
  /** Namespace of cert-manager, where cluster issuers look for their Secrets. */
  readonly namespace: pulumi.Input<string>;
  /** Certificates that every browser trusts. Exactly one of `letsEncrypt` and `selfSigned`. */
  readonly letsEncrypt?: LetsEncryptArgs;
  /** Certificates of a private authority of this cluster, for platforms that the internet does not reach. */
  readonly selfSigned?: SelfSignedArgs;
}

/** Let's Encrypt, with one way to prove that names are ours: exactly one of `http01`, `route53` and `cloudflare`. */
export interface LetsEncryptArgs {
  /** Contact of the account; reserved domains are refused by Let's Encrypt. Default none. */
  readonly email?: string;
  /** Whether `issuerName` is the staging issuer, whose certificates no browser trusts and whose limits are wide. Default false. */
  readonly staging?: boolean;
  /** Proves names by a page on port 80, which the world must reach. */
  readonly http01?: Http01Args;
  /** Proves names by records in Route 53, made with cert-manager's own identity (`dns01Statements`). */
  readonly route53?: Route53SolverArgs;
  /** Proves names by records at Cloudflare. */
  readonly cloudflare?: CloudflareSolverArgs;
}

/** HTTP-01: pods in the certificate's namespace answer behind the ingress controller. */
export interface Http01Args {
  /** `IngressController.ingressClassName`. */
  readonly ingressClassName: pulumi.Input<string>;
}

/** DNS-01 in Route 53. */
export interface Route53SolverArgs {
  /** The zone of all names. */
  readonly zoneId: pulumi.Input<string>;
  /** Region of the cluster, from which the partition follows. */
  readonly region: pulumi.Input<string>;
}

/** DNS-01 at Cloudflare: exactly one of `apiToken` and `existingSecret`. */
export interface CloudflareSolverArgs {
  /** API token with `Zone:Read` and `DNS:Edit`; kept in a Secret in cert-manager's namespace. */
  readonly apiToken?: pulumi.Input<string>;
  /** A Secret in cert-manager's namespace that somebody else keeps. */
  readonly existingSecret?: CloudflareSecretArgs;
}

/** Where a Cloudflare token lies. */
export interface CloudflareSecretArgs {
  /** Name of the Secret, in cert-manager's namespace. */
  readonly name: pulumi.Input<string>;
  /** Key inside the Secret that holds the token. */
  readonly key: pulumi.Input<string>;
}

/** The private authority. */
export interface SelfSignedArgs {
  /** Name in the authority's certificate. Default `LLM platform`. */
  readonly commonName?: string;
}

/** Names of the issuers: users' own Ingresses name them in `cert-manager.io/cluster-issuer`. */
export const ISSUERS = {
  letsEncrypt: "letsencrypt",
  letsEncryptStaging: "letsencrypt-staging",
  privateAuthority: "platform-ca",
} as const;

/** An issuer is ready within seconds; one that is not must not hold the run for the default of ten minutes. */
const READY_WITHIN = "3m";
const AWAIT_READY = { "pulumi.com/waitFor": "condition=Ready" };

/**
 * Who signs certificates in the cluster: ClusterIssuers of Let's Encrypt (production and staging) or of a private authority.
 * Certificates are not managed here: the annotation `cert-manager.io/cluster-issuer` on an Ingress makes them.
 */
export class CertificateIssuers extends pulumi.ComponentResource {
  /** The issuer to name in Ingresses; empty when `enabled` is false. */
  readonly issuerName: pulumi.Output<string>;
  /** Gate: the named issuer is ready. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: CertificateIssuersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:CertificateIssuers", name, {}, opts);
    const problems = new Problems();
    checkCertificateIssuersArgs(problems, args);
    problems.throwIfAny("CertificateIssuers", name);

    const made: pulumi.Resource[] = [];
    if (args.enabled && args.letsEncrypt) {
      made.push(...letsEncryptIssuers(name, args, args.letsEncrypt, { parent: this }));
    }
    if (args.enabled && args.selfSigned) {
      made.push(...privateAuthority(name, args, args.selfSigned, { parent: this }));
    }

    this.issuerName = pulumi.output(args.enabled ? nameOfIssuer(args) : "");
    this.ready = ready(made);
    this.registerOutputs({ issuerName: this.issuerName, ready: this.ready });
  }
}

function nameOfIssuer(args: CertificateIssuersArgs): string {
  if (args.letsEncrypt === undefined) return ISSUERS.privateAuthority;
  return args.letsEncrypt.staging === true ? ISSUERS.letsEncryptStaging : ISSUERS.letsEncrypt;
}

function letsEncryptIssuers(
  name: string,
  args: CertificateIssuersArgs,
  letsEncrypt: LetsEncryptArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const token = letsEncrypt.cloudflare?.apiToken;
  const secrets =
    token === undefined
      ? []
      : [
          new kubernetes.core.v1.Secret(
            `${name}-cloudflare`,
            {
              metadata: { name: CLOUDFLARE_SECRET.name, namespace: args.namespace },
              stringData: { [CLOUDFLARE_SECRET.key]: pulumi.secret(token) },
            },
            opts,
          ),
        ];
  const dependsOn = after(args.certManagerReady, ready(secrets));
  const issuers = ([ISSUERS.letsEncrypt, ISSUERS.letsEncryptStaging] as const).map((issuer) =>
    clusterIssuer(
      `${name}-${issuer}`,
      issuer,
      letsEncryptSpec(issuer, letsEncrypt, letsEncrypt.cloudflare?.existingSecret ?? CLOUDFLARE_SECRET),
      // Nobody waits for the one that is only there to be tried out.
      issuer === nameOfIssuer(args),
      { ...opts, dependsOn },
    ),
  );
  return [...secrets, ...issuers];
}

const CLOUDFLARE_SECRET = { name: "cloudflare-api-token", key: "api-token" } as const;

function privateAuthority(
  name: string,
  args: CertificateIssuersArgs,
  authority: SelfSignedArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const dependsOn = after(args.certManagerReady);
  const root = clusterIssuer(`${name}-root`, "platform-root", { selfSigned: {} }, true, { ...opts, dependsOn });
  const certificate = new kubernetes.apiextensions.CustomResource(
    `${name}-authority`,
    {
      apiVersion: "cert-manager.io/v1",
      kind: "Certificate",
      metadata: { name: ISSUERS.privateAuthority, namespace: args.namespace },
      spec: {
        isCA: true,
        commonName: authority.commonName ?? "LLM platform",
        secretName: ISSUERS.privateAuthority,
        duration: "87600h0m0s",
        // A new key would make everything that trusts the old certificate distrust the new ones.
        privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Never" },
        issuerRef: { name: "platform-root", kind: "ClusterIssuer", group: "cert-manager.io" },
      },
    },
    { ...opts, dependsOn: after(args.certManagerReady, ready([root])) },
  );
  const spec = { ca: { secretName: ISSUERS.privateAuthority } };
  const issuer = clusterIssuer(`${name}-ca`, ISSUERS.privateAuthority, spec, true, {
    ...opts,
    dependsOn: after(args.certManagerReady, ready([certificate])),
  });
  return [root, certificate, issuer];
}

function clusterIssuer(
  logicalName: string,
  issuer: string,
  spec: Record<string, unknown>,
  awaited: boolean,
  opts: pulumi.CustomResourceOptions,
): kubernetes.apiextensions.CustomResource {
  return new kubernetes.apiextensions.CustomResource(
    logicalName,
    {
      apiVersion: "cert-manager.io/v1",
      kind: "ClusterIssuer",
      // Left out rather than empty: the API server keeps no empty map, and every preview would show it as missing.
      metadata: { name: issuer, ...(awaited ? { annotations: AWAIT_READY } : {}) },
      spec,
    },
    { ...opts, customTimeouts: { create: READY_WITHIN, update: READY_WITHIN } },
  );
}
