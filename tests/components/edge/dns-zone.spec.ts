import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { DnsZone, type DnsZoneArgs, isDelegated } from "../../../components/edge/dns-zone";
import { after as behind } from "../../../components/internal/gates";
import { failureOf, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const ZONE = "aws:route53/zone:Zone";
const RECORD = "aws:route53/record:Record";
const ADOPTED: DnsZoneArgs = { adopt: { zoneId: "Z1", domain: "example.com" } };
const PARENT = { zoneId: "Z1", domain: "example.com" };
const zone = (args: DnsZoneArgs) => graphOf(() => new DnsZone("dns", args, explicitProviders()));
const refused = (args: DnsZoneArgs) => failureOf(() => new DnsZone("dns", args, explicitProviders()));

describe("DnsZone", () => {
  it("adopts a zone without making anything", async () => {
    const graph = await zone(ADOPTED);
    assert.deepEqual(graph.childrenOf(graph.component("DnsZone")), []);
    assert.deepEqual(graph.component("DnsZone").outputs, {
      zoneId: "Z1",
      domain: "example.com",
      nameServers: [],
      delegated: true,
    });
  });

  it("makes a zone that waits for somebody to delegate it", async () => {
    const args: DnsZoneArgs = { create: { domain: "example.com", durable: true } };
    const graph = await zone(args);
    const made = graph.one(ZONE, "dns-zone");
    assert.deepEqual([made.inputs.name, made.inputs.forceDestroy, made.options.protect], ["example.com", false, true]);
    assert.equal(graph.ofType(RECORD).length, 0);
    const outputs = graph.component("DnsZone").outputs ?? {};
    assert.equal(outputs.delegated, false);
    assert.equal((outputs.nameServers as string[]).length, 4);
    assert.equal(isDelegated(args), false);
    assert.match(made.provider, /::aws::/);
  });

  it("delegates a child zone itself, before anybody uses it", async () => {
    const args: DnsZoneArgs = { create: { domain: "platform.example.com", parent: PARENT, durable: false } };
    const graph = await graphOf(() => {
      const made = new DnsZone("dns", args, explicitProviders());
      new aws.sqs.Queue("consumer", {}, { dependsOn: behind(made.zoneId) });
    });
    const delegation = graph.one(RECORD, "dns-delegation");
    assert.deepEqual(
      [delegation.inputs.zoneId, delegation.inputs.name, delegation.inputs.type],
      ["Z1", "platform.example.com", "NS"],
    );
    assert.equal((delegation.inputs.records as string[]).length, 4);
    const made = graph.one(ZONE);
    assert.deepEqual([made.inputs.forceDestroy, made.options.protect], [true, false]);
    assert.ok(graph.waitsFor(graph.one("aws:sqs/queue:Queue"), delegation));
    assert.equal(graph.component("DnsZone").outputs?.delegated, true);
    assert.equal(isDelegated(args), true);
  });

  it("refuses neither, both, and names that do not fit", async () => {
    assert.match(await refused({}), /args: exactly one of adopt, create must be given \(got none\)/);
    assert.match(
      await refused({ ...ADOPTED, create: { domain: "example.com", durable: true } }),
      /args: exactly one of adopt, create must be given \(got adopt and create\)/,
    );
    assert.match(
      await refused({ create: { domain: "other.org", parent: PARENT, durable: true } }),
      /create\.domain: must lie inside the parent zone example\.com \(got other\.org\)\. Write it like platform\.example\.com\./,
    );
    assert.match(
      await refused({ adopt: { zoneId: "Z1", domain: "Example.com." } }),
      /adopt\.domain: must be a lower-case domain/,
    );
  });

  it("plans with everything unknown, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const opts = explicitProviders();
        new DnsZone("one", { create: { domain: "a.example.com", parent: PARENT, durable: true } }, opts);
        new DnsZone("two", { create: { domain: "b.example.com", parent: PARENT, durable: true } }, opts);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(ZONE).length, 2);
    assert.equal(graph.ofType(RECORD).length, 2);
  });
});
