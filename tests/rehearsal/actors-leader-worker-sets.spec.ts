import assert from "node:assert/strict";
import { LEADER_WORKER_SETS } from "../../rehearsal/actors/leader-worker-sets";
import { OperatorRunner } from "../../rehearsal/actors/operator";
import { MemoryApi } from "../../rehearsal/api/memory-api";
import { type KubernetesObject, referenceTo } from "../../rehearsal/api/objects";

const NAMESPACE = "models";
const POD = { metadata: { labels: { app: "groups" } }, spec: { containers: [] } };
const SET: KubernetesObject = {
  apiVersion: "leaderworkerset.x-k8s.io/v1",
  kind: "LeaderWorkerSet",
  metadata: { name: "groups", namespace: NAMESPACE },
  spec: { replicas: 2, leaderWorkerTemplate: { size: 3, leaderTemplate: POD, workerTemplate: POD } },
};
const CONTROLLER: KubernetesObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "controller",
    namespace: NAMESPACE,
    labels: { "control-plane": "controller-manager", "app.kubernetes.io/name": "lws" },
  },
  spec: { containers: [] },
};

describe("actors: LeaderWorkerSet", () => {
  it("makes the leaders, the workers of each group and the Service that they find each other by", async () => {
    const api = new MemoryApi();
    await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } });
    for (const object of [CONTROLLER, SET]) await api.create(object);
    await new OperatorRunner(api, LEADER_WORKER_SETS).round();
    const sets = await api.list("apps/v1", "StatefulSet", { namespace: NAMESPACE });
    assert.deepEqual(
      sets.map(({ metadata, spec }) => [metadata.name, spec.replicas, spec.serviceName]),
      [
        ["groups", 2, "groups"],
        ["groups-0", 2, "groups"],
        ["groups-1", 2, "groups"],
      ],
    );
    for (const { spec } of sets) {
      for (const [key, value] of Object.entries(spec.selector.matchLabels)) {
        assert.equal(spec.template.metadata.labels[key], value);
      }
      assert.equal(spec.template.metadata.labels.app, "groups");
    }
    const [service] = await api.list("v1", "Service", { namespace: NAMESPACE });
    assert.equal(service?.spec.clusterIP, "None");
    const conditions = (await api.read(referenceTo(SET)))?.status?.conditions ?? [];
    assert.deepEqual(
      conditions.map(({ type }: { type: string }) => type),
      ["Available"],
    );
  });
});
