import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CertificateIssuers, type CertificateIssuersArgs } from "../../../components/edge/certificate-issuers";
import { isReservedDomain } from "../../../components/edge/reserved-domains";
import { after as behind, ready } from "../../../components/internal/gates";
import { failureOf, type Graph, graphOf, plainPathsWith, secretPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { dig } from "./dig";

const MINIMAL: CertificateIssuersArgs = { enabled: true, certManagerReady: "ready", namespace: "cert-manager" };
const HTTP01 = { http01: { ingressClassName: "nginx" } };
const ISSUER = "kubernetes:cert-manager.io/v1:ClusterIssuer";
const CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate";
const SECRET = "kubernetes:core/v1:Secret";
const issuers = (args: Partial<CertificateIssuersArgs>) =>
  graphOf(() => new CertificateIssuers("issuers", { ...MINIMAL, ...args }, explicitProviders()));
const refused = (args: Partial<CertificateIssuersArgs>) =>
  failureOf(() => new CertificateIssuers("issuers", { ...MINIMAL, ...args }, explicitProviders()));
const solvers = (graph: Graph) => dig(graph.one(ISSUER, "issuers-letsencrypt").inputs, "spec.acme.solvers");
const outputs = (graph: Graph) => graph.component("CertificateIssuers").outputs ?? {};

describe("CertificateIssuers", () => {
  it("makes Let's Encrypt's production and staging issuers and names the first", async () => {
    const graph = await issuers({ letsEncrypt: HTTP01 });
    const production = graph.one(ISSUER, "issuers-letsencrypt").inputs;
    assert.equal(dig(production, "metadata.name"), "letsencrypt");
    assert.equal(dig(production, "spec.acme.server"), "https://acme-v02.api.letsencrypt.org/directory");
    assert.equal(dig(production, "spec.acme.privateKeySecretRef.name"), "letsencrypt-account");
    assert.equal(dig(production, "spec.acme.email"), undefined);
    const staging = graph.one(ISSUER, "issuers-letsencrypt-staging").inputs;
    assert.match(String(dig(staging, "spec.acme.server")), /acme-staging-v02/);
    assert.equal(outputs(graph).issuerName, "letsencrypt");
  });

  it("waits three minutes at most, and only for the issuer that it names", async () => {
    for (const staging of [false, true]) {
      const graph = await issuers({ letsEncrypt: { ...HTTP01, staging } });
      const named = graph.one(ISSUER, staging ? "issuers-letsencrypt-staging" : "issuers-letsencrypt");
      const other = graph.one(ISSUER, staging ? "issuers-letsencrypt" : "issuers-letsencrypt-staging");
      assert.equal(outputs(graph).issuerName, dig(named.inputs, "metadata.name"));
      assert.deepEqual(dig(named.inputs, "metadata.annotations"), { "pulumi.com/waitFor": "condition=Ready" });
      // An empty map would come back as none from the API server, and show as a change in every preview.
      assert.deepEqual(Object.keys(dig(other.inputs, "metadata") as object), ["name"]);
      assert.equal(named.options.customTimeouts.create, "3m");
    }
  });

  it("proves names over HTTP without opening node ports, or in Route 53 with the pod's own credentials", async () => {
    assert.deepEqual(solvers(await issuers({ letsEncrypt: HTTP01 })), [
      { http01: { ingress: { ingressClassName: "nginx", serviceType: "ClusterIP" } } },
    ]);
    const route53 = { zoneId: "Z1", region: "us-east-1" };
    assert.deepEqual(solvers(await issuers({ letsEncrypt: { route53, email: "ops@acme.io" } })), [
      { dns01: { route53: { region: "us-east-1", hostedZoneID: "Z1" } } },
    ]);
  });

  it("keeps a Cloudflare token in a Secret and nowhere else", async () => {
    const token = "cloudflare-token-0123456789";
    const graph = await issuers({ letsEncrypt: { cloudflare: { apiToken: token } } });
    const secret = graph.one(SECRET, "issuers-cloudflare");
    assert.equal(dig(secret.inputs, "metadata.namespace"), "cert-manager");
    assert.notDeepEqual(secretPaths(secret), []);
    for (const resource of graph.resources) assert.deepEqual(plainPathsWith(resource, token), [], resource.urn);
    assert.deepEqual(solvers(graph), [
      { dns01: { cloudflare: { apiTokenSecretRef: { name: "cloudflare-api-token", key: "api-token" } } } },
    ]);
    assert.ok(graph.waitsFor(graph.one(ISSUER, "issuers-letsencrypt"), secret));
  });

  it("uses a Cloudflare token that somebody else keeps", async () => {
    const existingSecret = { name: "tokens", key: "dns" };
    const graph = await issuers({ letsEncrypt: { cloudflare: { existingSecret } } });
    assert.equal(graph.ofType(SECRET).length, 0);
    assert.deepEqual(solvers(graph), [{ dns01: { cloudflare: { apiTokenSecretRef: existingSecret } } }]);
  });

  it("founds a private authority whose key stays", async () => {
    const graph = await issuers({ selfSigned: { commonName: "Lab" } });
    assert.equal(outputs(graph).issuerName, "platform-ca");
    const certificate = graph.one(CERTIFICATE, "issuers-authority");
    assert.equal(dig(certificate.inputs, "spec.isCA"), true);
    assert.equal(dig(certificate.inputs, "spec.commonName"), "Lab");
    assert.equal(dig(certificate.inputs, "spec.privateKey.rotationPolicy"), "Never");
    assert.equal(dig(certificate.inputs, "metadata.namespace"), "cert-manager");
    const ca = graph.one(ISSUER, "issuers-ca");
    assert.deepEqual(ca.inputs.spec, { ca: { secretName: dig(certificate.inputs, "spec.secretName") } });
    assert.ok(graph.waitsFor(ca, certificate));
    assert.ok(graph.waitsFor(certificate, graph.one(ISSUER, "issuers-root")));
    const byDefault = (await issuers({ selfSigned: {} })).one(CERTIFICATE);
    assert.equal(dig(byDefault.inputs, "spec.commonName"), "LLM platform");
  });

  it("makes nothing when certificates cannot be had", async () => {
    const letsEncrypt = { cloudflare: { apiToken: "token" }, email: "ops@example.com" };
    const graph = await issuers({ enabled: false, letsEncrypt });
    assert.deepEqual(graph.childrenOf(graph.component("CertificateIssuers")), []);
    assert.deepEqual(outputs(graph), { issuerName: "", ready: "ready" });
  });

  it("refuses what Let's Encrypt or cert-manager would refuse late", async () => {
    assert.match(await refused({}), /args: exactly one of letsEncrypt, selfSigned must be given \(got none\)/);
    assert.match(
      await refused({ letsEncrypt: { ...HTTP01, route53: { zoneId: "Z1", region: "us-east-1" } } }),
      /letsEncrypt: exactly one of http01, route53, cloudflare must be given \(got http01 and route53\)/,
    );
    assert.match(
      await refused({ letsEncrypt: { cloudflare: {} } }),
      /letsEncrypt\.cloudflare: exactly one of apiToken, existingSecret must be given \(got none\)/,
    );
    assert.equal(
      await refused({ letsEncrypt: { ...HTTP01, email: "ops@example.com" } }),
      'CertificateIssuers "issuers" cannot be built from these arguments:\n' +
        "  letsEncrypt.email: lies in a reserved domain, and Let's Encrypt refuses such accounts (got ops@example.com). " +
        "Give an address of yours, or leave it out: an account needs no contact.",
    );
    assert.match(
      await refused({ letsEncrypt: { ...HTTP01, email: "ops" } }),
      /letsEncrypt\.email: must be an e-mail address/,
    );
  });

  it("waits for cert-manager, the token does not, and consumers wait for the issuer", async () => {
    const graph = await graphOf(() => {
      const opts = explicitProviders();
      const certManager = new aws.sqs.Queue("cert-manager");
      const made = new CertificateIssuers(
        "issuers",
        {
          ...MINIMAL,
          certManagerReady: ready([certManager]),
          letsEncrypt: { cloudflare: { apiToken: pulumi.secret("t") } },
        },
        opts,
      );
      new aws.sqs.Queue("consumer", {}, { dependsOn: behind(made.ready) });
    });
    const queue = (name: string) => graph.one("aws:sqs/queue:Queue", name);
    for (const issuer of graph.ofType(ISSUER)) {
      assert.ok(graph.waitsFor(issuer, queue("cert-manager")));
      assert.ok(graph.waitsFor(queue("consumer"), issuer));
      assert.match(issuer.provider, /::kubernetes::/);
    }
    assert.equal(graph.waitsFor(graph.one(SECRET), queue("cert-manager")), false);
  });

  it("plans with everything unknown, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const opts = explicitProviders();
        new CertificateIssuers("one", { ...MINIMAL, letsEncrypt: HTTP01 }, opts);
        new CertificateIssuers("two", { ...MINIMAL, selfSigned: {} }, opts);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(ISSUER).length, 4);
  });
});

describe("isReservedDomain", () => {
  it("knows the domains that nobody can own", () => {
    for (const domain of [
      "example.com",
      "langfuse.staging.Example.com",
      "a.test",
      "localhost",
      "x.invalid",
      "b.example",
    ]) {
      assert.equal(isReservedDomain(domain), true, domain);
    }
    for (const domain of ["example.io", "myexample.com", "test.com", "acme.io"]) {
      assert.equal(isReservedDomain(domain), false, domain);
    }
  });
});
