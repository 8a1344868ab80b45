import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { ready } from "../../../components/internal/gates";
import { Monitoring, type MonitoringArgs } from "../../../components/operations/monitoring";
import { monitoringValues, retentionSize } from "../../../components/operations/monitoring-values";
import { standInHex } from "../../../preview/stand-in-outputs";
import { failureOf, graphOf, plainPathsWith, revealed, secretPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const SECRET = "kubernetes:core/v1:Secret";
const PASSWORD = "random:index/randomPassword:RandomPassword";
const MINIMAL: MonitoringArgs = {
  namespace: "monitoring",
  prometheus: { retentionDays: 15, size: "50Gi", storageClass: "gp3" },
  crdsReady: "ready",
};
const monitoring = (args: Partial<MonitoringArgs> = {}) =>
  graphOf(() => new Monitoring("mon", { ...MINIMAL, ...args }, explicitProviders()));
const ignored = (values: ReturnType<typeof monitoringValues>) =>
  [values.kubeEtcd, values.kubeScheduler, values.kubeControllerManager, values.kubeProxy].map(({ enabled }) => enabled);

describe("Monitoring", () => {
  it("makes a pinned release without definitions, and the Secret of Grafana's administrator", async () => {
    const graph = await monitoring();
    const { inputs } = graph.one(RELEASE);
    assert.equal(inputs.name, "kube-prometheus-stack");
    assert.equal(inputs.namespace, "monitoring");
    assert.match(String(inputs.version), /^\d+\.\d+\.\d+$/);
    assert.equal(inputs.skipCrds, true);
    assert.deepEqual(graph.one(SECRET).inputs.metadata, { name: "grafana-admin", namespace: "monitoring" });
    assert.deepEqual(graph.component("Monitoring").outputs, {
      prometheusUrl: "http://kube-prometheus-stack-prometheus.monitoring.svc.cluster.local:9090",
      grafanaSecretName: "grafana-admin",
      ready: "ready",
    });
  });

  it("L44: does not watch for what EKS hides, and hears every monitor of the cluster", () => {
    const values = monitoringValues(MINIMAL);
    assert.deepEqual(ignored(values), [false, false, false, false]);
    assert.equal(values.crds.enabled, false);
    assert.equal(values.alertmanager.enabled, true);
    const spec = values.prometheus.prometheusSpec;
    for (const kind of ["serviceMonitor", "podMonitor", "rule", "probe", "scrapeConfig"] as const) {
      assert.equal(spec[`${kind}SelectorNilUsesHelmValues`], false, kind);
    }
  });

  it("keeps samples for days and within the volume", () => {
    const spec = monitoringValues(MINIMAL).prometheus.prometheusSpec;
    assert.equal(spec.retention, "15d");
    assert.equal(spec.retentionSize, "42GiB");
    assert.deepEqual(spec.storageSpec.volumeClaimTemplate.spec, {
      storageClassName: "gp3",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "50Gi" } },
    });
    assert.equal(retentionSize("1Ti"), "870GiB");
    assert.equal(retentionSize("1Gi"), undefined);
    assert.equal(retentionSize("50GB"), undefined);
  });

  it("has no default administrator, keeps nothing in Grafana, and pulls no image for tests or as root", () => {
    const { grafana } = monitoringValues(MINIMAL);
    assert.deepEqual(grafana.admin, {
      existingSecret: "grafana-admin",
      userKey: "admin-user",
      passwordKey: "admin-password",
    });
    assert.equal(grafana.persistence.enabled, false);
    assert.equal(grafana.testFramework.enabled, false);
    assert.equal(grafana.initChownData.enabled, false);
    assert.equal(grafana.securityContext.runAsNonRoot, true);
  });

  it("runs the node exporter on every node, and can leave it out", () => {
    const values = monitoringValues(MINIMAL);
    assert.equal(values.nodeExporter.enabled, true);
    assert.deepEqual(values["prometheus-node-exporter"].tolerations, [{ operator: "Exists" }]);
    assert.equal(monitoringValues({ ...MINIMAL, nodeExporter: false }).nodeExporter.enabled, false);
  });

  it("lets cert-manager sign the webhook's certificate when it is there", () => {
    const webhooks = (settings: Partial<MonitoringArgs>) =>
      monitoringValues({ ...MINIMAL, ...settings }).prometheusOperator.admissionWebhooks;
    assert.equal(webhooks({ certManagerReady: "ready" }).certManager.enabled, true);
    assert.equal(webhooks({}).certManager.enabled, false);
    assert.equal(webhooks({}).patch.enabled, true);
  });

  it("takes its sizes, its place and its mirror everywhere", () => {
    const size = (cpu: string) => ({ requests: { cpu, memory: "1Gi" }, limits: { cpu, memory: "1Gi" } });
    const toleration = { key: "pool", operator: "Exists" };
    const values = monitoringValues({
      ...MINIMAL,
      prometheusResources: size("1"),
      grafanaResources: size("2"),
      alertmanagerResources: size("3"),
      alertmanagerSize: "4Gi",
      secretsRevision: "9",
      placement: { nodeSelector: { pool: "system" }, tolerations: [toleration] },
      priorityClassName: "platform-serving",
      mirrors: { images: "mirror.example.com/pull" },
    });
    const { prometheusSpec } = values.prometheus;
    const { alertmanagerSpec } = values.alertmanager;
    assert.deepEqual(prometheusSpec.resources, size("1"));
    assert.deepEqual(values.grafana.resources, size("2"));
    assert.deepEqual(alertmanagerSpec.resources, size("3"));
    assert.equal(alertmanagerSpec.storage.volumeClaimTemplate.spec.resources.requests.storage, "4Gi");
    assert.equal(values.grafana.podAnnotations["llm-platform/secrets-revision"], "9");
    const { prometheusOperator, grafana } = values;
    const { patch } = prometheusOperator.admissionWebhooks;
    for (const part of [
      prometheusSpec,
      alertmanagerSpec,
      prometheusOperator,
      patch,
      grafana,
      values["kube-state-metrics"],
    ]) {
      assert.deepEqual(part.nodeSelector, { pool: "system" });
      assert.deepEqual(part.tolerations, [toleration]);
      assert.equal(part.priorityClassName, "platform-serving");
      assert.equal(part.image.registry, "mirror.example.com");
    }
    for (const image of [
      prometheusOperator.prometheusConfigReloader.image,
      prometheusOperator.thanosImage,
      grafana.sidecar.image,
      values["prometheus-node-exporter"].image,
    ]) {
      assert.match(image.repository, /^pull\/[a-z0-9.]+\//);
    }
  });

  it("sends what owns a volume elsewhere when told to, and nothing else", () => {
    const storagePlacement = { nodeSelector: { pool: "data" }, tolerations: [{ key: "data", operator: "Exists" }] };
    const values = monitoringValues({
      ...MINIMAL,
      placement: { nodeSelector: { pool: "system" } },
      storagePlacement,
      priorityClassName: "platform-serving",
    });
    for (const part of [values.prometheus.prometheusSpec, values.alertmanager.alertmanagerSpec]) {
      assert.deepEqual(part.nodeSelector, storagePlacement.nodeSelector);
      assert.deepEqual(part.tolerations, storagePlacement.tolerations);
      assert.equal(part.priorityClassName, "platform-serving");
    }
    for (const part of [values.prometheusOperator, values.grafana, values["kube-state-metrics"]]) {
      assert.deepEqual([part.nodeSelector, part.tolerations], [{ pool: "system" }, []]);
    }
  });

  it("keeps the administrator's password in its envelope and makes a new one for a new revision", async () => {
    const graph = await monitoring({ secretsRevision: "2" });
    const password = standInHex("mon-grafana-password", 32);
    assert.deepEqual(secretPaths(graph.one(SECRET)), ["stringData"]);
    assert.deepEqual(revealed(graph.one(SECRET).inputs.stringData), {
      "admin-user": "admin",
      "admin-password": password,
    });
    for (const resource of graph.resources) assert.deepEqual(plainPathsWith(resource, password), []);
    assert.deepEqual(secretPaths(graph.one(RELEASE)), []);
    assert.deepEqual(graph.one(PASSWORD).inputs.keepers, { revision: "2" });
    assert.equal(graph.one(PASSWORD).inputs.special, false);
  });

  it("refuses what cannot work, all at once", async () => {
    const message = await failureOf(
      () => new Monitoring("mon", { ...MINIMAL, prometheus: { retentionDays: 0, size: "500M", storageClass: "gp3" } }),
    );
    assert.equal(
      message,
      [
        'Monitoring "mon" cannot be built from these arguments:',
        "  prometheus.retentionDays: must be a whole number of at least 1 (got 0). Use 15.",
        "  prometheus.size: must be a whole number of gibibytes or tebibytes, at least 2Gi (got 500M). Write it as 50Gi.",
      ].join("\n"),
    );
  });

  it("waits for its gates and its Secret, on explicit providers; the Secret waits for its password alone", async () => {
    const gates = ["crds", "certificates", "storage", "policies"];
    const graph = await graphOf(() => {
      const gate = (name: string) => ready([new random.RandomId(name, { byteLength: 2 })]);
      new Monitoring(
        "mon",
        {
          ...MINIMAL,
          crdsReady: gate("crds"),
          certManagerReady: gate("certificates"),
          storageReady: gate("storage"),
          policiesReady: gate("policies"),
        },
        explicitProviders(),
      );
    });
    const release = graph.one(RELEASE);
    const secret = graph.one(SECRET);
    for (const name of gates) {
      const gate = graph.one("random:index/randomId:RandomId", name);
      assert.ok(graph.waitsFor(release, gate), name);
      assert.ok(!graph.waitsFor(secret, gate), name);
    }
    assert.ok(graph.waitsFor(release, secret));
    for (const resource of [release, secret]) assert.match(resource.provider, /::kubernetes::/);
  });

  it("names no class of volumes unless told, so that the cluster's default one counts", () => {
    const classes = (storageClass?: string) => {
      const { prometheus, alertmanager } = monitoringValues({
        ...MINIMAL,
        prometheus: { ...MINIMAL.prometheus, storageClass },
      });
      const claims = [prometheus.prometheusSpec.storageSpec, alertmanager.alertmanagerSpec.storage];
      return claims.map(({ volumeClaimTemplate: { spec } }) =>
        "storageClassName" in spec ? spec.storageClassName : "default",
      );
    };
    assert.deepEqual(classes(), ["default", "default"]);
    assert.deepEqual(classes("fast-ssd"), ["fast-ssd", "fast-ssd"]);
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new Monitoring("one", { ...MINIMAL, namespace: "one" }, options);
        new Monitoring("two", { ...MINIMAL, namespace: "two" }, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(RELEASE).length, 2);
    assert.equal(
      graph.component("Monitoring", "two").outputs?.prometheusUrl,
      "http://kube-prometheus-stack-prometheus.two.svc.cluster.local:9090",
    );
  });
});
