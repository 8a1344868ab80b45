import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { NatGateways, Network, type NetworkArgs } from "../../../components/foundation/network";
import { after } from "../../../components/internal/gates";
import { failureOf, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];
const MINIMAL: NetworkArgs = { region: "us-east-1", create: { cidr: "10.20.0.0/16", zones: ZONES } };
const network = (args: NetworkArgs, name = "net") => graphOf(() => new Network(name, args, explicitProviders()));

describe("Network", () => {
  it("makes three kinds of subnets in every zone, tagged for load balancers", async () => {
    const graph = await network(MINIMAL);
    const subnets = graph.ofType("aws:ec2/subnet:Subnet");
    assert.equal(subnets.length, 9);
    const tagged = (tag: string) =>
      subnets.filter((subnet) => tag in (subnet.inputs.tags as object)).map((subnet) => subnet.name);
    assert.deepEqual(
      tagged("kubernetes.io/role/elb").sort(),
      ZONES.map((zone) => `net-public-${zone}`),
    );
    assert.deepEqual(
      tagged("kubernetes.io/role/internal-elb").sort(),
      ZONES.map((zone) => `net-private-${zone}`),
    );
    assert.deepEqual(graph.component("Network").outputs?.dataSubnetCidrs, [
      "10.20.224.0/22",
      "10.20.228.0/22",
      "10.20.232.0/22",
    ]);
  });

  it("takes zone ids as well as names", async () => {
    const graph = await network({
      region: "us-east-1",
      create: { cidr: "10.0.0.0/16", zones: ["use1-az1", "use1-az2"] },
    });
    const { inputs } = graph.one("aws:ec2/subnet:Subnet", "net-public-use1-az1");
    assert.equal(inputs.availabilityZoneId, "use1-az1");
    assert.equal(inputs.availabilityZone, undefined);
  });

  for (const [natGateways, count] of [
    [NatGateways.None, 0],
    [NatGateways.Single, 1],
    [NatGateways.PerZone, 3],
    [undefined, 3],
  ] as const) {
    it(`makes ${count} NAT gateways and as many ways out when natGateways is ${natGateways ?? "not given"}`, async () => {
      const graph = await network({ ...MINIMAL, create: { cidr: "10.20.0.0/16", zones: ZONES, natGateways } });
      assert.equal(graph.ofType("aws:ec2/natGateway:NatGateway").length, count);
      const routes = graph.ofType("aws:ec2/route:Route").filter((route) => route.inputs.natGatewayId !== undefined);
      assert.equal(routes.length, count === 0 ? 0 : 3);
      assert.equal(new Set(routes.map((route) => route.inputs.natGatewayId)).size, count);
    });
  }

  it("gives the data subnets no route out", async () => {
    const graph = await network(MINIMAL);
    const table = graph.one("aws:ec2/routeTable:RouteTable", "net-data");
    const routes = graph.ofType("aws:ec2/route:Route");
    assert.ok(routes.length > 0);
    assert.deepEqual(
      routes.filter((route) => graph.waitsFor(route, table)),
      [],
    );
  });

  it("opens nothing to the world and no port but 443 of its endpoints to the VPC", async () => {
    const graph = await network({
      ...MINIMAL,
      create: { cidr: "10.20.0.0/16", zones: ZONES, interfaceEndpoints: ["ecr.api", "sts"] },
    });
    assert.deepEqual(
      graph
        .ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        .map(({ inputs }) => [inputs.cidrIpv4, inputs.fromPort]),
      [["10.20.0.0/16", 443]],
    );
    const services = graph.ofType("aws:ec2/vpcEndpoint:VpcEndpoint").map(({ inputs }) => inputs.serviceName);
    assert.deepEqual(services.sort(), [
      "com.amazonaws.us-east-1.ecr.api",
      "com.amazonaws.us-east-1.s3",
      "com.amazonaws.us-east-1.sts",
    ]);
  });

  it("lets egressReady wait for NAT gateways, private routes, associations and endpoints, and not for flow logs", async () => {
    const graph = await graphOf(() => {
      const options = explicitProviders();
      const net = new Network(
        "net",
        {
          region: "us-east-1",
          create: { cidr: "10.20.0.0/16", zones: ZONES, interfaceEndpoints: ["sts"], flowLogs: { retentionDays: 7 } },
        },
        options,
      );
      new aws.ec2.SecurityGroup(
        "node",
        {},
        { dependsOn: after(net.egressReady), provider: (options.providers as aws.Provider[])[0] },
      );
    });
    const node = graph.one("aws:ec2/securityGroup:SecurityGroup", "node");
    const waitsFor = (type: string) => graph.ofType(type).filter((each) => graph.waitsFor(node, each)).length;
    assert.equal(waitsFor("aws:ec2/natGateway:NatGateway"), 3);
    assert.equal(waitsFor("aws:ec2/route:Route"), 4);
    assert.equal(waitsFor("aws:ec2/vpcEndpoint:VpcEndpoint"), 2);
    assert.equal(waitsFor("aws:ec2/flowLog:FlowLog"), 0);
    const associations = graph.ofType("aws:ec2/routeTableAssociation:RouteTableAssociation");
    const missing = associations.filter((each) => !graph.waitsFor(node, each)).map((each) => each.name);
    assert.deepEqual(
      missing.sort(),
      ZONES.map((zone) => `net-data-${zone}`),
    );
  });

  it("keeps flow logs in a private, encrypted bucket that outlives the network unless it is disposable", async () => {
    for (const disposable of [undefined, true]) {
      const graph = await network({
        ...MINIMAL,
        create: { cidr: "10.20.0.0/16", zones: ZONES, flowLogs: { retentionDays: 9, disposable } },
      });
      const bucket = graph.one("aws:s3/bucket:Bucket");
      assert.equal(bucket.options.retainOnDelete, !disposable);
      assert.equal(bucket.inputs.forceDestroy, disposable ?? false);
      const guards = graph.resources.filter((each) => /^aws:s3\/bucket[A-Z]/.test(each.type));
      assert.equal(guards.length, 4);
      for (const guard of guards) assert.equal(guard.options.retainOnDelete, !disposable, guard.type);
      const lifecycle = graph.one("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration");
      assert.deepEqual((lifecycle.inputs.rules as { expiration: object }[])[0]?.expiration, { days: 9 });
      const policy = graph.one("aws:s3/bucketPolicy:BucketPolicy");
      assert.match(String(policy.inputs.policy), /DenyInsecureTransport/);
      assert.ok(graph.waitsFor(graph.one("aws:ec2/flowLog:FlowLog"), policy));
    }
  });

  it("creates nothing for an adopted VPC and passes its ids on", async () => {
    const graph = await network({
      region: "us-east-1",
      existing: {
        vpcId: "vpc-1",
        cidr: "10.0.0.0/16",
        zones: ["a", "b"],
        publicSubnetIds: ["p1", "p2"],
        privateSubnetIds: ["q1", "q2"],
        privateSubnetCidrs: ["10.0.0.0/24", "10.0.1.0/24"],
        dataSubnetIds: ["d1", "d2"],
        dataSubnetCidrs: ["10.0.2.0/24", "10.0.3.0/24"],
      },
    });
    assert.deepEqual(graph.childrenOf(graph.component("Network")), []);
    assert.equal(graph.component("Network").outputs?.vpcId, "vpc-1");
    assert.deepEqual(graph.component("Network").outputs?.dataSubnetIds, ["d1", "d2"]);
  });

  it("says everything that is wrong at once", async () => {
    const message = await failureOf(
      () =>
        new Network("net", {
          region: "us-east-1",
          create: { cidr: "10.0.0.0/24", zones: ["a", "a"], flowLogs: { retentionDays: 0 } },
        }),
    );
    assert.equal(
      message,
      [
        'Network "net" cannot be built from these arguments:',
        "  create.cidr: must be between /16 (the largest VPC) and /20 (pods take whole /28 blocks of the private subnets) (got 10.0.0.0/24). Choose a range of that size.",
        "  create.flowLogs.retentionDays: must be at least 1 (got 0). Raise it, or leave flowLogs out.",
        '  create.zones: must be 2 to 7 different zones (EKS and RDS want at least two) (got ["a","a"]). List each zone once.',
      ].join("\n"),
    );
  });

  it("wants exactly one of create and existing", async () => {
    assert.match(
      await failureOf(() => new Network("net", { region: "us-east-1" })),
      /network: exactly one of create, existing must be given \(got none\)\. Add create or existing\./,
    );
  });

  it("registers twice in one stack, with explicit providers, before anything is known", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new Network("one", MINIMAL, options);
        new Network("two", MINIMAL, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType("aws:ec2/vpc:Vpc").length, 2);
    assert.deepEqual(
      graph.resources.filter((each) => each.type.startsWith("aws:") && each.provider === ""),
      [],
    );
  });
});
