import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { GlobalEndpoint, type GlobalEndpointArgs } from "../../../components/edge/global-endpoint";
import { after } from "../../../components/internal/gates";
import { AUTONAME_SUFFIX, PHYSICAL_NAME_LIMITS } from "../../../components/internal/names";
import { failureOf, type Graph, graphOf, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const entry = (region: string) => ({
  dnsName: `entry.elb.${region}.amazonaws.com`,
  hostedZoneId: `Z${region.toUpperCase()}`,
  loadBalancerArn: `arn:aws:elasticloadbalancing:${region}:111111111111:loadbalancer/net/entry/1`,
});
const MINIMAL: GlobalEndpointArgs = {
  host: "api.example.com",
  zoneId: "Z1",
  regions: { "us-east-1": entry("us-east-1"), "eu-west-1": entry("eu-west-1") },
  latencyRecords: {},
};
const ACCELERATED = { latencyRecords: undefined, accelerator: { durable: true } };
const RECORD = "aws:route53/record:Record";
const CHECK = "aws:route53/healthCheck:HealthCheck";
const ACCELERATOR = "aws:globalaccelerator/accelerator:Accelerator";
const LISTENER = "aws:globalaccelerator/listener:Listener";
const GROUP = "aws:globalaccelerator/endpointGroup:EndpointGroup";
const HEAD = 'GlobalEndpoint "global" cannot be built from these arguments:\n  ';
const endpoint = (args: Partial<GlobalEndpointArgs> = {}) =>
  graphOf(() => new GlobalEndpoint("global", { ...MINIMAL, ...args }, explicitProviders()));
const refused = (args: Partial<GlobalEndpointArgs>) =>
  failureOf(() => new GlobalEndpoint("global", { ...MINIMAL, ...args }));
const recordsOf = (graph: Graph, host: string) => graph.ofType(RECORD).filter(({ inputs }) => inputs.name === host);

describe("GlobalEndpoint (L01)", () => {
  it("answers with the nearest region, one record and one health check each", async () => {
    const graph = await endpoint();
    const shared = recordsOf(graph, "api.example.com");
    assert.deepEqual(
      shared.map(({ inputs: { zoneId, type, setIdentifier, latencyRoutingPolicies, aliases } }) => [
        zoneId,
        type,
        setIdentifier,
        latencyRoutingPolicies,
        aliases,
      ]),
      ["us-east-1", "eu-west-1"].map((region) => [
        "Z1",
        "A",
        region,
        [{ region }],
        [{ name: entry(region).dnsName, zoneId: entry(region).hostedZoneId, evaluateTargetHealth: true }],
      ]),
    );
    for (const record of shared) {
      const check = graph.one(CHECK, `global-check-${record.inputs.setIdentifier}`);
      assert.ok(graph.waitsFor(record, check));
      assert.match(String(record.inputs.healthCheckId), /^[0-9a-f]{32}$/);
    }
    assert.equal(graph.ofType(ACCELERATOR).length, 0);
  });

  it("asks each region at a name that leads to it alone, over TLS with that name", async () => {
    const graph = await endpoint();
    const { inputs } = graph.one(CHECK, "global-check-eu-west-1");
    assert.deepEqual(inputs, {
      type: "HTTPS",
      fqdn: "eu-west-1.api.example.com",
      port: 443,
      resourcePath: "/health",
      enableSni: true,
      requestInterval: 30,
      failureThreshold: 3,
      tags: { Name: "eu-west-1.api.example.com" },
    });
    for (const { inputs: check } of graph.ofType(CHECK)) {
      const [own, ...others] = recordsOf(graph, String(check.fqdn));
      assert.deepEqual(others, []);
      assert.deepEqual([own?.inputs.setIdentifier, own?.inputs.healthCheckId], [undefined, undefined]);
    }
  });

  it("takes everything that the caller states", async () => {
    const graph = await endpoint({
      regions: { "us-east-1": { ...entry("us-east-1"), host: "virginia.example.com" } },
      latencyRecords: { healthPath: "/ping", intervalSeconds: 10, failureThreshold: 1 },
    });
    const { fqdn, resourcePath, requestInterval, failureThreshold } = graph.one(CHECK).inputs;
    assert.deepEqual([fqdn, resourcePath, requestInterval, failureThreshold], ["virginia.example.com", "/ping", 10, 1]);
    assert.equal(recordsOf(graph, "virginia.example.com").length, 1);
  });

  it("takes a region out of rotation and keeps its own name and health check", async () => {
    const regions = { ...MINIMAL.regions, "us-east-1": { ...entry("us-east-1"), inRotation: false } };
    const graph = await endpoint({ regions });
    assert.deepEqual(
      recordsOf(graph, "api.example.com").map(({ inputs }) => inputs.setIdentifier),
      ["eu-west-1"],
    );
    assert.equal(recordsOf(graph, "us-east-1.api.example.com").length, 1);
    assert.equal(graph.ofType(CHECK).length, 2);
    const accelerated = await endpoint({ ...ACCELERATED, regions });
    assert.deepEqual(
      accelerated.ofType(GROUP).map(({ inputs }) => [inputs.endpointGroupRegion, inputs.trafficDialPercentage]),
      [
        ["us-east-1", 0],
        ["eu-west-1", 100],
      ],
    );
  });

  it("makes CNAMEs of load balancers that are not AWS'", async () => {
    const graph = await endpoint({ regions: { "us-east-1": { dnsName: "entry.example.net" } } });
    const records = graph.ofType(RECORD);
    assert.equal(records.length, 2);
    for (const { inputs } of records) {
      assert.deepEqual([inputs.type, inputs.ttl, inputs.records], ["CNAME", 60, ["entry.example.net"]]);
    }
  });

  it("leads an accelerator's two addresses to every region, with clients' own addresses", async () => {
    const graph = await endpoint(ACCELERATED);
    assert.equal(graph.one(ACCELERATOR).options.protect, true);
    assert.deepEqual(graph.one(LISTENER).inputs.portRanges, [
      { fromPort: 80, toPort: 80 },
      { fromPort: 443, toPort: 443 },
    ]);
    assert.deepEqual(
      graph.ofType(GROUP).map(({ inputs }) => [inputs.endpointGroupRegion, inputs.endpointConfigurations]),
      ["us-east-1", "eu-west-1"].map((region) => [
        region,
        [{ endpointId: entry(region).loadBalancerArn, weight: 128, clientIpPreservationEnabled: true }],
      ]),
    );
    const record = graph.one(RECORD);
    const [alias] = record.inputs.aliases as Record<string, unknown>[];
    assert.deepEqual([record.inputs.name, alias?.zoneId], ["api.example.com", "Z2BJ6XQ5FK7U4H"]);
    assert.match(String(alias?.name), /\.awsglobalaccelerator\.com$/);
    assert.equal(graph.ofType(CHECK).length, 0);
    const disposable = await endpoint({ ...ACCELERATED, accelerator: { durable: false } });
    assert.equal(disposable.one(ACCELERATOR).options.protect, false);
  });

  it("offers health checks by region, or addresses, and a gate on what leads there", async () => {
    const offered = (args: Partial<GlobalEndpointArgs>) =>
      graphOf(() => {
        const { healthCheckIds, addresses, ready } = new GlobalEndpoint(
          "global",
          { ...MINIMAL, ...args },
          explicitProviders(),
        );
        new aws.sqs.Queue("consumer", {}, { dependsOn: after(ready) });
        return [healthCheckIds, addresses, ready];
      });
    const graph = await offered({});
    const [checks, none, gate] = graph.result as [Record<string, string>, string[], string];
    assert.deepEqual([Object.keys(checks), none, gate], [["us-east-1", "eu-west-1"], [], "ready"]);
    const consumer = graph.one("aws:sqs/queue:Queue");
    for (const record of graph.ofType(RECORD)) assert.ok(graph.waitsFor(consumer, record));
    const accelerated = await offered(ACCELERATED);
    assert.deepEqual(accelerated.result, [{}, ["192.0.2.10", "198.51.100.11"], "ready"]);
    for (const group of accelerated.ofType(GROUP)) {
      assert.ok(accelerated.waitsFor(accelerated.one("aws:sqs/queue:Queue"), group));
    }
  });

  for (const [what, args, message] of [
    [
      "both ways",
      { accelerator: { durable: true } },
      "args: exactly one of latencyRecords, accelerator must be given (got latencyRecords and accelerator). Keep one of latencyRecords, accelerator.",
    ],
    [
      "a URL",
      { host: "https://api.example.com", regions: { "us-east-1": { ...entry("us-east-1"), host: "a.example.com" } } },
      "host: must be a lower-case host name without scheme or port (got https://api.example.com). Write it like api.example.com.",
    ],
    [
      "no region in rotation",
      { regions: { "us-east-1": { ...entry("us-east-1"), inRotation: false } } },
      "regions: at least one region must be in rotation (got us-east-1). Add a region, or leave inRotation out at one of them.",
    ],
    [
      "a region that is none",
      { regions: { ireland: entry("eu-west-1") } },
      "regions.ireland: must be named after an AWS region (got ireland). Write it like us-east-1; for a region of another provider, take the AWS region nearest to it.",
    ],
    [
      "aliases beside CNAMEs",
      { regions: { ...MINIMAL.regions, "us-west-2": { dnsName: "entry.example.net" } } },
      "regions: either all or none must have hostedZoneId, since a name cannot be an alias and a CNAME (got none for us-west-2). Add hostedZoneId to the load balancers of AWS, or take the other provider's regions out.",
    ],
    [
      "health checks that would ask any region",
      { regions: { "us-east-1": { ...entry("us-east-1"), host: "api.example.com" } } },
      "regions.us-east-1.host: must be a lower-case host name of this region alone (got api.example.com). Leave it out to get us-east-1.api.example.com.",
    ],
    [
      "a path without a slash",
      { latencyRecords: { healthPath: "health" } },
      "latencyRecords.healthPath: must be a path of at most 255 characters (got health). Write it like /health.",
    ],
    [
      "an interval that Route 53 does not have",
      { latencyRecords: { intervalSeconds: 5 } },
      "latencyRecords.intervalSeconds: must be 10 or 30, which are all that Route 53 offers (got 5). Choose 30, or 10 to notice sooner at a higher price.",
    ],
    [
      "a threshold out of range",
      { latencyRecords: { failureThreshold: 11 } },
      "latencyRecords.failureThreshold: must be a whole number from 1 to 10 (got 11). 3 passes over a lost packet and notices an outage within intervals of 30 seconds.",
    ],
    [
      "an accelerator that leads to another region's load balancer",
      { ...ACCELERATED, regions: { "us-west-2": entry("us-east-1") } },
      `regions.us-west-2.loadBalancerArn: must be the ARN of a load balancer in this region, which an accelerator leads to (got ${entry("us-east-1").loadBalancerArn}). Take PublicEntry.loadBalancerArn of the region's stack, or use latencyRecords.`,
    ],
    [
      "an accelerator without load balancers",
      { ...ACCELERATED, regions: { "us-west-2": { dnsName: "entry.example.net" } } },
      "regions.us-west-2.loadBalancerArn: must be the ARN of a load balancer in this region, which an accelerator leads to (got nothing). Take PublicEntry.loadBalancerArn of the region's stack, or use latencyRecords.",
    ],
  ] as [string, Partial<GlobalEndpointArgs>, string][]) {
    it(`refuses ${what}`, async () => assert.equal(await refused(args), HEAD + message));
  }

  it("plans with everything unknown, twice in one stack, within the names that AWS accepts", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new GlobalEndpoint("a-name-of-20-letters", { ...MINIMAL, ...ACCELERATED }, options);
        new GlobalEndpoint("two", MINIMAL, options);
      },
      { outputs: "unknown" },
    );
    for (const { type, name, provider, custom } of graph.resources) {
      assert.ok(name.length + AUTONAME_SUFFIX <= (PHYSICAL_NAME_LIMITS[type] ?? 255), `${type} ${name}`);
      if (custom && !type.startsWith("pulumi:")) assert.match(provider, /::aws::/, name);
    }
    assert.deepEqual(unknownPaths(graph.one(RECORD, "two-record-us-east-1")), ["healthCheckId"]);
  });
});
