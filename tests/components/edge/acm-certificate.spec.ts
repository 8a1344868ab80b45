import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { AcmCertificate, type AcmCertificateArgs, validationOption } from "../../../components/edge/acm-certificate";
import { after as behind } from "../../../components/internal/gates";
import { failureOf, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const CERTIFICATE = "aws:acm/certificate:Certificate";
const RECORD = "aws:route53/record:Record";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";
const MINIMAL: AcmCertificateArgs = { hosts: ["langfuse.example.com"], zoneId: "Z1" };

describe("AcmCertificate", () => {
  it("asks for a certificate and proves the name by a record", async () => {
    const graph = await graphOf(() => new AcmCertificate("tls", MINIMAL, explicitProviders()));
    const { inputs } = graph.one(CERTIFICATE, "tls-certificate");
    assert.deepEqual([inputs.domainName, inputs.validationMethod], ["langfuse.example.com", "DNS"]);
    const record = graph.one(RECORD, "tls-validation-langfuse.example.com");
    assert.equal(record.inputs.zoneId, "Z1");
    assert.equal(record.inputs.type, "CNAME");
    assert.match(String(record.inputs.name), /^_[0-9a-f]{32}\.langfuse\.example\.com\.$/);
    assert.match(String((record.inputs.records as string[])[0]), /acm-validations/);
    assert.match(record.provider, /::aws::/);
    assert.deepEqual(graph.one(VALIDATION).options.customTimeouts, { create: "20m", update: "", delete: "" });
  });

  it("proves a name and its wildcard by one record, and each other name by its own", async () => {
    const hosts = ["example.com", "*.example.com", "a.example.org"];
    const graph = await graphOf(() => new AcmCertificate("tls", { ...MINIMAL, hosts }, explicitProviders()));
    assert.deepEqual(graph.one(CERTIFICATE).inputs.subjectAlternativeNames, ["*.example.com", "a.example.org"]);
    assert.deepEqual(
      graph
        .ofType(RECORD)
        .map(({ name }) => name)
        .sort(),
      ["tls-validation-a.example.org", "tls-validation-example.com"],
    );
  });

  it("gives the ARN when the certificate is issued, not before", async () => {
    const graph = await graphOf(() => {
      const made = new AcmCertificate("tls", MINIMAL, explicitProviders());
      new aws.sqs.Queue("consumer", {}, { dependsOn: behind(made.certificateArn) });
    });
    const consumer = graph.one("aws:sqs/queue:Queue");
    assert.ok(graph.waitsFor(consumer, graph.one(VALIDATION)));
    assert.ok(graph.waitsFor(graph.one(VALIDATION), graph.one(RECORD)));
  });

  it("finds each name's record whatever the order, and says so when there is none", () => {
    const options = [{ domainName: "b.example.com" }, { domainName: "*.example.com" }];
    assert.equal(validationOption(options, "example.com"), options[1]);
    assert.throws(
      () => validationOption(options, "c.example.com"),
      /ACM asks for no validation record for c\.example\.com\./,
    );
  });

  it("refuses names that are none", async () => {
    assert.equal(
      await failureOf(() => new AcmCertificate("tls", { ...MINIMAL, hosts: ["https://x"] }, explicitProviders())),
      'AcmCertificate "tls" cannot be built from these arguments:\n' +
        "  hosts[0]: must be a lower-case host name, listed once (got https://x). " +
        "Write it like langfuse.example.com or *.example.com.",
    );
    assert.match(
      await failureOf(() => new AcmCertificate("tls", { ...MINIMAL, hosts: [] }, explicitProviders())),
      /hosts: must name at least one host/,
    );
  });

  it("plans its records with everything unknown, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const opts = explicitProviders();
        new AcmCertificate("one", MINIMAL, opts);
        new AcmCertificate("two", MINIMAL, opts);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(RECORD).length, 2);
  });
});
