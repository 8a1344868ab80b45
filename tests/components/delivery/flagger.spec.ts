import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { Flagger, type FlaggerArgs } from "../../../components/delivery/flagger";
import { FlaggerProvider, flaggerValues, loadTesterValues } from "../../../components/delivery/flagger-values";
import { ready } from "../../../components/internal/gates";
import { failureOf, graphOf, secretPaths, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { PROMETHEUS } from "./delivery-fixtures";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const BASE: FlaggerArgs = { namespace: "flagger", canaryNamespace: "models", prometheusUrl: PROMETHEUS };
const flagger = (args: Partial<FlaggerArgs> = {}) =>
  graphOf(() => new Flagger("flagger", { ...BASE, ...args }, explicitProviders()));

describe("Flagger", () => {
  it("makes two pinned releases: the controller, and its load tester beside the models (L58)", async () => {
    const graph = await flagger();
    const releases = graph
      .ofType(RELEASE)
      .map(({ inputs }) => [inputs.name, inputs.namespace, inputs.chart, inputs.version]);
    assert.deepEqual(releases.sort(), [
      ["flagger", "flagger", "flagger", "1.44.0"],
      ["flagger-loadtester", "models", "loadtester", "0.38.0"],
    ]);
    assert.deepEqual(graph.component("Flagger").outputs, {
      loadTesterUrl: "http://flagger-loadtester.models:8080",
      ready: "ready",
    });
    const account = graph.one("kubernetes:core/v1:ServiceAccount");
    assert.equal(account.inputs.automountServiceAccountToken, false);
  });

  it("may write in the models' namespace alone", async () => {
    const graph = await flagger();
    const role = graph.one("kubernetes:rbac.authorization.k8s.io/v1:Role");
    assert.equal((role.inputs.metadata as { namespace: string }).namespace, "models");
    const groups = (role.inputs.rules as { apiGroups: string[] }[]).flatMap(({ apiGroups }) => apiGroups);
    for (const group of ["apps", "keda.sh", "traefik.io", "flagger.app"]) assert.ok(groups.includes(group), group);
    const values = flaggerValues(BASE);
    assert.equal(values.rbac.create, false);
    assert.equal(values.namespace, "models");
    assert.equal(values.noCrossNamespaceRefs, true);
    assert.equal(values.crd.create, false);
    assert.equal(values.meshProvider, "traefik");
    assert.equal(values.metricsServer, PROMETHEUS);
  });

  it("gives the load tester keys by Secret, no token of the cluster, and a port that policies see through", () => {
    const values = loadTesterValues({ ...BASE, apiKeySecrets: { "llama-70b": "llama-70b-api-key" } });
    assert.deepEqual(values.volumes, [
      {
        name: "api-keys",
        projected: {
          defaultMode: 0o440,
          sources: [{ secret: { name: "llama-70b-api-key", items: [{ key: "api-key", path: "llama-70b" }] } }],
        },
      },
    ]);
    assert.deepEqual(values.volumeMounts, [{ name: "api-keys", mountPath: "/etc/model-api-keys", readOnly: true }]);
    assert.equal(values.service.port, 8080);
    assert.equal(values.rbac.create, false);
    assert.equal(values.cmd.namespaceRegexp, "models");
    assert.deepEqual(values.podLabels, { "llm-platform/role": "load-tester" });
    assert.deepEqual(loadTesterValues(BASE).volumes, []);
  });

  it("takes everything that can be set", async () => {
    const settings = {
      ...BASE,
      provider: FlaggerProvider.Kubernetes,
      replicas: 1,
      podMonitor: true,
      placement: { nodeSelector: { pool: "system" }, tolerations: [{ key: "pool", operator: "Exists" }] },
      priorityClassName: "platform-serving",
      mirrors: { images: "mirror.example.com/pull" },
    };
    const values = flaggerValues(settings);
    assert.equal(values.meshProvider, "kubernetes");
    assert.deepEqual(values.leaderElection, { enabled: true, replicaCount: 1 });
    // A budget over a single pod would block every node drain.
    assert.equal(values.podDisruptionBudget.enabled, false);
    assert.equal(values.podMonitor.enabled, true);
    for (const each of [values, loadTesterValues(settings)]) {
      assert.deepEqual(each.nodeSelector, { pool: "system" });
      assert.equal(each.tolerations.length, 1);
      assert.deepEqual({ ...each }.podPriorityClassName, "platform-serving");
      assert.match(each.image.repository, /^mirror\.example\.com\/pull\/ghcr\.io\/fluxcd\//);
    }
    const graph = await flagger({ mirrors: { charts: "./charts" } });
    assert.deepEqual(
      graph
        .ofType(RELEASE)
        .map(({ inputs }) => inputs.chart)
        .sort(),
      ["./charts/flagger-1.44.0.tgz", "./charts/loadtester-0.38.0.tgz"],
    );
  });

  it("refuses what cannot work, all at once", async () => {
    assert.equal(
      await failureOf(() => new Flagger("flagger", { ...BASE, replicas: 0, provider: "alb" as FlaggerProvider })),
      [
        'Flagger "flagger" cannot be built from these arguments:',
        "  replicas: must be a whole number of at least 1 (got 0). Use 2.",
        "  provider: must be one of traefik, kubernetes (got alb). Choose traefik, or kubernetes where no ingress controller has weights.",
      ].join("\n"),
    );
  });

  it("waits for its gates; canaries wait for both releases", async () => {
    const graph = await graphOf(() => {
      const gate = (name: string) => ready([new random.RandomId(name, { byteLength: 2 })]);
      const made = new Flagger(
        "flagger",
        { ...BASE, monitorsReady: gate("monitors"), policiesReady: gate("policies"), secretsReady: gate("secrets") },
        explicitProviders(),
      );
      new random.RandomId("canary", { byteLength: 2, keepers: { ready: made.ready } });
    });
    const id = (name: string) => graph.one("random:index/randomId:RandomId", name);
    const [controller, loadTester] = ["flagger-flagger", "flagger-loadtester"].map((name) => graph.one(RELEASE, name));
    assert.ok(controller && loadTester);
    for (const gate of ["monitors", "policies"]) assert.ok(graph.waitsFor(controller, id(gate)), gate);
    assert.ok(graph.waitsFor(controller, graph.one("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding")));
    assert.ok(graph.waitsFor(loadTester, id("secrets")));
    for (const release of [controller, loadTester]) assert.ok(graph.waitsFor(id("canary"), release), release.name);
  });

  it("keeps nothing secret in values, and plans with nothing known", async () => {
    const graph = await graphOf(() => new Flagger("flagger", BASE, explicitProviders()), { outputs: "unknown" });
    for (const release of graph.ofType(RELEASE)) {
      assert.deepEqual(secretPaths(release), []);
      assert.deepEqual(unknownPaths(release), []);
    }
  });
});
