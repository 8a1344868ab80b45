import type * as pulumi from "@pulumi/pulumi";
import { allReady, DnsRecordPolicy, type DnsZone, type DnsZoneArgs, ExternalDns } from "../components";
import type { ClusterFoundation } from "./cluster-foundation";
import type { Context } from "./context";
import type { EdgeParts } from "./edge";

/** The zone that the settings name; undefined when names are somebody else's business. */
export function dnsZoneArgs({ settings, durable }: Context): DnsZoneArgs | undefined {
  const dns = settings.dns;
  if (dns === undefined) return undefined;
  if (dns.zoneId !== undefined) return { adopt: { zoneId: dns.zoneId, domain: dns.domain } };
  const parentZoneId = dns.create?.parentZoneId;
  const parentDomain = dns.domain.split(".").slice(1).join(".");
  return {
    create: {
      domain: dns.domain,
      parent: parentZoneId === undefined ? undefined : { zoneId: parentZoneId, domain: parentDomain },
      durable,
    },
  };
}

/** What writes the records of users' own Ingresses and Services. */
export function createExternalDns(
  { context, providers, namespaces, operations }: EdgeParts,
  foundation: ClusterFoundation,
  zone: DnsZone,
  identityReady: pulumi.Output<string>,
): void {
  if (!namespaces.externalDns || context.settings.dns === undefined) return;
  new ExternalDns(
    "external-dns",
    {
      namespace: namespaces.externalDns.namespaceName,
      // Two clusters that share a zone must not delete each other's records.
      ownerId: foundation.cluster.clusterName,
      region: context.region,
      zoneIds: [zone.zoneId],
      domains: [context.settings.dns.domain],
      policy: context.durable ? DnsRecordPolicy.UpsertOnly : DnsRecordPolicy.Sync,
      identityReady,
      policiesReady: allReady(namespaces.externalDns.policiesReady, foundation.addons.dnsReady),
      placement: context.placement("externalDns"),
      serviceMonitors: operations.serviceMonitors,
      monitorCrdsReady: operations.monitorsReady,
      mirrors: context.mirrors,
    },
    providers.kubernetes,
  );
}
