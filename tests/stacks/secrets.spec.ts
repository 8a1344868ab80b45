import assert from "node:assert/strict";
import { plaintextSecrets } from "../../preview/leaks";
import { isSecretValue, type RecordedResource } from "../../preview/recorder";
import { isObject, members } from "../support/dig";
import { type Graph, revealed, secretPaths } from "../support/graph";
import { STACKS, stackOf, variantOf } from "../support/stacks";
import { recordedVariant } from "../support/variants";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const SECRET = "kubernetes:core/v1:Secret";
/** Names under which values would carry a credential instead of referring to one. */
const CREDENTIAL_KEY = /^(password|adminPassword|token|authToken|secretKey|accessKey|privateKey|apiKey|apiToken)$/i;

function namesOfSecrets(graph: Graph): string[] {
  return graph.ofType(SECRET).map(({ inputs }) => {
    const { name, namespace } = inputs.metadata as { name: string; namespace: string };
    return `${namespace}/${name}`;
  });
}

/** Secret and key pairs that a resource reads, in the words of Kubernetes, KEDA and the charts. */
function references({ inputs }: RecordedResource): { readonly name: string; readonly key: string }[] {
  return [...members(inputs)].flatMap(({ path, key: member, value }) => {
    if (!isObject(value)) return [];
    if (member === "secretKeyRef" || /secretTargetRef\[\d+\]$/.test(path)) {
      return [{ name: String(value.name), key: String(value.key) }];
    }
    if (typeof value.existingSecret !== "string" || value.existingSecret === "") return [];
    const { existingSecret: name, secretKeys = {}, ...keys } = value;
    return Object.entries({ ...keys, ...(secretKeys as object) }).flatMap(([role, key]) =>
      /Key$/.test(role) && typeof key === "string" ? [{ name, key }] : [],
    );
  });
}

for (const stack of STACKS) {
  describe(`secrets of ${stack}`, () => {
    let graph: Graph;
    before(async () => {
      graph = (await stackOf(stack)).graph;
    });

    it("stand nowhere in plain text", async () => {
      const { recording } = await stackOf(stack);
      // Otherwise the search would find nothing because it looks for nothing.
      assert.ok(recording.secrets.length >= 15);
      assert.deepEqual(plaintextSecrets(recording), []);
    });

    it("are no part of Helm values, not even in envelopes", () => {
      for (const release of graph.ofType(RELEASE)) {
        assert.deepEqual(secretPaths(release), [], release.name);
        for (const { path, key, value } of members(release.inputs.values)) {
          if (typeof value !== "string" || value === "" || !CREDENTIAL_KEY.test(key)) continue;
          // A key of a Secret may be called like what it holds.
          const owner = path.slice(0, -key.length - 1);
          assert.match(owner, /secretKeys?$|Ref$|secretKeyRef$/, `${release.name} ${path}`);
        }
      }
    });

    it("are generated for everything that needs one, in the right namespaces", () => {
      assert.deepEqual(namesOfSecrets(graph).sort(), [
        "langfuse-data/clickhouse-operator",
        "langfuse-data/clickhouse-server-credentials",
        "langfuse/langfuse-app-credentials",
        "langfuse/langfuse-ch-credentials",
        "langfuse/langfuse-initialization",
        "langfuse/langfuse-pg-credentials",
        "langfuse/langfuse-pg-master",
        "langfuse/langfuse-redis-credentials",
        "models/chat-api-key",
        "models/model-gateway-limit",
        "monitoring/grafana-admin",
      ]);
    });

    it("are read by names and keys that exist", () => {
      const entries = new Map(
        graph.ofType(SECRET).map(({ inputs }) => {
          const { metadata, stringData, data } = revealed(inputs) as Record<string, Record<string, string>>;
          return [metadata?.name, Object.keys({ ...stringData, ...data })];
        }),
      );
      const readers = graph.resources.flatMap((resource) =>
        references(resource).map((reference) => ({ reader: resource.name, ...reference })),
      );
      assert.ok(readers.length > 20, `only ${readers.length} references found`);
      for (const { reader, name, key } of readers) {
        assert.ok(entries.get(name)?.includes(key), `${reader} reads ${key} of ${name}, which is not there`);
      }
    });

    it("hold values that no URL, shell or connection string needs to escape", () => {
      for (const { name, inputs } of graph.ofType("random:index/randomPassword:RandomPassword")) {
        // The encryption key is made of digits and these six letters.
        assert.ok(inputs.special === false || inputs.overrideSpecial === "abcdef", name);
      }
    });

    it("are copied in full to Secrets Manager, under a key of the platform", () => {
      const version = graph.one("aws:secretsmanager/secretVersion:SecretVersion");
      assert.ok(isSecretValue(version.inputs.secretString));
      const copy = JSON.parse(String(revealed(version.inputs.secretString))) as Record<string, string>;
      for (const name of [
        "salt",
        "encryptionKey",
        "nextAuthSecret",
        "postgresMasterPassword",
        "clickhouseDefaultPassword",
      ]) {
        assert.ok((copy[name] ?? "").length >= 16, name);
      }
      const secret = graph.one("aws:secretsmanager/secret:Secret");
      assert.equal(typeof secret.inputs.kmsKeyId, "string");
      assert.equal(secret.inputs.name, undefined, "a fixed name is taken for days after a destroy");
    });
  });
}

describe("secrets of the settings", () => {
  it("go into Secrets, and nowhere else", async () => {
    const license = "license-key-of-the-test";
    const { recording, graph } = await variantOf("staging", {
      "secrets.langfuseLicenseKey": license,
      "secrets.salt": "salt0salt0salt0salt0salt0salt0salt0",
    });
    assert.deepEqual(plaintextSecrets(recording), []);
    const encoded = Buffer.from(license).toString("base64");
    const holders = graph.resources.filter(({ inputs }) => JSON.stringify(revealed(inputs)).includes(encoded));
    assert.deepEqual(
      holders.map(({ type }) => type),
      [SECRET],
    );
  });

  it("keep the kubeconfig of somebody else's cluster to the provider and the secret output", async () => {
    const { recording, graph } = await recordedVariant("existing cluster");
    assert.deepEqual(plaintextSecrets(recording), []);
    const holders = graph.resources.filter(({ inputs, outputs }) =>
      JSON.stringify([revealed(inputs), revealed(outputs)]).includes("token-of-the-test"),
    );
    assert.deepEqual(holders.map(({ type }) => type).sort(), ["pulumi:providers:kubernetes", "pulumi:pulumi:Stack"]);
  });
});
