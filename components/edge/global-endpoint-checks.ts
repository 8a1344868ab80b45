import { AWS_REGION, HOST_NAME } from "../internal/names";
import { Problems } from "../internal/problems";
import type { GlobalEndpointArgs, LatencyRecordsArgs } from "./global-endpoint";
import { regionalHost } from "./global-endpoint-records";

/** Throws one error with everything that is wrong. */
export function checkGlobalEndpointArgs(name: string, args: GlobalEndpointArgs): void {
  const problems = new Problems();
  problems.exactlyOne("args", { latencyRecords: args.latencyRecords, accelerator: args.accelerator });
  problems.check(HOST_NAME.test(args.host), {
    path: "host",
    rule: "must be a lower-case host name without scheme or port",
    got: args.host,
    fix: "Write it like api.example.com.",
  });
  checkRegions(problems, args);
  if (args.latencyRecords !== undefined) {
    checkLatencyRecords(problems, args.latencyRecords);
    checkRecordKinds(problems, args);
    checkRegionalHosts(problems, args);
  }
  if (args.accelerator !== undefined) checkLoadBalancers(problems, args);
  problems.throwIfAny("GlobalEndpoint", name);
}

function checkRegions(problems: Problems, { regions }: GlobalEndpointArgs): void {
  for (const region of Object.keys(regions)) {
    problems.check(AWS_REGION.test(region), {
      path: `regions.${region}`,
      rule: "must be named after an AWS region",
      got: region,
      fix: "Write it like us-east-1; for a region of another provider, take the AWS region nearest to it.",
    });
  }
  problems.check(
    Object.values(regions).some(({ inRotation = true }) => inRotation),
    {
      path: "regions",
      rule: "at least one region must be in rotation",
      got: Object.keys(regions).join(", ") || "none",
      fix: "Add a region, or leave inRotation out at one of them.",
    },
  );
}

function checkLatencyRecords(problems: Problems, records: LatencyRecordsArgs): void {
  const { healthPath = "/health", intervalSeconds = 30, failureThreshold = 3 } = records;
  problems.check(/^\/\S{0,254}$/.test(healthPath), {
    path: "latencyRecords.healthPath",
    rule: "must be a path of at most 255 characters",
    got: healthPath,
    fix: "Write it like /health.",
  });
  problems.check(intervalSeconds === 10 || intervalSeconds === 30, {
    path: "latencyRecords.intervalSeconds",
    rule: "must be 10 or 30, which are all that Route 53 offers",
    got: intervalSeconds,
    fix: "Choose 30, or 10 to notice sooner at a higher price.",
  });
  problems.check(Number.isInteger(failureThreshold) && failureThreshold >= 1 && failureThreshold <= 10, {
    path: "latencyRecords.failureThreshold",
    rule: "must be a whole number from 1 to 10",
    got: failureThreshold,
    fix: "3 passes over a lost packet and notices an outage within intervals of 30 seconds.",
  });
}

/** Route 53 has either aliases or CNAMEs of one name. */
function checkRecordKinds(problems: Problems, { regions }: GlobalEndpointArgs): void {
  const without = Object.keys(regions).filter((region) => regions[region]?.hostedZoneId === undefined);
  problems.check(without.length === 0 || without.length === Object.keys(regions).length, {
    path: "regions",
    rule: "either all or none must have hostedZoneId, since a name cannot be an alias and a CNAME",
    got: `none for ${without.join(", ")}`,
    fix: "Add hostedZoneId to the load balancers of AWS, or take the other provider's regions out.",
  });
}

function checkRegionalHosts(problems: Problems, { host, regions }: GlobalEndpointArgs): void {
  const hosts = Object.entries(regions).map(([region, entry]) => regionalHost(host, region, entry));
  Object.keys(regions).forEach((region, index) => {
    const own = hosts[index] ?? "";
    problems.check(HOST_NAME.test(own) && own !== host && hosts.indexOf(own) === index, {
      path: `regions.${region}.host`,
      rule: "must be a lower-case host name of this region alone",
      got: own,
      fix: `Leave it out to get ${region}.${host}.`,
    });
  });
}

function checkLoadBalancers(problems: Problems, { regions }: GlobalEndpointArgs): void {
  for (const [region, { loadBalancerArn }] of Object.entries(regions)) {
    const elsewhere = typeof loadBalancerArn === "string" && loadBalancerArn.split(":")[3] !== region;
    problems.check(loadBalancerArn !== undefined && !elsewhere, {
      path: `regions.${region}.loadBalancerArn`,
      rule: "must be the ARN of a load balancer in this region, which an accelerator leads to",
      got: loadBalancerArn,
      fix: "Take PublicEntry.loadBalancerArn of the region's stack, or use latencyRecords.",
    });
  }
}
