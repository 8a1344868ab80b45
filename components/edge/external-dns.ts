import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { CHARTS, chartSource } from "../internal/charts";
import { after, ready } from "../internal/gates";
import type { Mirrors } from "../internal/mirrors";
import { HOST_NAME } from "../internal/names";
import type { ContainerResources, Placement } from "../internal/pods";
import { Problems } from "../internal/problems";
import { EXTERNAL_DNS, externalDnsValues } from "./external-dns-values";

/** What external-dns does with records that it made and that nothing asks for any more. */
export const DnsRecordPolicy = {
  /** Leaves them. After the stack is gone they point nowhere, and another owner cannot touch them. */
  UpsertOnly: "upsert-only",
  /** Deletes them; never touches records of others. */
  Sync: "sync",
} as const;
export type DnsRecordPolicy = (typeof DnsRecordPolicy)[keyof typeof DnsRecordPolicy];

export interface ExternalDnsArgs {
  /** Existing namespace, best `EXTERNAL_DNS.namespace`; Pod Security may be `restricted`. */
  readonly namespace: pulumi.Input<string>;
  /** Written beside every record as its owner; unique among all clusters that share a zone: the cluster's name. */
  readonly ownerId: pulumi.Input<string>;
  /** Region of the cluster. */
  readonly region: pulumi.Input<string>;
  /** Route 53 zones that it may write to, at least one (`externalDnsStatements`). */
  readonly zoneIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Domains whose host names it serves, at least one; others are ignored. */
  readonly domains: string[];
  /** What happens to records that nothing asks for any more. Default `upsert-only`. */
  readonly policy?: DnsRecordPolicy;
  /** Gate of the identity of external-dns/external-dns: pods admitted earlier never get credentials. */
  readonly identityReady?: pulumi.Input<string>;
  /** Gate: NetworkPolicies of the namespace. */
  readonly policiesReady?: pulumi.Input<string>;
  /** Annotations of the ServiceAccount; needed for IRSA alone. Default none. */
  readonly serviceAccountAnnotations?: pulumi.Input<Record<string, string>>;
  /** Requests and limits. Default 50m/64Mi to 200m/256Mi. */
  readonly resources?: ContainerResources;
  /** Where the pod goes. Default anywhere. */
  readonly placement?: Placement;
  /** Priority class of the pod. Default none. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Creates a ServiceMonitor, for which Prometheus operator CRDs must exist. Default false. */
  readonly serviceMonitors?: boolean;
  /** Gate of the Prometheus operator CRDs; for `serviceMonitors`. */
  readonly monitorCrdsReady?: pulumi.Input<string>;
  /** Where the chart and the image come from instead of their public homes. */
  readonly mirrors?: Mirrors;
}

/**
 * external-dns: keeps Route 53 records for the hosts of Ingresses and annotated Services. One Helm release with one pod, which
 * is how many it supports. Zones and the identity are not managed here; the platform's own names are `PublicEntry`'s.
 */
export class ExternalDns extends pulumi.ComponentResource {
  /** Gate: Ingresses get their records; under `sync` they go before it, so that it can remove those. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ExternalDnsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ExternalDns", name, {}, opts);
    checkExternalDnsArgs(name, args);

    const release = new kubernetes.helm.v3.Release(
      `${name}-release`,
      {
        ...chartSource(CHARTS.externalDns, args.mirrors),
        name: EXTERNAL_DNS.releaseName,
        namespace: args.namespace,
        timeout: 600,
        waitForJobs: true,
        cleanupOnFail: true,
        values: externalDnsValues({
          ...args,
          policy: args.policy ?? DnsRecordPolicy.UpsertOnly,
          serviceMonitors: args.serviceMonitors ?? false,
        }),
      },
      { parent: this, dependsOn: after(args.identityReady, args.policiesReady, args.monitorCrdsReady) },
    );

    this.ready = ready([release]);
    this.registerOutputs({ ready: this.ready });
  }
}

function checkExternalDnsArgs(name: string, args: ExternalDnsArgs): void {
  const problems = new Problems();
  const policies = Object.values(DnsRecordPolicy);
  problems.check(args.policy === undefined || policies.includes(args.policy), {
    path: "policy",
    rule: `must be one of ${policies.join(", ")}`,
    got: args.policy,
    fix: "Leave it out for upsert-only.",
  });
  problems.check(args.domains.length > 0, {
    path: "domains",
    rule: "must name at least one domain, or every host name of every Ingress would be claimed",
    fix: "Add the zone's domain.",
  });
  args.domains.forEach((domain, index) => {
    problems.check(HOST_NAME.test(domain), {
      path: `domains[${index}]`,
      rule: "must be a lower-case domain without scheme or trailing dot",
      got: domain,
      fix: "Write it like example.com.",
    });
  });
  problems.throwIfAny("ExternalDns", name);
}
