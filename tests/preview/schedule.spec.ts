import assert from "node:assert/strict";
import { MODEL_IMPORT_LABEL, MODEL_SERVER_LABEL } from "../../components/llm/model-names";
import { creationMinutes } from "../../preview/durations";
import { scheduleOf } from "../../preview/schedule";
import { notableSteps, wavesOf } from "../../preview/waves";
import { component, resource, stack, urnOf } from "./support";

const VPC = "aws:ec2/vpc:Vpc";
const CLUSTER = "aws:eks/cluster:Cluster";
const DATABASE = "aws:rds/instance:Instance";
const RELEASE = "kubernetes:helm.sh/v3:Release";

describe("the schedule of creation", () => {
  const vpc = resource(VPC, "vpc");
  const cluster = resource(CLUSTER, "cluster", { dependencies: [vpc.urn] });
  const provider = resource("pulumi:providers:kubernetes", "kubernetes", { dependencies: [cluster.urn] });
  const database = resource(DATABASE, "database", { dependencies: [vpc.urn] });
  const release = resource(RELEASE, "release", { provider: `${provider.urn}::id`, inputs: { chart: "langfuse" } });
  const all = [stack(), component("Network", "network"), vpc, cluster, provider, database, release];

  it("starts everything as early as dependencies and providers allow", () => {
    const times = new Map(scheduleOf(all).resources.map((entry) => [entry.resource.name, [entry.start, entry.finish]]));
    assert.deepEqual(times.get("cluster"), [0.3, 9.3]);
    assert.deepEqual(times.get("database"), [0.3, 12.3]);
    assert.deepEqual(times.get("release"), [9.3, 11.3]);
  });

  it("finds the chain that decides the total", () => {
    const { minutes, criticalPath } = scheduleOf(all);
    assert.equal(minutes, 12.3);
    assert.deepEqual(
      criticalPath.map(({ resource: { name } }) => name),
      ["vpc", "database"],
    );
  });

  it("follows a chain through a provider", () => {
    const { criticalPath } = scheduleOf(all.filter(({ name }) => name !== "database"));
    assert.deepEqual(
      criticalPath.map(({ resource: { name } }) => name),
      ["vpc", "cluster", "kubernetes", "release"],
    );
    assert.deepEqual(notableSteps(scheduleOf(all)).steps.length, 2);
  });

  it("is the same whatever was registered first, also when two chains take as long", () => {
    const twins = ["a", "b"].map((name) => resource(CLUSTER, name));
    const last = resource(RELEASE, "last", { dependencies: twins.map(({ urn }) => urn) });
    const path = (resources: typeof all) => scheduleOf(resources).criticalPath.map(({ resource: { urn } }) => urn);
    assert.deepEqual(path([...twins, last]), [urnOf(CLUSTER, "a"), last.urn]);
    assert.deepEqual(path([last, ...[...twins].reverse()]), path([...twins, last]));
  });

  it("counts waves by dependencies", () => {
    const waves = wavesOf(scheduleOf(all));
    assert.deepEqual(
      waves.map(({ number, count, critical }) => [number, count, critical?.resource.name]),
      [
        [1, 1, "vpc"],
        [2, 2, "database"],
        [4, 1, undefined],
      ],
    );
  });

  it("refuses a circle", () => {
    const circle = ["a", "b"].map((name, index) => {
      return resource(VPC, name, { dependencies: [urnOf(VPC, index === 0 ? "b" : "a")] });
    });
    assert.throws(() => scheduleOf(circle), /aws:ec2\/vpc:Vpc::a waits for itself/);
  });

  it("gives no time to components, providers and what is only read", () => {
    const untimed = [component("Network", "n"), provider, resource(CLUSTER, "existing", { read: true })];
    assert.deepEqual(untimed.map(creationMinutes), [0, 0, 0]);
  });

  it("knows model servers and imports from other workloads by their labels", () => {
    const minutes = (type: string, labels: object) =>
      creationMinutes(resource(type, "r", { inputs: { metadata: { labels } } }));
    assert.equal(minutes("kubernetes:apps/v1:Deployment", { [MODEL_SERVER_LABEL]: "llama" }), 10);
    assert.equal(minutes("kubernetes:batch/v1:Job", { [MODEL_IMPORT_LABEL]: "llama" }), 5);
    assert.equal(minutes("kubernetes:apps/v1:Deployment", { app: "router" }), 0.05);
    assert.equal(minutes("kubernetes:core/v1:Service", { [MODEL_SERVER_LABEL]: "llama" }), 0.05);
  });

  it("knows slow charts from a repository, a registry and a mirror", () => {
    const charts = [
      "kube-prometheus-stack",
      "oci://r/kube-prometheus-stack",
      "./charts/kube-prometheus-stack-88.5.3.tgz",
    ];
    for (const chart of charts) assert.equal(creationMinutes(resource(RELEASE, "r", { inputs: { chart } })), 2, chart);
    assert.equal(creationMinutes(resource(RELEASE, "r", { inputs: { chart: "keda" } })), 1);
  });
});
