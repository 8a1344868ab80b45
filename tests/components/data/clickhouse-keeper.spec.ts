import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { ClickHouseKeeper, type ClickHouseKeeperArgs } from "../../../components/data/clickhouse-keeper";
import { keeperSpec } from "../../../components/data/clickhouse-keeper-spec";
import { ready } from "../../../components/internal/gates";
import { failureOf, graphOf, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const KEEPER = "kubernetes:clickhouse-keeper.altinity.com/v1:ClickHouseKeeperInstallation";
const MINIMAL: ClickHouseKeeperArgs = {
  namespace: "stores",
  installation: "events",
  replicas: 3,
  storage: { size: "20Gi", storageClass: "fast-ssd" },
  durable: true,
  operatorReady: "ready",
};
const keeper = (args: Partial<ClickHouseKeeperArgs> = {}) =>
  graphOf(() => new ClickHouseKeeper("keeper", { ...MINIMAL, ...args }, explicitProviders()));
const pod = (args: Partial<ClickHouseKeeperArgs> = {}) => {
  const [template] = keeperSpec({ ...MINIMAL, ...args }).templates.podTemplates;
  const [container] = template?.spec.containers ?? [];
  assert.ok(template && container);
  return { template, spec: template.spec, container };
};

describe("ClickHouseKeeper", () => {
  it("makes one installation and names the hosts of its quorum", async () => {
    const graph = await keeper();
    const { inputs } = graph.one(KEEPER);
    assert.equal((inputs.metadata as { name: string }).name, "events");
    assert.deepEqual(graph.component("ClickHouseKeeper").outputs, {
      nodes: ["chk-events-keeper-0-0.stores", "chk-events-keeper-0-1.stores", "chk-events-keeper-0-2.stores"],
      ready: "ready",
    });
  });

  it("waits until the operator has completed it", async () => {
    const { annotations } = (await keeper()).one(KEEPER).inputs.metadata as { annotations: Record<string, string> };
    assert.equal(annotations["pulumi.com/waitFor"], "jsonpath={.status.status}=Completed");
    assert.equal(annotations["pulumi.com/timeoutSeconds"], "1200");
  });

  it("runs restricted pods, one a node and spread over zones", () => {
    const { spec, container } = pod();
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.equal(spec.securityContext.runAsUser, 101);
    assert.deepEqual(spec.securityContext.seccompProfile, { type: "RuntimeDefault" });
    assert.equal(spec.automountServiceAccountToken, false);
    assert.equal(container.securityContext.allowPrivilegeEscalation, false);
    assert.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] });
    assert.deepEqual(
      spec.topologySpreadConstraints.map(({ topologyKey, whenUnsatisfiable }) => [topologyKey, whenUnsatisfiable]),
      [
        ["topology.kubernetes.io/zone", "DoNotSchedule"],
        ["kubernetes.io/hostname", "DoNotSchedule"],
      ],
    );
    assert.equal(
      spec.topologySpreadConstraints[0]?.labelSelector.matchLabels["clickhouse-keeper.altinity.com/chk"],
      "events",
    );
    assert.equal(container.name, "clickhouse-keeper");
  });

  it("leaves the disruption budget to the operator, and keeps the word that its liveness probe sends", () => {
    const { configuration } = keeperSpec(MINIMAL);
    assert.deepEqual(configuration.clusters, [
      { name: "keeper", pdbManaged: "yes", pdbMaxUnavailable: 1, layout: { replicasCount: 3 } },
    ]);
    assert.match(configuration.settings["keeper_server/four_letter_word_white_list"], /^ruok,/);
    assert.equal(configuration.settings["prometheus/port"], "7000");
  });

  it("takes everything that can be set", () => {
    const resources = { requests: { cpu: "1", memory: "2Gi" }, limits: { cpu: "2", memory: "2Gi" } };
    const toleration = { key: "workload-type", operator: "Equal", value: "data", effect: "NoSchedule" };
    const { spec, container } = pod({
      resources,
      imageTag: "26.4.1.2",
      readOnlyRootFilesystem: true,
      placement: { nodeSelector: { pool: "data" }, tolerations: [toleration] },
      priorityClassName: "platform-data",
      mirrors: { images: "mirror.example.com/pull" },
    });
    assert.deepEqual(container.resources, resources);
    assert.equal(container.image, "mirror.example.com/pull/docker.io/clickhouse/clickhouse-keeper:26.4.1.2");
    assert.equal(container.securityContext.readOnlyRootFilesystem, true);
    assert.deepEqual(
      container.volumeMounts?.map(({ mountPath }) => mountPath),
      ["/tmp", "/var/log/clickhouse-keeper"],
    );
    assert.deepEqual(
      spec.volumes?.map(({ name }) => name),
      ["tmp", "logs"],
    );
    assert.deepEqual(spec.nodeSelector, { pool: "data" });
    assert.deepEqual(spec.tolerations, [toleration]);
    assert.equal(spec.priorityClassName, "platform-data");
    assert.deepEqual(keeperSpec(MINIMAL).templates.volumeClaimTemplates, [
      {
        name: "keeper-data",
        reclaimPolicy: "Retain",
        spec: {
          storageClassName: "fast-ssd",
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "20Gi" } },
        },
      },
    ]);
  });

  for (const [durable, reclaimPolicy] of [
    [true, "Retain"],
    [false, "Delete"],
  ] as const) {
    it(`${durable ? "keeps" : "gives up"} its volumes and protection when durable is ${durable}`, async () => {
      const installation = (await keeper({ durable })).one(KEEPER);
      assert.equal(installation.options.protect, durable);
      const spec = keeperSpec({ ...MINIMAL, durable });
      assert.equal(spec.defaults.storageManagement.reclaimPolicy, reclaimPolicy);
      assert.equal(spec.templates.volumeClaimTemplates[0]?.reclaimPolicy, reclaimPolicy);
    });
  }

  it("refuses what cannot work, all at once", async () => {
    const message = await failureOf(
      () =>
        new ClickHouseKeeper("keeper", {
          ...MINIMAL,
          installation: "a-very-long-name-indeed",
          replicas: 2,
          imageTag: "latest-distroless",
          resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "2Gi" } },
        }),
    );
    assert.equal(
      message,
      [
        'ClickHouseKeeper "keeper" cannot be built from these arguments:',
        "  installation: must be a DNS label that starts with a letter, of at most 15 characters (got a-very-long-name-indeed). Shorten it to letters, digits and dashes.",
        "  imageTag: must be a full version of four numbers, so that two pulls give the same server (got latest-distroless). Write it out, e.g. 25.12.10.7.",
        "  imageTag: must not be a distroless image, whose liveness probe has no shell (got latest-distroless). Take the tag without -distroless.",
        "  replicas: must be 1, 3 or 5, so that a majority exists (got 2). Use 3.",
        '  resources: memory request and limit must be given and equal, since the server plans with its limit (got {"request":"1Gi","limit":"2Gi"}). Set requests.memory to the limit.',
      ].join("\n"),
    );
  });

  it("waits for the operator and the policies, on explicit providers; who reads its nodes waits for it", async () => {
    const graph = await graphOf(() => {
      const gate = (name: string) => ready([new random.RandomId(name, { byteLength: 2 })]);
      const made = new ClickHouseKeeper(
        "keeper",
        { ...MINIMAL, operatorReady: gate("operator"), policiesReady: gate("policies") },
        explicitProviders(),
      );
      new random.RandomId("reader", { byteLength: 2, keepers: { nodes: made.nodes.apply((nodes) => nodes.join()) } });
    });
    const installation = graph.one(KEEPER);
    const id = (name: string) => graph.one("random:index/randomId:RandomId", name);
    assert.ok(graph.waitsFor(installation, id("operator")));
    assert.ok(graph.waitsFor(installation, id("policies")));
    assert.ok(graph.waitsFor(id("reader"), installation));
    assert.match(installation.provider, /::kubernetes::/);
  });

  it("is scraped when asked, and does not wait for the kinds of Prometheus itself", async () => {
    const without = await keeper();
    assert.deepEqual(without.ofType("kubernetes:monitoring.coreos.com/v1:PodMonitor"), []);
    const graph = await graphOf(() => {
      const gate = ready([new random.RandomId("monitors", { byteLength: 2 })]);
      const Class = ClickHouseKeeper;
      new Class("keeper", { ...MINIMAL, podMonitor: true, monitorsReady: gate }, explicitProviders());
    });
    const monitor = graph.one("kubernetes:monitoring.coreos.com/v1:PodMonitor");
    assert.deepEqual(monitor.inputs.metadata, { name: "keeper-events", namespace: "stores" });
    assert.deepEqual(monitor.inputs.spec, {
      selector: { matchLabels: { "clickhouse-keeper.altinity.com/chk": "events" } },
      podMetricsEndpoints: [{ port: "metrics" }],
    });
    const gate = graph.one("random:index/randomId:RandomId");
    assert.ok(graph.waitsFor(monitor, gate));
    assert.ok(!graph.waitsFor(graph.one(KEEPER), gate));
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new ClickHouseKeeper("one", MINIMAL, options);
        new ClickHouseKeeper("two", { ...MINIMAL, installation: "other" }, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(KEEPER).length, 2);
    for (const installation of graph.ofType(KEEPER)) assert.deepEqual(unknownPaths(installation), []);
    assert.deepEqual(graph.component("ClickHouseKeeper", "one").outputs?.nodes, [
      "chk-events-keeper-0-0.stores",
      "chk-events-keeper-0-1.stores",
      "chk-events-keeper-0-2.stores",
    ]);
  });
});
