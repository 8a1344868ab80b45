import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { GlobalEndpointArgs, LatencyRecordsArgs, RegionalEntryArgs } from "./global-endpoint";

/** Seconds that clients may keep the address of a region that is not AWS'; aliases have the 60 of AWS' load balancers. */
const CNAME_TTL_SECONDS = 60;

/** Name by which one region alone answers. */
export function regionalHost(host: string, region: string, entry: RegionalEntryArgs): string {
  return entry.host ?? `${region}.${host}`;
}

/** A health check, a regional name and a latency record for each region. */
export function latencyEntry(
  name: string,
  args: GlobalEndpointArgs,
  latencyRecords: LatencyRecordsArgs,
  opts: pulumi.CustomResourceOptions,
): { healthChecks: Record<string, pulumi.Output<string>>; records: aws.route53.Record[] } {
  const healthChecks: Record<string, pulumi.Output<string>> = {};
  const records = Object.entries(args.regions).flatMap(([region, entry]) => {
    const ownHost = regionalHost(args.host, region, entry);
    const own = new aws.route53.Record(
      `${name}-host-${region}`,
      { zoneId: args.zoneId, name: ownHost, ...target(entry) },
      opts,
    );
    const check = healthCheck(`${name}-check-${region}`, ownHost, latencyRecords, opts);
    healthChecks[region] = check.id;
    if (entry.inRotation === false) return [own];
    const shared = new aws.route53.Record(
      `${name}-record-${region}`,
      {
        zoneId: args.zoneId,
        name: args.host,
        ...target(entry),
        setIdentifier: region,
        latencyRoutingPolicies: [{ region }],
        healthCheckId: check.id,
      },
      opts,
    );
    return [own, shared];
  });
  return { healthChecks, records };
}

/** What a record of a region's load balancer holds. */
function target(entry: RegionalEntryArgs) {
  if (entry.hostedZoneId === undefined) {
    return { type: "CNAME", ttl: CNAME_TTL_SECONDS, records: [entry.dnsName] };
  }
  return { type: "A", aliases: [{ name: entry.dnsName, zoneId: entry.hostedZoneId, evaluateTargetHealth: true }] };
}

/**
 * Asks the region's own name: the shared one would lead the checkers to whatever region is nearest to them, and the load
 * balancer's name is one that the controller behind it has no route for.
 */
function healthCheck(
  logicalName: string,
  fqdn: string,
  { healthPath = "/health", intervalSeconds = 30, failureThreshold = 3 }: LatencyRecordsArgs,
  opts: pulumi.CustomResourceOptions,
): aws.route53.HealthCheck {
  return new aws.route53.HealthCheck(
    logicalName,
    {
      type: "HTTPS",
      fqdn,
      port: 443,
      resourcePath: healthPath,
      enableSni: true,
      requestInterval: intervalSeconds,
      failureThreshold,
      // The console knows health checks by this tag alone.
      tags: { Name: fqdn },
    },
    opts,
  );
}
