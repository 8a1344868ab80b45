import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { ready } from "../../../components/internal/gates";
import { ExternalSecrets, type ExternalSecretsArgs } from "../../../components/operations/external-secrets";
import { externalSecretsPolicy } from "../../../components/operations/external-secrets-policy";
import {
  EXTERNAL_SECRETS_SERVICE_ACCOUNT,
  externalSecretsValues,
} from "../../../components/operations/external-secrets-values";
import { failureOf, type Graph, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const SOURCE = "arn:aws:secretsmanager:us-east-1:111111111111:secret:recovery";
const MINIMAL: ExternalSecretsArgs = {
  namespace: "external-secrets",
  region: "us-east-1",
  secrets: {
    app: {
      namespace: "langfuse",
      secretName: "langfuse-app-credentials",
      sourceArn: SOURCE,
      keys: { salt: "salt", "encryption-key": "encryptionKey" },
    },
  },
};
const RELEASE = "kubernetes:helm.sh/v3:Release";
const STORE = "kubernetes:external-secrets.io/v1:ClusterSecretStore";
const SECRET = "kubernetes:external-secrets.io/v1:ExternalSecret";
const made = (args: Partial<ExternalSecretsArgs> = {}) =>
  graphOf(() => new ExternalSecrets("eso", { ...MINIMAL, ...args }, explicitProviders()));
const specOf = (graph: Graph, type: string, name?: string) =>
  graph.one(type, name).inputs.spec as Record<string, unknown>;

describe("ExternalSecrets", () => {
  it("installs the pinned chart, then opens the store, then fills Secrets", async () => {
    const graph = await made();
    const { inputs } = graph.one(RELEASE);
    assert.deepEqual(
      [inputs.chart, inputs.version, inputs.name, inputs.namespace, inputs.timeout],
      ["external-secrets", "2.8.0", "external-secrets", "external-secrets", 600],
    );
    assert.deepEqual([inputs.waitForJobs, inputs.cleanupOnFail], [true, true]);
    assert.ok(graph.waitsFor(graph.one(STORE), graph.one(RELEASE)));
    assert.ok(graph.waitsFor(graph.one(SECRET), graph.one(STORE)));
    for (const type of [RELEASE, STORE, SECRET]) assert.match(graph.one(type).provider, /::kubernetes::/);
  });

  it("opens the store to the named namespaces only, as the operator itself", async () => {
    const graph = await made();
    assert.deepEqual(specOf(graph, STORE), {
      provider: { aws: { service: "SecretsManager", region: "us-east-1" } },
      conditions: [{ namespaces: ["langfuse"] }],
    });
    const { metadata } = graph.one(STORE).inputs as { metadata: { name: string; annotations: object } };
    assert.equal(metadata.name, "aws-secrets-manager");
    assert.deepEqual(metadata.annotations, { "pulumi.com/waitFor": "condition=Ready" });
  });

  it("reads each key from its property, and keeps the Secret when the source fails", async () => {
    const graph = await made();
    assert.deepEqual(specOf(graph, SECRET), {
      refreshInterval: "1h",
      secretStoreRef: { kind: "ClusterSecretStore", name: "aws-secrets-manager" },
      target: { name: "langfuse-app-credentials", creationPolicy: "Owner", deletionPolicy: "Retain" },
      data: [
        { secretKey: "encryption-key", remoteRef: { key: SOURCE, property: "encryptionKey" } },
        { secretKey: "salt", remoteRef: { key: SOURCE, property: "salt" } },
      ],
    });
    assert.deepEqual(graph.one(SECRET).inputs.metadata, {
      name: "langfuse-app-credentials",
      namespace: "langfuse",
      annotations: { "pulumi.com/waitFor": "condition=Ready" },
    });
  });

  it("passes store name, interval and further namespaces on", async () => {
    const other = { namespace: "data", secretName: "s", sourceArn: SOURCE, keys: { a: "b" }, refreshInterval: "5m" };
    const graph = await made({ storeName: "vault", secrets: { ...MINIMAL.secrets, other } });
    assert.deepEqual(specOf(graph, STORE).conditions, [{ namespaces: ["data", "langfuse"] }]);
    const spec = specOf(graph, SECRET, "eso-secret-other");
    assert.equal(spec.refreshInterval, "5m");
    assert.deepEqual(spec.secretStoreRef, { kind: "ClusterSecretStore", name: "vault" });
  });

  it("waits for identity and policies before pods, and for the source before Secrets", async () => {
    const graph = await graphOf(() => {
      const gate = (name: string) => ready([new random.RandomId(name, { byteLength: 1 })]);
      const [identityReady, policiesReady, sourceReady] = [gate("identity"), gate("policies"), gate("source")];
      new ExternalSecrets("eso", { ...MINIMAL, identityReady, policiesReady, sourceReady }, explicitProviders());
    });
    const gate = (name: string) => graph.one("random:index/randomId:RandomId", name);
    assert.ok(graph.waitsFor(graph.one(RELEASE), gate("identity")));
    assert.ok(graph.waitsFor(graph.one(RELEASE), gate("policies")));
    assert.ok(!graph.waitsFor(graph.one(RELEASE), gate("source")));
    assert.ok(graph.waitsFor(graph.one(SECRET), gate("source")));
  });

  it("keeps its kinds when the release goes, and asks for no rights it does not use", () => {
    const values = externalSecretsValues({});
    assert.deepEqual(values.crds, { annotations: { "helm.sh/resource-policy": "keep" } });
    assert.equal(values.serviceAccount.name, EXTERNAL_SECRETS_SERVICE_ACCOUNT);
    assert.equal(values.rbac.serviceAccountTokenCreate, false);
    assert.deepEqual([values.processPushSecret, values.processClusterPushSecret], [false, false]);
  });

  it("runs restricted pods with probes and limits, two where it matters", () => {
    const values = externalSecretsValues({});
    for (const pod of [values, values.webhook, values.certController]) {
      assert.equal(pod.podSecurityContext.runAsNonRoot, true);
      assert.deepEqual(pod.securityContext.capabilities, { drop: ["ALL"] });
      assert.equal(pod.securityContext.readOnlyRootFilesystem, true);
      assert.equal(pod.livenessProbe.enabled, true);
      assert.deepEqual(pod.resources.limits, { cpu: "500m", memory: "512Mi" });
      assert.equal(pod.image.repository, "ghcr.io/external-secrets/external-secrets");
      assert.equal(pod.image.tag, "v2.8.0");
    }
    assert.deepEqual([values.replicaCount, values.webhook.replicaCount, values.certController.replicaCount], [2, 2, 1]);
    assert.deepEqual([values.leaderElect, values.podDisruptionBudget.enabled], [true, true]);
    const single = externalSecretsValues({ replicas: 1 });
    assert.deepEqual([single.leaderElect, single.podDisruptionBudget.enabled], [false, false]);
  });

  it("takes chart and images from the mirrors, and places all pods", () => {
    const values = externalSecretsValues({
      mirrors: { images: "mirror.test/cache" },
      placement: { nodeSelector: { "node-type": "system" }, tolerations: [{ key: "k", operator: "Exists" }] },
      priorityClassName: "serving",
      resources: { requests: { cpu: "1" }, limits: { cpu: "2" } },
    });
    for (const pod of [values, values.webhook, values.certController]) {
      assert.equal(pod.image.repository, "mirror.test/cache/ghcr.io/external-secrets/external-secrets");
      assert.deepEqual(pod.nodeSelector, { "node-type": "system" });
      assert.deepEqual(pod.tolerations, [{ key: "k", operator: "Exists" }]);
      assert.equal(pod.priorityClassName, "serving");
      assert.deepEqual(pod.resources.limits, { cpu: "2" });
    }
  });

  it("finds its chart in a mirror", async () => {
    const { inputs } = (await made({ mirrors: { charts: "./charts" } })).one(RELEASE);
    assert.equal(inputs.chart, "./charts/external-secrets-2.8.0.tgz");
  });

  it("may read the named secrets and nothing else", () => {
    const policy = externalSecretsPolicy({ region: "us-east-1", secretArns: [SOURCE], kmsKeyArns: ["arn:key"] });
    const [read, decrypt] = JSON.parse(policy).Statement;
    assert.deepEqual(read.Resource, [SOURCE]);
    assert.ok(read.Action.every((action: string) => !action.includes("*")));
    assert.deepEqual([decrypt.Resource, decrypt.Action], [["arn:key"], "kms:Decrypt"]);
    assert.deepEqual(decrypt.Condition.StringEquals, { "kms:ViaService": "secretsmanager.us-east-1.amazonaws.com" });
  });

  it("refuses a store for all namespaces, empty Secrets and odd names", async () => {
    const empty = { namespace: "n", secretName: "s", sourceArn: SOURCE, keys: {} };
    assert.equal(
      await failureOf(
        () => new ExternalSecrets("eso", { ...MINIMAL, replicas: 0, storeName: "A", secrets: { empty } }),
      ),
      'ExternalSecrets "eso" cannot be built from these arguments:\n' +
        "  replicas: must be a whole number of at least 1 (got 0). Use 2 to survive the loss of a node.\n" +
        "  storeName: must be a DNS label (got A). Use lower-case letters, digits and dashes.\n" +
        "  secrets.empty.keys: must name at least one key (got none). Map a key of the Kubernetes Secret to a property of the source.",
    );
    assert.equal(
      await failureOf(() => new ExternalSecrets("eso", { ...MINIMAL, secrets: {} })),
      'ExternalSecrets "eso" cannot be built from these arguments:\n' +
        "  secrets: must name at least one Secret (got none). Add one, or leave External Secrets out: a store without namespaces would be open to all of them.",
    );
  });

  it("registers twice, before anything is known", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new ExternalSecrets("one", MINIMAL, options);
        new ExternalSecrets("two", { ...MINIMAL, region: pulumi.output("eu-west-1"), storeName: "second" }, options);
      },
      { outputs: "unknown" },
    );
    assert.deepEqual([graph.ofType(STORE).length, graph.ofType(SECRET).length], [2, 2]);
  });
});
