import assert from "node:assert/strict";
import { type Graph, revealed } from "../support/graph";
import type { Changes } from "../support/settings";
import { type RecordedStack, variantOf } from "../support/stacks";
import { recordedVariant, VARIANTS } from "../support/variants";

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly annotations?: Record<string, string>;
}

const { stack, changes } = VARIANTS["existing cluster"];

describe("a stack on a cluster of somebody else's", () => {
  let graph: Graph;
  before(async () => {
    graph = (await recordedVariant("existing cluster")).graph;
  });

  it("touches nothing in AWS", () => {
    const aws = graph.resources.filter(({ type }) => type.startsWith("aws:") || type === "pulumi:providers:aws");
    assert.deepEqual(
      aws.map(({ type, name }) => `${type} ${name}`),
      [],
    );
  });

  it("speaks to that cluster alone, by a kubeconfig that stays secret", () => {
    const provider = graph.one("pulumi:providers:kubernetes");
    assert.equal(provider.inputs.clusterIdentifier, "theirs");
    assert.equal(typeof (provider.inputs.kubeconfig as { value: unknown }).value, "string");
    for (const { urn, type, custom, provider: used } of graph.resources) {
      if (custom && type.startsWith("kubernetes:")) assert.ok(used.startsWith(`${provider.urn}::`), urn);
    }
  });

  it("brings Langfuse and what it leans on", () => {
    const releases = graph.ofType("kubernetes:helm.sh/v3:Release").map(({ inputs }) => inputs.name);
    assert.deepEqual(releases.sort(), [
      "cert-manager",
      "keda",
      "kube-prometheus-stack",
      "langfuse",
      "prometheus-operator-crds",
      "traefik",
    ]);
    assert.deepEqual(
      graph.ofType("kubernetes:batch/v1:Job").map(({ name }) => name),
      ["langfuse-migrations", "langfuse-smoke"],
    );
  });

  it("reads the stores' credentials from Secrets that it does not make", () => {
    const own = graph
      .ofType("kubernetes:core/v1:Secret")
      .map(({ inputs }) => (inputs.metadata as { name: string }).name);
    for (const name of ["external-postgres", "external-redis", "external-clickhouse", "external-buckets"]) {
      assert.ok(!own.includes(name), name);
      const users = graph.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(`"${name}"`));
      assert.notEqual(users.length, 0, `nobody reads ${name}`);
    }
  });

  it("makes no class of volumes, and asks for volumes of the cluster's own", async () => {
    const kinds = (found: Graph) => found.resources.filter(({ type }) => type.endsWith(":StorageClass"));
    const claims = (found: Graph) =>
      JSON.stringify(found.ofType("kubernetes:helm.sh/v3:Release").map(({ inputs }) => revealed(inputs.values))).match(
        /"storageClassName":"[^"]*"/g,
      ) ?? [];
    assert.deepEqual(kinds(graph), []);
    assert.deepEqual(claims(graph), []);
    const existing = { name: "theirs", storageClass: "premium-rwo" };
    const { graph: named } = await variantOf(stack, { ...changes, "cluster.existing": existing });
    assert.deepEqual(kinds(named), []);
    assert.deepEqual(claims(named), Array(2).fill('"storageClassName":"premium-rwo"'));
  });

  it("leaves out what the cluster provides", async () => {
    const provides = ["ingressController", "certManager", "keda", "prometheusOperator", "priorityClasses"];
    const { graph: lean } = await variantOf(stack, { ...changes, "cluster.existing": { name: "theirs", provides } });
    const releases = lean.ofType("kubernetes:helm.sh/v3:Release").map(({ inputs }) => inputs.name);
    assert.deepEqual(releases, ["langfuse"]);
    for (const kind of ["StorageClass", "PriorityClass", "IngressClass"]) {
      assert.deepEqual(
        lean.resources.filter(({ type }) => type.endsWith(`:${kind}`)),
        [],
        kind,
      );
    }
    assert.equal(lean.resources.filter(({ type }) => type.endsWith(":ScaledObject")).length, 1);
  });

  describe("that has cert-manager", () => {
    const HOST = "langfuse.platform.acme-corp.io";
    const provided = (more: Changes) =>
      variantOf(stack, {
        ...changes,
        "cluster.existing": { name: "theirs", provides: ["certManager"] },
        "langfuse.host": HOST,
        "certificates.email": "platform@acme-corp.io",
        ...more,
      });
    const issuerOf = ({ graph: { resources } }: RecordedStack) =>
      resources
        .filter(({ type }) => type.endsWith(":Ingress"))
        .map(({ inputs }) => (inputs.metadata as Metadata).annotations?.["cert-manager.io/cluster-issuer"]);
    const made = ({ graph: { resources } }: RecordedStack, kind: string) =>
      resources
        .filter(({ type }) => type.endsWith(`:${kind}`))
        .map(({ inputs }) => inputs.metadata as Metadata)
        .map(({ name, namespace }) => [namespace, name].filter(Boolean).join("/"))
        .sort();

    it("gets Let's Encrypt's issuers there, and no second cert-manager", async () => {
      const recorded = await provided({});
      assert.deepEqual(made(recorded, "ClusterIssuer"), ["letsencrypt", "letsencrypt-staging"]);
      assert.deepEqual(issuerOf(recorded), ["letsencrypt"]);
      const releases = recorded.graph.ofType("kubernetes:helm.sh/v3:Release").map(({ inputs }) => inputs.name);
      assert.ok(!releases.includes("cert-manager"));
      assert.ok(!made(recorded, "Namespace").includes("cert-manager"));
    });

    it("finds the token of Cloudflare where cert-manager looks for it", async () => {
      const recorded = await provided({
        "certificates.solver": "dns01",
        "certificates.dnsProvider": "cloudflare",
        "secrets.cloudflareToken": "cloudflare-token-of-the-test",
      });
      assert.ok(made(recorded, "Secret").includes("cert-manager/cloudflare-api-token"));
      assert.deepEqual(issuerOf(recorded), ["letsencrypt"]);
    });

    it("gets a private authority when asked for one", async () => {
      const recorded = await provided({ "certificates.issuer": "selfSigned", "certificates.email": undefined });
      assert.deepEqual(made(recorded, "ClusterIssuer"), ["platform-ca", "platform-root"]);
      assert.deepEqual(made(recorded, "Certificate"), ["cert-manager/platform-ca"]);
      assert.deepEqual(issuerOf(recorded), ["platform-ca"]);
    });

    it("keeps its issuers to itself when none is asked for", async () => {
      const recorded = await provided({ "certificates.issuer": "none", "certificates.email": undefined });
      assert.deepEqual(made(recorded, "ClusterIssuer"), []);
      assert.deepEqual(issuerOf(recorded), [undefined]);
    });
  });
});
