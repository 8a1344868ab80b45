import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { HOST_NAME } from "../internal/names";
import { Problems } from "../internal/problems";

export interface AcmCertificateArgs {
  /** Host names, the first of which names the certificate; `*.example.com` is accepted. Changing them replaces it. */
  readonly hosts: string[];
  /** Route 53 zone of all the names; the world must already ask it (`DnsZone.delegated`), or the certificate is never issued. */
  readonly zoneId: pulumi.Input<string>;
}

/**
 * A public TLS certificate of AWS Certificate Manager for Application Load Balancers, with the DNS records that prove the
 * names are ours. It renews itself as long as the records stay. Certificates inside the cluster are cert-manager's.
 */
export class AcmCertificate extends pulumi.ComponentResource {
  /** ARN of the issued certificate: waits until it can be used. For `ingressAnnotations`. */
  readonly certificateArn: pulumi.Output<string>;

  constructor(name: string, args: AcmCertificateArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:AcmCertificate", name, {}, opts);
    checkAcmCertificateArgs(name, args);

    const [domainName = "", ...others] = args.hosts;
    const certificate = new aws.acm.Certificate(
      `${name}-certificate`,
      { domainName, subjectAlternativeNames: others, validationMethod: "DNS" },
      { parent: this },
    );
    const records = validatedNames(args.hosts).map((host) => {
      const option = certificate.domainValidationOptions.apply((options) => validationOption(options, host));
      return new aws.route53.Record(
        `${name}-validation-${host}`,
        {
          zoneId: args.zoneId,
          name: option.resourceRecordName,
          type: option.resourceRecordType,
          records: [option.resourceRecordValue],
          ttl: 300,
          // The record depends on account and name alone: a certificate that is being replaced has left the same one.
          allowOverwrite: true,
        },
        { parent: this },
      );
    });
    const validation = new aws.acm.CertificateValidation(
      `${name}-validation`,
      { certificateArn: certificate.arn, validationRecordFqdns: records.map((record) => record.fqdn) },
      // Minutes as a rule; a zone that nobody asks must not hold the run for the default of 75.
      { parent: this, customTimeouts: { create: "20m" } },
    );

    this.certificateArn = validation.certificateArn;
    this.registerOutputs({ certificateArn: this.certificateArn });
  }
}

/** The record that ACM wants to see for `host` (without a wildcard); ACM lists them in no order. */
export function validationOption<T extends { readonly domainName: string }>(options: readonly T[], host: string): T {
  const found = options.find((each) => withoutWildcard(each.domainName) === host);
  if (found === undefined) throw new pulumi.RunError(`ACM asks for no validation record for ${host}.`);
  return found;
}

/** One record proves a name and its wildcard alike. */
function validatedNames(hosts: string[]): string[] {
  return [...new Set(hosts.map(withoutWildcard))];
}

function withoutWildcard(host: string): string {
  return host.replace(/^\*\./, "");
}

function checkAcmCertificateArgs(name: string, args: AcmCertificateArgs): void {
  const problems = new Problems();
  problems.check(args.hosts.length > 0, {
    path: "hosts",
    rule: "must name at least one host",
    fix: "Add the host that browsers open.",
  });
  args.hosts.forEach((host, index) => {
    problems.check(HOST_NAME.test(withoutWildcard(host)) && args.hosts.indexOf(host) === index, {
      path: `hosts[${index}]`,
      rule: "must be a lower-case host name, listed once",
      got: host,
      fix: "Write it like langfuse.example.com or *.example.com.",
    });
  });
  problems.throwIfAny("AcmCertificate", name);
}
