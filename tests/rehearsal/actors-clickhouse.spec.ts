import { strict as assert } from "node:assert";
import { hostsOf, KEEPERS, SERVERS } from "../../rehearsal/actors/clickhouse-hosts";
import { commonObjects, hostObjects, sharedServices } from "../../rehearsal/actors/clickhouse-objects";
import { statefulSetOf } from "../../rehearsal/actors/clickhouse-pods";
import { operatorSettings } from "../../rehearsal/actors/clickhouse-settings";
import type { KubernetesObject } from "../../rehearsal/api/objects";

const SETTINGS = { namespaces: [], excludedAnnotations: ["pulumi.com/waitFor"], excludedLabels: [] };
const CHI = "clickhouse.altinity.com";

function installation(): KubernetesObject {
  return {
    apiVersion: SERVERS.apiVersion,
    kind: SERVERS.kind,
    metadata: {
      name: "app",
      namespace: "data",
      uid: "1",
      annotations: { "pulumi.com/waitFor": "condition", team: "a" },
    },
    spec: {
      configuration: {
        clusters: [{ name: "default", layout: { shardsCount: 2, replicasCount: 2 }, pdbMaxUnavailable: 1 }],
        users: {
          "app/password": { valueFrom: { secretKeyRef: { name: "keys", key: "app" } } },
          "app/profile": "default",
        },
      },
      defaults: {
        storageManagement: { provisioner: "Operator", reclaimPolicy: "Delete" },
        templates: { podTemplate: "server", dataVolumeClaimTemplate: "data", serviceTemplate: "entry" },
      },
      templates: {
        serviceTemplates: [{ name: "entry", generateName: "clickhouse-{chi}", spec: { ports: [{ port: 8123 }] } }],
        volumeClaimTemplates: [{ name: "data", spec: { storageClassName: "fast" } }],
        podTemplates: [
          {
            name: "server",
            metadata: { annotations: { revision: "1" } },
            podDistribution: [
              { type: "ShardAntiAffinity", scope: "Cluster", topologyKey: "topology.kubernetes.io/zone" },
            ],
            spec: { containers: [{ name: "side" }, { name: "clickhouse", ports: [{ containerPort: 8123 }] }] },
          },
        ],
      },
    },
  };
}

function firstHost() {
  return hostsOf(SERVERS, installation())[0] ?? assert.fail();
}

describe("actors: ClickHouse", () => {
  it("names hosts by installation, cluster, shard and replica", () => {
    assert.deepEqual(
      hostsOf(SERVERS, installation()).map(({ name }) => name),
      ["chi-app-default-0-0", "chi-app-default-0-1", "chi-app-default-1-0", "chi-app-default-1-1"],
    );
    const keeper = { ...installation(), spec: { configuration: { clusters: [{ name: "k" }] } } };
    assert.deepEqual(
      hostsOf(KEEPERS, keeper).map(({ name }) => name),
      ["chk-app-k-0-0"],
    );
  });

  it("copies the installation's annotations onto pods, except those that the operator leaves out", () => {
    const { annotations } = statefulSetOf(SERVERS, installation(), firstHost(), SETTINGS).spec.template.metadata;
    assert.deepEqual(annotations, { team: "a", revision: "1" });
  });

  it("keeps replicas of one shard apart", () => {
    const { spec } = statefulSetOf(SERVERS, installation(), firstHost(), SETTINGS).spec.template;
    const [term] = spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    assert.equal(term.topologyKey, "topology.kubernetes.io/zone");
    assert.deepEqual(term.labelSelector.matchLabels, {
      [`${CHI}/app`]: "chop",
      [`${CHI}/namespace`]: "data",
      [`${CHI}/chi`]: "app",
      [`${CHI}/cluster`]: "default",
      [`${CHI}/shard`]: "0",
    });
  });

  it("mounts data into every container, and reads passwords in the server's alone", () => {
    const { spec } = statefulSetOf(SERVERS, installation(), firstHost(), SETTINGS).spec.template;
    const [side, server] = spec.containers;
    for (const { volumeMounts } of [side, server]) {
      assert.ok(volumeMounts.some(({ mountPath }: { mountPath: string }) => mountPath === "/var/lib/clickhouse"));
    }
    assert.equal(side.env, undefined);
    assert.ok(
      server.env.some(({ valueFrom }: { valueFrom?: object }) =>
        JSON.stringify(valueFrom)?.includes('"name":"keys","key":"app"'),
      ),
    );
    assert.deepEqual(
      server.ports.map(({ containerPort }: { containerPort: number }) => containerPort),
      [8123, 9000, 9009],
    );
  });

  it("makes claims that nobody owns, and a budget over the whole cluster", () => {
    const claim = hostObjects(SERVERS, installation(), firstHost()).find(
      ({ kind }) => kind === "PersistentVolumeClaim",
    );
    assert.equal(claim?.metadata.name, "data-chi-app-default-0-0-0");
    assert.equal(claim?.metadata.ownerReferences, undefined);
    const budget = commonObjects(SERVERS, installation()).find(({ kind }) => kind === "PodDisruptionBudget");
    assert.equal(budget?.metadata.name, "chi-app-default");
    assert.equal(budget?.spec.selector.matchLabels[`${CHI}/shard`], undefined);
  });

  it("lets Services over several hosts lead to ready pods alone", () => {
    const services = sharedServices(SERVERS, installation());
    assert.deepEqual(
      services.map(({ metadata }) => metadata.name),
      ["clickhouse-app"],
    );
    assert.equal(services[0]?.spec.selector[`${CHI}/ready`], "yes");
  });

  it("sees its own namespace unless it was told of others", () => {
    assert.deepEqual(operatorSettings(null, "data").namespaces, ["data"]);
    assert.deepEqual(operatorSettings(null, "kube-system").namespaces, []);
    assert.deepEqual(operatorSettings({ watch: { namespaces: ["one"] } }, "data").namespaces, ["one"]);
    const values = { "config.yaml": { watch: { namespaces: { include: ["two"] } }, annotation: { exclude: ["x"] } } };
    assert.deepEqual(operatorSettings(values, "data"), {
      namespaces: ["two"],
      excludedAnnotations: ["x"],
      excludedLabels: [],
    });
  });
});
