import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { planErrors } from "../../preview/checks";
import { record } from "../../preview/recorder";

const URN = "urn:pulumi:test::llm-platform::";

async function errorsOf(program: () => unknown): Promise<string[]> {
  return planErrors(await record(program));
}

const cloud = () => new aws.Provider("aws", { region: "us-east-1" });
const cluster = () => new kubernetes.Provider("kubernetes", { kubeconfig: "{}" });

const configMap = (data: Record<string, pulumi.Input<string>>, provider = cluster()) =>
  new kubernetes.core.v1.ConfigMap("map", { metadata: { name: "map", namespace: "apps" }, data }, { provider });

describe("plan errors", () => {
  it("are none for a sound plan", async () => {
    const errors = await errorsOf(() => {
      const password = new random.RandomPassword("password", { length: 24 });
      configMap({ public: "value" });
      return { password: password.result };
    });
    assert.deepEqual(errors, []);
  });

  it("name both of two resources with one URN", async () => {
    const errors = await errorsOf(() => [0, 1].map(() => new random.RandomId("same", { byteLength: 4 })));
    assert.deepEqual(errors, [
      `${URN}random:index/randomId:RandomId::same: two resources have this URN. Give one of them another name.`,
    ]);
  });

  it("name a resource without explicit provider", async () => {
    const errors = await errorsOf(() => new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" }));
    assert.deepEqual(errors, [
      `${URN}aws:ec2/vpc:Vpc::vpc: no explicit provider, so whatever the shell points at would be used. Pass opts.provider(s).`,
    ]);
  });

  it("name a Kubernetes object without namespace, but none of a cluster-scoped kind", async () => {
    const errors = await errorsOf(() => {
      const provider = cluster();
      new kubernetes.core.v1.Service("service", { metadata: { name: "service" }, spec: {} }, { provider });
      new kubernetes.scheduling.v1.PriorityClass("class", { metadata: { name: "class" }, value: 1 }, { provider });
      new kubernetes.apiextensions.CustomResource(
        "issuer",
        { apiVersion: "cert-manager.io/v1", kind: "ClusterIssuer", metadata: { name: "issuer" } },
        { provider },
      );
    });
    assert.deepEqual(errors, [
      `${URN}kubernetes:core/v1:Service::service: no namespace, so the kubeconfig's would be used. Set metadata.namespace.`,
    ]);
  });

  it("name an Output that was used as text, also inside a secret", async () => {
    const errors = await errorsOf(() => {
      const { hex } = new random.RandomId("id", { byteLength: 4 });
      configMap({ text: `id is ${hex}` });
      new random.RandomId("other", { byteLength: 4, keepers: { text: pulumi.secret(`secretly ${hex}`) } });
    });
    const why = "is not resolved. An Output is used as text, or a stand-in value is missing.";
    assert.deepEqual(errors, [
      `${URN}kubernetes:core/v1:ConfigMap::map: data.text ${why}`,
      `${URN}random:index/randomId:RandomId::other: keepers.text ${why}`,
    ]);
  });

  it("name an output without a stand-in", async () => {
    const errors = await errorsOf(() => {
      const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" }, { provider: cloud() });
      configMap({ table: vpc.mainRouteTableId });
    });
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? "", /ConfigMap::map: data\.table is not resolved/);
  });

  const ways: Record<string, (secret: string) => string> = {
    "as it is": (secret) => secret,
    "inside a longer text": (secret) => `postgresql://user:${secret}@host/database`,
    "in Base64": (secret) => Buffer.from(secret).toString("base64"),
    "in Base64 of a longer text": (secret) => Buffer.from(`user:${secret}\n`).toString("base64"),
    "in hexadecimal": (secret) => Buffer.from(secret).toString("hex"),
    "in JSON": (secret) => JSON.stringify({ password: secret }),
  };
  for (const [way, encoded] of Object.entries(ways)) {
    it(`name a secret that stands in plain text ${way}`, async () => {
      const errors = await errorsOf(() => {
        const password = new random.RandomPassword("password", { length: 24 });
        configMap({ leak: pulumi.unsecret(password.result).apply(encoded) });
      });
      assert.deepEqual(errors, [
        `${URN}kubernetes:core/v1:ConfigMap::map: data.leak holds a secret in plain text. Keep it an Output, or refer to its Secret.`,
      ]);
    });
  }

  it("name a secret deep inside Helm values and inside names", async () => {
    const errors = await errorsOf(() => {
      const text = "correct horse battery staple";
      new random.RandomId("user", { byteLength: 4, keepers: { text: pulumi.secret(text) } });
      const values = { env: [{ name: "A", value: `x ${text}` }] };
      const release = { name: "app", namespace: "apps", chart: "app", values };
      new kubernetes.helm.v3.Release("release", release, { provider: cluster() });
      new random.RandomId(text, { byteLength: 4 });
    });
    assert.equal(errors.length, 2);
    assert.match(errors[0] ?? "", /Release::release: values\.env\[0\]\.value holds a secret/);
    assert.equal(errors[1], "a random:index/randomId:RandomId: its name holds a secret. Names are never secret.");
    assert.ok(!errors.join().includes("correct horse"));
  });

  it("name a stack output that shows a secret", async () => {
    const errors = await errorsOf(() => {
      const password = new random.RandomPassword("password", { length: 24 });
      return { open: pulumi.unsecret(password.result), closed: password.result };
    });
    assert.equal(errors.length, 1);
    assert.match(errors[0] ?? "", /its output open shows a secret in plain text/);
  });

  it("take no part of a secret object for secret that is public elsewhere", async () => {
    const errors = await errorsOf(() => {
      const host = "database.internal.example.com";
      const all = pulumi.secret({ host, password: "a long password 123" });
      new random.RandomId("user", { byteLength: 4, keepers: all });
      configMap({ host });
    });
    assert.deepEqual(errors, []);
  });
});
