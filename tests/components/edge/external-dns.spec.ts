import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { DnsRecordPolicy, ExternalDns, type ExternalDnsArgs } from "../../../components/edge/external-dns";
import { HIDDEN_FROM_EXTERNAL_DNS } from "../../../components/edge/external-dns-values";
import { dns01Statements, externalDnsStatements } from "../../../components/edge/route53-policies";
import { after as behind, ready } from "../../../components/internal/gates";
import { failureOf, type Graph, graphOf, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { dig } from "./dig";

const MINIMAL: ExternalDnsArgs = {
  namespace: "external-dns",
  ownerId: "main-1",
  region: "us-east-1",
  zoneIds: ["Z1"],
  domains: ["example.com"],
};
const RELEASE = "kubernetes:helm.sh/v3:Release";
const QUEUE = "aws:sqs/queue:Queue";
const externalDns = (args: Partial<ExternalDnsArgs> = {}) =>
  graphOf(() => new ExternalDns("names", { ...MINIMAL, ...args }, explicitProviders()));
const valuesOf = (graph: Graph) => graph.one(RELEASE).inputs.values;

describe("ExternalDns", () => {
  it("installs one release that owns its records by the cluster's name and keeps to its zones", async () => {
    const graph = await externalDns({ zoneIds: ["Z1", "Z2"] });
    const { inputs } = graph.one(RELEASE, "names-release");
    assert.deepEqual([inputs.chart, inputs.version, inputs.name], ["external-dns", "1.21.1", "external-dns"]);
    const values = valuesOf(graph);
    assert.equal(dig(values, "txtOwnerId"), "main-1");
    assert.deepEqual(dig(values, "extraArgs"), ["--zone-id-filter=Z1", "--zone-id-filter=Z2"]);
    assert.deepEqual(dig(values, "domainFilters"), ["example.com"]);
    assert.deepEqual(dig(values, "sources"), ["ingress", "service"]);
    assert.deepEqual(dig(values, "env"), [{ name: "AWS_REGION", value: "us-east-1" }]);
    const [annotation = ""] = Object.keys(HIDDEN_FROM_EXTERNAL_DNS);
    assert.ok(annotation.startsWith(String(dig(values, "annotationPrefix"))), "it would not see what it must not");
  });

  it("deletes nothing by default and runs within Pod Security restricted", async () => {
    const values = valuesOf(await externalDns());
    assert.equal(dig(values, "policy"), "upsert-only");
    assert.equal(dig(values, "podSecurityContext.runAsNonRoot"), true);
    assert.equal(dig(values, "securityContext.readOnlyRootFilesystem"), true);
    assert.deepEqual(dig(values, "serviceMonitor"), { enabled: false });
  });

  it("takes everything that the caller states", async () => {
    const graph = await externalDns({
      policy: DnsRecordPolicy.Sync,
      resources: { requests: { cpu: "1" }, limits: { cpu: "2" } },
      placement: { nodeSelector: { pool: "system" }, tolerations: [{ key: "a", operator: "Exists" }] },
      priorityClassName: "serving",
      serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": "arn" },
      serviceMonitors: true,
      mirrors: { charts: "./charts", images: "mirror.example.internal/hub" },
    });
    const values = valuesOf(graph);
    assert.equal(graph.one(RELEASE).inputs.chart, "./charts/external-dns-1.21.1.tgz");
    assert.deepEqual(dig(values, "image"), {
      repository: "mirror.example.internal/hub/registry.k8s.io/external-dns/external-dns",
      tag: "v0.21.0",
    });
    assert.equal(dig(values, "policy"), "sync");
    assert.deepEqual(dig(values, "resources"), { requests: { cpu: "1" }, limits: { cpu: "2" } });
    assert.deepEqual(dig(values, "nodeSelector"), { pool: "system" });
    assert.deepEqual(dig(values, "tolerations"), [{ key: "a", operator: "Exists" }]);
    assert.equal(dig(values, "priorityClassName"), "serving");
    assert.deepEqual(dig(values, "serviceAccount.annotations"), { "eks.amazonaws.com/role-arn": "arn" });
    assert.deepEqual(dig(values, "serviceMonitor"), { enabled: true });
  });

  it("refuses to claim every name, and policies that do not exist", async () => {
    assert.equal(
      await failureOf(
        () =>
          new ExternalDns(
            "names",
            { ...MINIMAL, domains: [], policy: "create-only" as DnsRecordPolicy },
            explicitProviders(),
          ),
      ),
      'ExternalDns "names" cannot be built from these arguments:\n' +
        "  policy: must be one of upsert-only, sync (got create-only). Leave it out for upsert-only.\n" +
        "  domains: must name at least one domain, or every host name of every Ingress would be claimed. Add the zone's domain.",
    );
    assert.match(
      await failureOf(() => new ExternalDns("names", { ...MINIMAL, domains: ["a."] }, explicitProviders())),
      /domains\[0\]: must be a lower-case domain without scheme or trailing dot \(got a\.\)/,
    );
  });

  it("waits for identity, policies and monitors, and offers its own gate", async () => {
    const gates = ["identity", "policies", "monitors"];
    const graph = await graphOf(() => {
      const opts = explicitProviders();
      const [identityReady, policiesReady, monitorCrdsReady] = gates.map((key) => ready([new aws.sqs.Queue(key)]));
      const made = new ExternalDns("names", { ...MINIMAL, identityReady, policiesReady, monitorCrdsReady }, opts);
      new aws.sqs.Queue("consumer", {}, { dependsOn: behind(made.ready) });
    });
    for (const gate of gates) assert.ok(graph.waitsFor(graph.one(RELEASE), graph.one(QUEUE, gate)), gate);
    assert.ok(graph.waitsFor(graph.one(QUEUE, "consumer"), graph.one(RELEASE)));
    assert.match(graph.one(RELEASE).provider, /::kubernetes::/);
  });

  it("plans with everything unknown, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const opts = explicitProviders();
        const zone = new aws.route53.Zone("zone", { name: "example.com" });
        new ExternalDns("one", { ...MINIMAL, zoneIds: [zone.zoneId] }, opts);
        new ExternalDns("two", MINIMAL, opts);
      },
      { outputs: "unknown" },
    );
    assert.deepEqual(unknownPaths(graph.one(RELEASE, "one-release")), ["values.extraArgs"]);
    assert.deepEqual(unknownPaths(graph.one(RELEASE, "two-release")), []);
  });
});

describe("permissions in Route 53", () => {
  it("lets external-dns write into the named zones alone", () => {
    assert.deepEqual(externalDnsStatements(["Z1", "Z2"], "aws-cn"), [
      {
        Effect: "Allow",
        Action: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets", "route53:ListTagsForResources"],
        Resource: ["arn:aws-cn:route53:::hostedzone/Z1", "arn:aws-cn:route53:::hostedzone/Z2"],
      },
      { Effect: "Allow", Action: "route53:ListHostedZones", Resource: "*" },
    ]);
  });

  it("lets cert-manager write TXT records alone", () => {
    const statements = dns01Statements(["Z1"]);
    const [write] = statements.filter(({ Action }) => Action === "route53:ChangeResourceRecordSets");
    assert.deepEqual(write?.Resource, ["arn:aws:route53:::hostedzone/Z1"]);
    assert.deepEqual(write?.Condition, {
      "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"] },
    });
    assert.equal(
      statements.some(({ Resource }) => Resource === "*"),
      false,
    );
  });
});
