import assert from "node:assert/strict";
import type * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { ClickHouse, type ClickHouseArgs, ClickHouseProfile } from "../../../components/data/clickhouse";
import { ready } from "../../../components/internal/gates";
import { type Graph, graphOf, revealed, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const CLICKHOUSE = "kubernetes:clickhouse.altinity.com/v1:ClickHouseInstallation";
const CERTIFICATE = "kubernetes:cert-manager.io/v1:Certificate";
const key = (secretKey: string) => ({ secretName: "passwords", secretKey });
const MINIMAL: ClickHouseArgs = {
  namespace: "stores",
  installation: "events",
  shards: 1,
  replicas: 3,
  zones: 3,
  keeperNodes: ["keeper-0.stores", "keeper-1.stores", "keeper-2.stores"],
  defaultPassword: key("default"),
  interserverSecret: key("interserver"),
  resources: { requests: { cpu: "2", memory: "32Gi" }, limits: { cpu: "8", memory: "32Gi" } },
  storage: { size: "500Gi", storageClass: "fast-ssd" },
  durable: true,
  operatorReady: "ready",
};
const build = (args: Partial<ClickHouseArgs> = {}) =>
  graphOf(() => new ClickHouse("ch", { ...MINIMAL, ...args }, explicitProviders()));

/** The parts of a recorded specification that the tests look at. */
interface Spec {
  readonly taskID: string;
  readonly reconcile: { readonly cleanup: { readonly unknownObjects: object } };
  readonly defaults: { readonly storageManagement: { readonly reclaimPolicy: string }; readonly templates: object };
  readonly configuration: {
    readonly zookeeper: { readonly nodes: object[] };
    readonly users: Record<string, unknown>;
    readonly profiles: Record<string, string>;
    readonly settings: Record<string, string>;
    readonly files: Record<string, string>;
    readonly clusters: object[];
  };
  readonly templates: {
    readonly serviceTemplates: {
      readonly generateName: string;
      readonly spec: { readonly ports: { readonly port: number }[] };
    }[];
    readonly volumeClaimTemplates: { readonly reclaimPolicy: string; readonly spec: object }[];
    readonly podTemplates: {
      readonly podDistribution: { readonly type: string; readonly topologyKey: string }[];
      readonly metadata: { readonly annotations: Record<string, string> };
      readonly spec: kubernetes.types.input.core.v1.PodSpec & {
        readonly containers: kubernetes.types.input.core.v1.Container[];
        readonly volumes?: { readonly name: string }[];
        readonly topologySpreadConstraints?: { readonly whenUnsatisfiable: string }[];
      };
    }[];
  };
}

function specOf(graph: Graph, name?: string): Spec {
  return revealed(graph.one(CLICKHOUSE, name).inputs.spec) as Spec;
}

function podOf(spec: Spec) {
  const [template] = spec.templates.podTemplates;
  const [container] = template?.spec.containers ?? [];
  assert.ok(template && container);
  return { template, pod: template.spec, container };
}

function annotationsOf(graph: Graph): Record<string, string> {
  return (graph.one(CLICKHOUSE).inputs.metadata as { annotations: Record<string, string> }).annotations;
}

describe("ClickHouse", () => {
  it("makes one installation with the cluster that ON CLUSTER default names", async () => {
    const graph = await build();
    assert.deepEqual(specOf(graph).configuration.clusters, [
      {
        name: "default",
        secret: { valueFrom: { secretKeyRef: { name: "passwords", key: "interserver" } } },
        pdbManaged: "yes",
        pdbMaxUnavailable: 1,
        layout: { shardsCount: 1, replicasCount: 3 },
      },
    ]);
    assert.deepEqual(graph.component("ClickHouse").outputs, {
      host: "clickhouse-events.stores.svc.cluster.local",
      allShardsHost: "clickhouse-events.stores.svc.cluster.local",
      shardHosts: ["shard-events-default-0.stores.svc.cluster.local"],
      httpPort: 8123,
      nativePort: 9000,
      clusterName: "default",
      ready: "ready",
    });
    assert.equal(graph.ofType(CERTIFICATE).length, 0);
  });

  it("pins clients that know nothing of shards to shard 0 when there are more", async () => {
    const outputs = (await build({ shards: 2, replicas: 2, clusterName: "main" })).component("ClickHouse").outputs;
    assert.equal(outputs?.host, "shard-events-main-0.stores.svc.cluster.local");
    assert.equal(outputs?.allShardsHost, "clickhouse-events.stores.svc.cluster.local");
    assert.deepEqual(outputs?.shardHosts, [
      "shard-events-main-0.stores.svc.cluster.local",
      "shard-events-main-1.stores.svc.cluster.local",
    ]);
    assert.equal(outputs?.clusterName, "main");
  });

  it("makes the Services behind those names", async () => {
    const { templates, defaults } = specOf(await build());
    assert.deepEqual(
      templates.serviceTemplates.map(({ generateName, spec }) => [generateName, ...spec.ports.map(({ port }) => port)]),
      [
        ["clickhouse-{chi}", 8123, 9000],
        ["shard-{chi}-{cluster}-{shard}", 8123, 9000],
      ],
    );
    assert.deepEqual(defaults.templates, {
      podTemplate: "server",
      dataVolumeClaimTemplate: "data",
      serviceTemplate: "entry",
      shardServiceTemplate: "shard",
    });
  });

  it("waits for the completion of this very specification", async () => {
    const graph = await build();
    const { taskID } = specOf(graph);
    assert.match(taskID, /^spec-[0-9a-f]{16}$/);
    assert.deepEqual(JSON.parse(annotationsOf(graph)["pulumi.com/waitFor"] ?? ""), [
      "jsonpath={.status.status}=Completed",
      `jsonpath={.status.taskID}=${taskID}`,
    ]);
  });

  it("has the same task for the same specification and another for any change", async () => {
    const task = async (args: Partial<ClickHouseArgs> = {}) => specOf(await build(args)).taskID;
    const first = await task();
    assert.equal(await task(), first);
    for (const change of [{ replicas: 2 }, { secretsRevision: "2" }, { imageTag: "26.4.1.2" }]) {
      assert.notEqual(await task(change), first, JSON.stringify(change));
    }
  });

  it("runs restricted pods that say when they have started", async () => {
    const { pod, container } = podOf(specOf(await build()));
    const context = pod.securityContext as Record<string, unknown>;
    assert.equal(context.runAsNonRoot, true);
    assert.equal(context.runAsUser, 101);
    assert.deepEqual(context.seccompProfile, { type: "RuntimeDefault" });
    assert.equal(pod.automountServiceAccountToken, false);
    assert.equal(pod.enableServiceLinks, false);
    assert.deepEqual(container.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: false,
      capabilities: { drop: ["ALL"] },
      seccompProfile: { type: "RuntimeDefault" },
      runAsNonRoot: true,
    });
    assert.deepEqual(container.startupProbe, {
      httpGet: { path: "/ping", port: "http" },
      timeoutSeconds: 5,
      periodSeconds: 10,
      failureThreshold: 120,
    });
    assert.ok(container.livenessProbe && container.readinessProbe);
    assert.deepEqual(container.resources, MINIMAL.resources);
  });

  for (const [replicas, zones, types, soft] of [
    [3, 3, ["ClickHouseAntiAffinity", "ShardAntiAffinity"], 0],
    [2, 3, ["ClickHouseAntiAffinity", "ShardAntiAffinity"], 0],
    [4, 3, ["ClickHouseAntiAffinity"], 1],
  ] as const) {
    it(`spreads ${replicas} replicas over ${zones} zones ${soft === 0 ? "strictly" : "as evenly as it can"}`, async () => {
      const { template, pod } = podOf(specOf(await build({ replicas, zones })));
      assert.deepEqual(
        template.podDistribution.map(({ type }) => type),
        types,
      );
      const constraints = (pod.topologySpreadConstraints ?? []) as { whenUnsatisfiable: string }[];
      assert.deepEqual(
        constraints.map(({ whenUnsatisfiable }) => whenUnsatisfiable),
        Array.from({ length: soft }, () => "ScheduleAnyway"),
      );
    });
  }

  it("runs in UTC, offers metrics, and trims its own tables without touching the operator's engines", async () => {
    const { settings, files } = specOf(await build()).configuration;
    assert.equal(settings.timezone, "UTC");
    assert.equal(settings["prometheus/port"], "9363");
    assert.equal(settings.https_port, undefined);
    const [[path, xml] = []] = Object.entries(files);
    assert.equal(path, "config.d/20-system-logs.xml");
    for (const table of ["metric_log", "asynchronous_metric_log", "trace_log", "text_log", "latency_log"]) {
      assert.ok(xml?.includes(`<${table} remove="1"/>`), table);
    }
    assert.ok(xml?.includes("<error_log><ttl>event_date + INTERVAL 7 DAY DELETE</ttl></error_log>"));
    for (const table of ["query_log", "part_log"]) assert.ok(!xml?.includes(`<${table}>`), table);
  });

  it("gives users passwords by reference, networks, a spilling profile, and grants where stated", async () => {
    const { users, profiles } = specOf(
      await build({
        users: [
          { name: "app_a", password: key("a"), networks: ["10.20.0.0/16"] },
          {
            name: "reader",
            password: { secretName: "other", secretKey: "b" },
            networks: ["10.0.0.0/8", "100.64.0.0/10"],
            profile: ClickHouseProfile.Default,
            grants: ["GRANT SELECT ON default.*"],
          },
        ],
      }),
    ).configuration;
    assert.deepEqual(users, {
      "default/password": { valueFrom: { secretKeyRef: { name: "passwords", key: "default" } } },
      "app_a/password": { valueFrom: { secretKeyRef: { name: "passwords", key: "a" } } },
      "app_a/networks/ip": ["10.20.0.0/16"],
      "app_a/profile": "application",
      "reader/password": { valueFrom: { secretKeyRef: { name: "other", key: "b" } } },
      "reader/networks/ip": ["10.0.0.0/8", "100.64.0.0/10"],
      "reader/profile": "default",
      "reader/grants/query": ["GRANT SELECT ON default.*"],
    });
    // Half of 32 GiB.
    assert.equal(profiles["application/max_bytes_before_external_group_by"], "17179869184");
    assert.equal(profiles["application/max_bytes_before_external_sort"], "17179869184");
  });

  it("rolls the pods on a new revision of its secrets by their template, not by a standing order to restart", async () => {
    const before = specOf(await build());
    const after = specOf(await build({ secretsRevision: "2" }));
    assert.equal(podOf(before).template.metadata.annotations["llm-platform/secrets-revision"], "1");
    assert.equal(podOf(after).template.metadata.annotations["llm-platform/secrets-revision"], "2");
    for (const spec of [before, after]) assert.ok(!("restart" in spec));
  });

  it("offers TLS beside the plain ports, with a certificate for its Services and hosts", async () => {
    const graph = await build({ shards: 2, replicas: 2, tls: { issuerName: "private", issuerReady: "ready" } });
    const certificate = graph.one(CERTIFICATE).inputs.spec as Record<string, unknown>;
    assert.equal(certificate.secretName, "clickhouse-events-tls");
    assert.deepEqual(certificate.issuerRef, { group: "cert-manager.io", kind: "ClusterIssuer", name: "private" });
    const names = certificate.dnsNames as string[];
    for (const name of [
      "clickhouse-events.stores.svc.cluster.local",
      "shard-events-default-1",
      "*.stores.svc.cluster.local",
    ]) {
      assert.ok(names.includes(name), name);
    }
    const spec = specOf(graph);
    assert.equal(spec.configuration.settings.https_port, "8443");
    assert.equal(spec.configuration.settings.tcp_port_secure, "9440");
    assert.equal(spec.configuration.settings["openSSL/server/certificateFile"], "/etc/clickhouse-server/tls/tls.crt");
    for (const service of spec.templates.serviceTemplates) {
      assert.deepEqual(
        service.spec.ports.map(({ port }) => port),
        [8123, 9000, 8443, 9440],
      );
    }
    const { pod, container } = podOf(spec);
    assert.deepEqual(pod.volumes, [
      { name: "tls", secret: { secretName: "clickhouse-events-tls", defaultMode: 0o440 } },
    ]);
    assert.deepEqual(container.volumeMounts, [
      { name: "tls", mountPath: "/etc/clickhouse-server/tls", readOnly: true },
    ]);
    assert.equal(graph.component("ClickHouse").outputs?.httpPort, 8443);
    assert.equal(graph.component("ClickHouse").outputs?.nativePort, 9440);
    assert.ok(graph.waitsFor(graph.one(CLICKHOUSE), graph.one(CERTIFICATE)));
  });

  it("takes an Issuer of its namespace as well", async () => {
    const graph = await build({ tls: { issuerName: "private", issuerKind: "Issuer", issuerReady: "ready" } });
    assert.equal((graph.one(CERTIFICATE).inputs.spec as { issuerRef: { kind: string } }).issuerRef.kind, "Issuer");
  });

  it("takes everything else that can be set", async () => {
    const toleration = { key: "workload-type", operator: "Equal", value: "data", effect: "NoSchedule" };
    const spec = specOf(
      await build({
        imageTag: "26.4.1.2",
        serviceAccountName: "backups",
        readOnlyRootFilesystem: true,
        placement: { nodeSelector: { pool: "data" }, tolerations: [toleration] },
        priorityClassName: "platform-data",
        mirrors: { images: "mirror.example.com/pull" },
        nodeAllocatableMemoryMiB: 60000,
      }),
    );
    const { pod, container } = podOf(spec);
    assert.equal(container.image, "mirror.example.com/pull/docker.io/clickhouse/clickhouse-server:26.4.1.2");
    assert.equal(pod.serviceAccountName, "backups");
    assert.deepEqual(pod.nodeSelector, { pool: "data" });
    assert.deepEqual(pod.tolerations, [toleration]);
    assert.equal(pod.priorityClassName, "platform-data");
    assert.equal((container.securityContext as { readOnlyRootFilesystem: boolean }).readOnlyRootFilesystem, true);
    assert.deepEqual(
      pod.volumes?.map(({ name }) => name),
      ["tmp", "logs"],
    );
    assert.deepEqual(spec.configuration.zookeeper.nodes, [
      { host: "keeper-0.stores", port: 2181 },
      { host: "keeper-1.stores", port: 2181 },
      { host: "keeper-2.stores", port: 2181 },
    ]);
    assert.deepEqual(spec.templates.volumeClaimTemplates[0]?.spec, {
      storageClassName: "fast-ssd",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "500Gi" } },
    });
  });

  for (const [durable, policy] of [
    [true, "Retain"],
    [false, "Delete"],
  ] as const) {
    it(`${durable ? "keeps" : "gives up"} its volumes and protection when durable is ${durable}`, async () => {
      const graph = await build({ durable });
      const spec = specOf(graph);
      assert.equal(graph.one(CLICKHOUSE).options.protect, durable);
      assert.equal(spec.defaults.storageManagement.reclaimPolicy, policy);
      assert.equal(spec.templates.volumeClaimTemplates[0]?.reclaimPolicy, policy);
      assert.deepEqual(spec.reconcile.cleanup.unknownObjects, { pvc: policy });
    });
  }

  it("waits for Keeper, its Secrets, the operator and the policies, on explicit providers", async () => {
    const graph = await graphOf(() => {
      const value = (name: string) => new random.RandomId(name, { byteLength: 2 });
      const made = new ClickHouse(
        "ch",
        {
          ...MINIMAL,
          keeperNodes: value("keeper").hex.apply((hex) => [`${hex}.stores`]),
          defaultPassword: { secretName: value("secret").hex, secretKey: "default" },
          operatorReady: ready([value("operator")]),
          policiesReady: ready([value("policies")]),
        },
        explicitProviders(),
      );
      new random.RandomId("reader", { byteLength: 2, keepers: { host: made.host } });
    });
    const installation = graph.one(CLICKHOUSE);
    const id = (name: string) => graph.one("random:index/randomId:RandomId", name);
    for (const name of ["keeper", "secret", "operator", "policies"])
      assert.ok(graph.waitsFor(installation, id(name)), name);
    assert.ok(graph.waitsFor(id("reader"), installation));
    assert.match(installation.provider, /::kubernetes::/);
  });

  it("is scraped when asked, and does not wait for the kinds of Prometheus itself", async () => {
    const without = await build();
    assert.deepEqual(without.ofType("kubernetes:monitoring.coreos.com/v1:PodMonitor"), []);
    const graph = await graphOf(() => {
      const gate = ready([new random.RandomId("monitors", { byteLength: 2 })]);
      const Class = ClickHouse;
      new Class("ch", { ...MINIMAL, podMonitor: true, monitorsReady: gate }, explicitProviders());
    });
    const monitor = graph.one("kubernetes:monitoring.coreos.com/v1:PodMonitor");
    assert.deepEqual(monitor.inputs.metadata, { name: "clickhouse-events", namespace: "stores" });
    assert.deepEqual(monitor.inputs.spec, {
      selector: { matchLabels: { "clickhouse.altinity.com/chi": "events" } },
      podMetricsEndpoints: [{ port: "metrics" }],
    });
    const gate = graph.one("random:index/randomId:RandomId");
    assert.ok(graph.waitsFor(monitor, gate));
    assert.ok(!graph.waitsFor(graph.one(CLICKHOUSE), gate));
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        const tls = { issuerName: "private", issuerReady: "ready" };
        new ClickHouse("one", { ...MINIMAL, tls }, options);
        new ClickHouse("two", { ...MINIMAL, installation: "other", tls, keeperNodes: unknownNodes() }, options);
      },
      { outputs: "unknown" },
    );
    assert.deepEqual(unknownPaths(graph.one(CLICKHOUSE, "one-installation")), []);
    assert.deepEqual(unknownPaths(graph.one(CLICKHOUSE, "two-installation")), [
      "metadata.annotations.pulumi.com/waitFor",
      "spec",
    ]);
    assert.equal(graph.component("ClickHouse", "two").outputs?.host, "clickhouse-other.stores.svc.cluster.local");
  });
});

function unknownNodes(): pulumi.Output<string[]> {
  const id = new random.RandomId("unknown", { byteLength: 2 });
  return id.hex.apply((hex) => [hex]);
}
