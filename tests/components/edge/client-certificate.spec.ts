import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import { ClientCertificate, type ClientCertificateArgs } from "../../../components/edge/client-certificate";
import { ready } from "../../../components/internal/gates";
import { failureOf, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate";
const ARGS: ClientCertificateArgs = {
  namespace: "apps",
  secretName: "apps-client",
  commonName: "apps",
  issuerName: "platform-ca",
  issuerReady: "ready",
};

describe("ClientCertificate", () => {
  it("asks the private authority for a client certificate and waits until it is there", async () => {
    const graph = await graphOf(() => new ClientCertificate("client", ARGS, explicitProviders()));
    const { metadata, spec } = graph.one(CERTIFICATE).inputs as Record<string, Record<string, unknown>>;
    assert.deepEqual(metadata, {
      name: "apps-client",
      namespace: "apps",
      annotations: { "pulumi.com/waitFor": "condition=Ready" },
    });
    assert.deepEqual(spec?.usages, ["client auth"]);
    assert.deepEqual(spec?.issuerRef, { name: "platform-ca", kind: "ClusterIssuer", group: "cert-manager.io" });
    assert.equal(spec?.commonName, "apps");
    assert.equal(graph.component("ClientCertificate").outputs?.secretName, "apps-client");
  });

  it("waits for its issuer, and knows its name before anything exists, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        const [, provider] = options.providers as kubernetes.Provider[];
        const issuer = new kubernetes.core.v1.Namespace("issuer", {}, { provider });
        new ClientCertificate("one", { ...ARGS, issuerReady: ready([issuer]) }, options);
        new ClientCertificate("two", { ...ARGS, secretName: "other" }, options);
      },
      { outputs: "unknown" },
    );
    const one = graph.one(CERTIFICATE, "one-certificate");
    assert.ok(graph.waitsFor(one, graph.one("kubernetes:core/v1:Namespace", "issuer")));
    assert.match(one.provider, /::kubernetes::/);
    assert.equal(graph.component("ClientCertificate", "two").outputs?.secretName, "other");
  });

  it("refuses a name that Kubernetes does not take", async () => {
    assert.match(
      await failureOf(() => new ClientCertificate("client", { ...ARGS, secretName: "Apps_client" })),
      /secretName: must be a DNS label: .* \(got Apps_client\)\. Choose another name\./,
    );
  });
});
