import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { IngressControllerKind, ingressContract } from "../../../components/edge/ingress-contract";
import { PublicEntry, type PublicEntryArgs } from "../../../components/edge/public-entry";
import { after as behind, ready } from "../../../components/internal/gates";
import { AUTONAME_SUFFIX, PHYSICAL_NAME_LIMITS } from "../../../components/internal/names";
import { failureOf, type Graph, graphOf, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { dig } from "./dig";

const contract = ingressContract(IngressControllerKind.Traefik);
assert.ok(contract);
const MINIMAL: PublicEntryArgs = {
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  allowedCidrs: ["0.0.0.0/0"],
  clusterSecurityGroupId: "sg-cluster",
  target: { namespace: "ingress", ...contract },
  loadBalancerControllerReady: "ready",
  durable: true,
};
const NLB = "aws:lb/loadBalancer:LoadBalancer";
const GROUP = "aws:lb/targetGroup:TargetGroup";
const LISTENER = "aws:lb/listener:Listener";
const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
const BINDING = "kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding";
const RECORD = "aws:route53/record:Record";
const QUEUE = "aws:sqs/queue:Queue";
const entry = (args: Partial<PublicEntryArgs> = {}) =>
  graphOf(() => new PublicEntry("entry", { ...MINIMAL, ...args }, explicitProviders()));
const refused = (args: Partial<PublicEntryArgs>) =>
  failureOf(() => new PublicEntry("entry", { ...MINIMAL, ...args }, explicitProviders()));
const rules = (graph: Graph, type: string) =>
  graph
    .ofType(type)
    .map(({ inputs }) => [inputs.cidrIpv4 ?? inputs.referencedSecurityGroupId, inputs.fromPort, inputs.toPort]);

describe("PublicEntry", () => {
  it("leads ports 80 and 443 to the controller's pods", async () => {
    const graph = await entry();
    const { inputs } = graph.one(NLB, "entry-nlb");
    assert.equal(inputs.loadBalancerType, "network");
    assert.deepEqual(inputs.subnets, ["subnet-a", "subnet-b"]);
    const ways = [
      ["web", 80, 8000],
      ["tls", 443, 8443],
    ] as const;
    for (const [key, listenerPort, port] of ways) {
      const group = graph.one(GROUP, `entry-${key}`);
      assert.deepEqual([group.inputs.port, group.inputs.protocol, group.inputs.targetType], [port, "TCP", "ip"]);
      const listener = graph.one(LISTENER, `entry-${key}-listener`);
      assert.deepEqual([listener.inputs.port, listener.inputs.protocol], [listenerPort, "TCP"]);
      const binding = graph.one(BINDING, `entry-${key}-binding`);
      assert.deepEqual(binding.inputs.metadata, { name: `entry-${key}`, namespace: "ingress" });
      assert.deepEqual(dig(binding.inputs, "spec.serviceRef"), { name: "traefik", port });
      assert.equal(dig(binding.inputs, "spec.targetType"), "ip");
      assert.equal(dig(binding.inputs, "spec.networking"), undefined);
      assert.ok(graph.waitsFor(binding, listener));
      assert.ok(graph.waitsFor(listener, graph.one(NLB)));
    }
    assert.equal(graph.ofType(RECORD).length, 0);
  });

  it("is open to nobody but those listed, and reaches the controller's ports alone", async () => {
    const graph = await entry({ allowedCidrs: ["203.0.113.0/24", "198.51.100.7/32"] });
    const group = graph.one("aws:ec2/securityGroup:SecurityGroup", "entry-sg");
    const groupId = graph.one(NLB).inputs.securityGroups;
    assert.ok(Array.isArray(groupId));
    assert.equal("ingress" in group.inputs || "egress" in group.inputs, false);
    const [own] = groupId;
    assert.deepEqual(rules(graph, INGRESS_RULE), [
      ["203.0.113.0/24", 80, 80],
      ["203.0.113.0/24", 443, 443],
      ["198.51.100.7/32", 80, 80],
      ["198.51.100.7/32", 443, 443],
      [own, 8000, 8000],
      [own, 8443, 8443],
      [own, 8080, 8080],
    ]);
    assert.deepEqual(rules(graph, EGRESS_RULE), [
      ["sg-cluster", 8000, 8000],
      ["sg-cluster", 8443, 8443],
      ["sg-cluster", 8080, 8080],
    ]);
  });

  it("asks pods about themselves, keeps clients' addresses and lets pods finish", async () => {
    const { inputs } = (await entry()).one(GROUP, "entry-tls");
    assert.equal(dig(inputs, "healthCheck.protocol"), "HTTP");
    assert.equal(dig(inputs, "healthCheck.port"), "8080");
    assert.equal(dig(inputs, "healthCheck.path"), "/ping");
    assert.deepEqual([inputs.preserveClientIp, inputs.proxyProtocolV2], ["true", false]);
    assert.deepEqual([inputs.deregistrationDelay, inputs.connectionTermination], [90, true]);
  });

  it("outlives long answers where told: silence by the listener, leaving pods by the target group", async () => {
    const plain = await entry();
    const graph = await entry({ idleTimeoutSeconds: 630, finishSeconds: 600 });
    for (const { inputs } of graph.ofType(LISTENER)) assert.equal(inputs.tcpIdleTimeoutSeconds, 630);
    for (const { inputs } of graph.ofType(GROUP)) assert.equal(inputs.deregistrationDelay, 660);
    for (const { inputs } of plain.ofType(LISTENER)) assert.equal(inputs.tcpIdleTimeoutSeconds, undefined);
    assert.match(
      await refused({ idleTimeoutSeconds: 30, finishSeconds: 0 }),
      /idleTimeoutSeconds: must be a whole number of seconds from 60 to 6000 \(got 30\).*\n.*finishSeconds: must be a whole number of seconds from 1 to 3540/,
    );
  });

  it("takes everything that the caller states", async () => {
    const graph = await entry({
      internal: true,
      proxyProtocol: true,
      durable: false,
      dns: { zoneId: "Z1", hosts: ["langfuse.example.com", "*.apps.example.com"] },
    });
    const nlb = graph.one(NLB);
    assert.deepEqual([nlb.inputs.internal, nlb.inputs.enableDeletionProtection], [true, false]);
    for (const { inputs } of graph.ofType(GROUP)) {
      assert.deepEqual([inputs.preserveClientIp, inputs.proxyProtocolV2], ["false", true]);
    }
    const { inputs } = graph.one(RECORD, "entry-record-langfuse.example.com");
    assert.deepEqual([inputs.zoneId, inputs.name, inputs.type], ["Z1", "langfuse.example.com", "A"]);
    assert.match(String(dig((inputs.aliases as unknown[])[0], "name")), /^entry-nlb-.*\.elb\./);
    assert.equal(dig((inputs.aliases as unknown[])[0], "evaluateTargetHealth"), true);
    assert.equal(graph.one(RECORD, "entry-record-*.apps.example.com").inputs.name, "*.apps.example.com");
  });

  it("protects a durable load balancer and faces the internet by default", async () => {
    const { inputs } = (await entry()).one(NLB);
    assert.deepEqual([inputs.internal, inputs.enableDeletionProtection], [false, true]);
    assert.equal(inputs.enableCrossZoneLoadBalancing, true);
  });

  it("refuses what AWS would refuse late, all at once", async () => {
    assert.equal(
      await refused({
        allowedCidrs: ["10.0.0.1/8", "0.0.0.0/0", "0.0.0.0/0"],
        dns: { zoneId: "Z1", hosts: ["https://a.example.com"] },
      }),
      'PublicEntry "entry" cannot be built from these arguments:\n' +
        "  allowedCidrs[0]: must be an IPv4 CIDR without host bits (got 10.0.0.1/8). Write it like 203.0.113.0/24.\n" +
        "  allowedCidrs[2]: is listed twice (got 0.0.0.0/0). Remove one.\n" +
        "  dns.hosts[0]: must be a lower-case host name, listed once (got https://a.example.com). " +
        "Write it like langfuse.example.com, without scheme or port.",
    );
    const many = Array.from({ length: 31 }, (_, index) => `10.${index}.0.0/16`);
    assert.match(await refused({ allowedCidrs: many }), /allowedCidrs: must hold 1 to 30 CIDRs \(got 31\)/);
    assert.match(await refused({ allowedCidrs: [] }), /allowedCidrs: must hold 1 to 30 CIDRs \(got 0\)/);
    assert.match(await refused({ dns: { zoneId: "Z1", hosts: [] } }), /dns\.hosts: must name at least one host/);
  });

  it("makes the load balancer beside the cluster and binds pods behind both controllers", async () => {
    const graph = await graphOf(() => {
      const opts = explicitProviders();
      const gates = Object.fromEntries(["network", "lbc", "controller"].map((key) => [key, new aws.sqs.Queue(key)]));
      const gate = (key: string) => ready(Object.values(gates).filter((queue) => queue === gates[key]));
      const made = new PublicEntry(
        "entry",
        {
          ...MINIMAL,
          networkReady: gate("network"),
          loadBalancerControllerReady: gate("lbc"),
          controllerReady: gate("controller"),
        },
        opts,
      );
      new aws.sqs.Queue("consumer", {}, { dependsOn: behind(made.ready) });
    });
    const queue = (name: string) => graph.one(QUEUE, name);
    assert.ok(graph.waitsFor(graph.one(NLB), queue("network")));
    assert.equal(graph.waitsFor(graph.one(NLB), queue("lbc")), false);
    for (const binding of graph.ofType(BINDING)) {
      assert.ok(graph.waitsFor(binding, queue("lbc")) && graph.waitsFor(binding, queue("controller")));
      assert.deepEqual(binding.options.replaceOnChanges, ["spec.targetGroupARN"]);
      assert.equal(binding.options.deleteBeforeReplace, true);
      assert.match(binding.provider, /::kubernetes::/);
      assert.ok(graph.waitsFor(queue("consumer"), binding));
    }
    assert.match(graph.one(NLB).provider, /::aws::/);
  });

  it("plans with everything unknown, twice in one stack, within the names that AWS accepts", async () => {
    const long = "a-name-of-20-letters";
    const graph = await graphOf(
      () => {
        const opts = explicitProviders();
        new PublicEntry(long, MINIMAL, opts);
        new PublicEntry("two", { ...MINIMAL, dns: { zoneId: "Z1", hosts: ["a.example.com"] } }, opts);
      },
      { outputs: "unknown" },
    );
    for (const { type, name } of graph.resources) {
      const limit = PHYSICAL_NAME_LIMITS[type];
      assert.ok(limit === undefined || name.length + AUTONAME_SUFFIX <= limit, `${type} ${name}`);
    }
    assert.deepEqual(unknownPaths(graph.one(BINDING, "two-web-binding")), ["spec.targetGroupARN"]);
    assert.equal(graph.ofType(NLB).length, 2);
  });
});
