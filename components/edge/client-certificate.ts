import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import { DNS_LABEL } from "../internal/names";
import { Problems } from "../internal/problems";

export interface ClientCertificateArgs {
  /** Namespace of the pods that use it; it exists. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the Secret (and of the Certificate), a DNS label. */
  readonly secretName: string;
  /** Whom the certificate names, e.g. `langfuse`. */
  readonly commonName: string;
  /** ClusterIssuer of a private authority. */
  readonly issuerName: pulumi.Input<string>;
  /** Gate: cert-manager runs and the issuer exists. */
  readonly issuerReady: pulumi.Input<string>;
}

/** The key of the authority's own certificate in the Secret that cert-manager writes. */
export const AUTHORITY_KEY = "ca.crt";

/**
 * A client certificate of the cluster's private authority, and with it the authority's certificate in a namespace of its own
 * (key `AUTHORITY_KEY`): what a pod needs to trust a server of the same authority. The issuer is not managed here.
 */
export class ClientCertificate extends pulumi.ComponentResource {
  /** Secret with `tls.crt`, `tls.key` and `ca.crt`; there once the certificate is issued. */
  readonly secretName: pulumi.Output<string>;
  /** Gate: the certificate is issued. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ClientCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ClientCertificate", name, {}, opts);
    const problems = new Problems();
    problems.check(DNS_LABEL.test(args.secretName), {
      path: "secretName",
      rule: "must be a DNS label: lower-case letters, digits and dashes, at most 63 characters",
      got: args.secretName,
      fix: "Choose another name.",
    });
    problems.throwIfAny("ClientCertificate", name);
    const certificate = new kubernetes.apiextensions.CustomResource(
      `${name}-certificate`,
      {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        metadata: {
          name: args.secretName,
          namespace: args.namespace,
          // A private authority answers within seconds, unlike one that must be shown proofs over the internet.
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: {
          secretName: args.secretName,
          commonName: args.commonName,
          usages: ["client auth"],
          privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
          issuerRef: { name: args.issuerName, kind: "ClusterIssuer", group: "cert-manager.io" },
        },
      },
      { parent: this, dependsOn: after(args.issuerReady), customTimeouts: { create: "3m", update: "3m" } },
    );
    this.ready = ready([certificate]);
    this.secretName = this.ready.apply(() => args.secretName);
    this.registerOutputs({ secretName: this.secretName, ready: this.ready });
  }
}
