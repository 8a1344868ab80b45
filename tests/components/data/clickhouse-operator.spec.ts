import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import { ClickHouseOperator, type ClickHouseOperatorArgs } from "../../../components/data/clickhouse-operator";
import { clickHouseOperatorValues } from "../../../components/data/clickhouse-operator-values";
import { ready } from "../../../components/internal/gates";
import { isSecretValue } from "../../../preview/recorder";
import { failureOf, graphOf, plainPathsWith, revealed, secretPaths, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const SECRET = "kubernetes:core/v1:Secret";
const MINIMAL: ClickHouseOperatorArgs = { namespace: "stores", operatorPassword: "hunter2hunter2" };
const operator = (args: Partial<ClickHouseOperatorArgs> = {}) =>
  graphOf(() => new ClickHouseOperator("operator", { ...MINIMAL, ...args }, explicitProviders()));

describe("ClickHouseOperator", () => {
  it("makes a pinned release with the chart's own definitions, and the Secret that the operator looks for", async () => {
    const graph = await operator();
    const release = graph.one(RELEASE);
    assert.equal(release.inputs.name, "clickhouse-operator");
    assert.equal(release.inputs.namespace, "stores");
    assert.equal(release.inputs.chart, "altinity-clickhouse-operator");
    assert.match(String(release.inputs.version), /^\d+\.\d+\.\d+$/);
    assert.equal(release.inputs.skipCrds, false);
    const secret = graph.one(SECRET);
    assert.deepEqual(secret.inputs.metadata, { name: "clickhouse-operator", namespace: "stores" });
    assert.deepEqual(Object.keys(revealed(secret.inputs.stringData) as object).sort(), ["password", "username"]);
    assert.equal(graph.component("ClickHouseOperator").outputs?.ready, "ready");
  });

  it("pins the images to the chart's version", async () => {
    const release = (await operator()).one(RELEASE);
    const values = clickHouseOperatorValues(MINIMAL);
    assert.equal(values.operator.image.tag, release.inputs.version);
    assert.equal(values.metrics.image.tag, release.inputs.version);
  });

  it("is safe by default: no hook, no Secret in the values, rights in one namespace, restricted containers", () => {
    const values = clickHouseOperatorValues(MINIMAL);
    assert.equal(values.crdHook.enabled, false);
    assert.equal(values.secret.create, false);
    assert.deepEqual(values.rbac, { create: true, namespaceScoped: true });
    assert.equal(values.podSecurityContext.runAsNonRoot, true);
    assert.equal(values.podSecurityContext.runAsUser, 65534);
    for (const { containerSecurityContext } of [values.operator, values.metrics]) {
      assert.equal(containerSecurityContext.allowPrivilegeEscalation, false);
      assert.deepEqual(containerSecurityContext.capabilities, { drop: ["ALL"] });
      assert.equal(containerSecurityContext.readOnlyRootFilesystem, false);
    }
    assert.equal(values.serviceMonitor.enabled, false);
  });

  it("keeps what Pulumi waits for off the pods, and watches its own namespace alone", () => {
    const config = clickHouseOperatorValues(MINIMAL).configs.files["config.yaml"];
    assert.deepEqual(config.annotation.exclude, ["pulumi.com/waitFor", "pulumi.com/timeoutSeconds"]);
    assert.deepEqual(config.watch.namespaces.include, ["stores"]);
    assert.equal(config.reconcile.statefulSet.update.timeout, 1800);
  });

  it("takes everything that can be set", () => {
    const resources = { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } };
    const exporterResources = { requests: { cpu: "2", memory: "2Gi" }, limits: { cpu: "2", memory: "2Gi" } };
    const toleration = { key: "workload-type", operator: "Equal", value: "data", effect: "NoSchedule" };
    const values = clickHouseOperatorValues({
      namespace: "stores",
      secretsRevision: "7",
      resources,
      exporterResources,
      readOnlyRootFilesystem: true,
      placement: { nodeSelector: { pool: "data" }, tolerations: [toleration] },
      priorityClassName: "platform-data",
      mirrors: { images: "mirror.example.com/pull" },
    });
    assert.equal(values.podAnnotations["llm-platform/secrets-revision"], "7");
    assert.deepEqual(values.operator.resources, resources);
    assert.deepEqual(values.metrics.resources, exporterResources);
    assert.equal(values.operator.containerSecurityContext.readOnlyRootFilesystem, true);
    assert.equal(values.metrics.containerSecurityContext.readOnlyRootFilesystem, true);
    assert.deepEqual(values.nodeSelector, { pool: "data" });
    assert.deepEqual(values.tolerations, [toleration]);
    assert.equal(values.operator.priorityClassName, "platform-data");
    for (const { image } of [values.operator, values.metrics]) {
      assert.equal(image.registry, "mirror.example.com");
      assert.match(image.repository, /^pull\/docker\.io\/altinity\//);
    }
  });

  it("takes the chart from the mirror", async () => {
    const graph = await operator({ mirrors: { charts: "./charts" } });
    assert.match(String(graph.one(RELEASE).inputs.chart), /^\.\/charts\/altinity-clickhouse-operator-.*\.tgz$/);
  });

  it("keeps the password in its envelope, out of the values", async () => {
    const graph = await operator();
    assert.deepEqual(secretPaths(graph.one(SECRET)), ["stringData"]);
    assert.ok(isSecretValue(graph.one(SECRET).inputs.stringData));
    for (const resource of graph.resources) assert.deepEqual(plainPathsWith(resource, "hunter2"), []);
    assert.deepEqual(secretPaths(graph.one(RELEASE)), []);
  });

  it("waits for its Secret and its gates, on explicit providers; the Secret waits for nothing", async () => {
    const graph = await graphOf(() => {
      const options = explicitProviders();
      const gate = (name: string) =>
        ready([new kubernetes.core.v1.Namespace(name, {}, { provider: kubernetesOf(options) })]);
      new ClickHouseOperator(
        "operator",
        { ...MINIMAL, serviceMonitor: true, monitorsReady: gate("monitors"), policiesReady: gate("policies") },
        options,
      );
    });
    const release = graph.one(RELEASE);
    const monitor = graph.one("kubernetes:monitoring.coreos.com/v1:ServiceMonitor");
    const gate = (name: string) => graph.one("kubernetes:core/v1:Namespace", name);
    assert.ok(graph.waitsFor(release, gate("policies")));
    assert.ok(!graph.waitsFor(release, gate("monitors")), "the operator must not wait for the kinds of Prometheus");
    assert.ok(graph.waitsFor(monitor, gate("monitors")) && graph.waitsFor(monitor, release));
    assert.ok(!graph.waitsFor(graph.one(SECRET), gate("policies")));
    assert.ok(graph.waitsFor(release, graph.one(SECRET)));
    for (const resource of [release, graph.one(SECRET)]) assert.match(resource.provider, /::kubernetes::/);
  });

  it("refuses to watch every namespace, and a password that must be escaped, without saying it", async () => {
    assert.equal(
      await failureOf(() => new ClickHouseOperator("operator", { namespace: "", operatorPassword: "hunter/2" })),
      [
        'ClickHouseOperator "operator" cannot be built from these arguments:',
        "  namespace: must be a namespace: with an empty one the operator watches every namespace that it may read (got ). Name the namespace of ClickHouse.",
        "  operatorPassword: must consist of letters and digits, which need no escaping anywhere on its way. Generate one without special characters.",
      ].join("\n"),
    );
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new ClickHouseOperator("one", { ...MINIMAL, namespace: "one" }, options);
        new ClickHouseOperator("two", { ...MINIMAL, namespace: "two" }, options);
      },
      { outputs: "unknown" },
    );
    for (const release of graph.ofType(RELEASE)) assert.deepEqual(unknownPaths(release), []);
    assert.equal(graph.ofType(RELEASE).length, 2);
  });
});

function kubernetesOf(options: ReturnType<typeof explicitProviders>): kubernetes.Provider {
  const providers = options.providers as unknown[];
  return providers.find((each) => each instanceof kubernetes.Provider) as kubernetes.Provider;
}
