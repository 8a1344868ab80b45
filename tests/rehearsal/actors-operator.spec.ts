import { strict as assert } from "node:assert";
import { LOAD_BALANCERS } from "../../rehearsal/actors/load-balancers";
import { type Operator, OperatorRunner } from "../../rehearsal/actors/operator";
import { ApiError } from "../../rehearsal/api/api";
import { MemoryApi } from "../../rehearsal/api/memory-api";
import { type KubernetesObject, referenceTo } from "../../rehearsal/api/objects";

const BINDING: KubernetesObject = {
  apiVersion: "elbv2.k8s.aws/v1beta1",
  kind: "TargetGroupBinding",
  metadata: { name: "entry", namespace: "app" },
  spec: {},
};
const CONTROLLER: KubernetesObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "controller",
    namespace: "app",
    labels: { "app.kubernetes.io/name": "aws-load-balancer-controller" },
  },
  spec: { containers: [] },
};

async function apiWith(...objects: readonly KubernetesObject[]): Promise<MemoryApi> {
  const api = new MemoryApi();
  await api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "app" } });
  for (const object of objects) await api.create(object);
  return api;
}

describe("actors: operators", () => {
  it("hold what they serve, and let it go when they have cleaned up", async () => {
    const api = await apiWith(BINDING, CONTROLLER);
    const runner = new OperatorRunner(api, LOAD_BALANCERS);
    await runner.round();
    assert.deepEqual((await api.read(referenceTo(BINDING)))?.metadata.finalizers, ["elbv2.k8s.aws/resources"]);
    await api.delete(referenceTo(BINDING));
    await runner.round();
    assert.equal(await api.read(referenceTo(BINDING)), undefined);
  });

  it("do nothing without a ready pod of their own, so that what they hold stays", async () => {
    const api = await apiWith(BINDING, CONTROLLER);
    const runner = new OperatorRunner(api, LOAD_BALANCERS);
    await runner.round();
    await api.delete(referenceTo(CONTROLLER));
    await api.delete(referenceTo(BINDING));
    await runner.round();
    assert.deepEqual((await api.read(referenceTo(BINDING)))?.metadata.finalizers, ["elbv2.k8s.aws/resources"]);
  });

  it("tell in an Event, once, what an object makes impossible", async () => {
    const api = await apiWith(BINDING, CONTROLLER);
    const failing: Operator = {
      name: LOAD_BALANCERS.name,
      pods: LOAD_BALANCERS.pods,
      kinds: LOAD_BALANCERS.kinds,
      reconcile: async () => {
        throw new ApiError(422, "Invalid", "no such target");
      },
    };
    const runner = new OperatorRunner(api, failing);
    await runner.round();
    await runner.round();
    assert.deepEqual(
      (await api.list("v1", "Event")).map(({ involvedObject, message }) => [involvedObject.name, message]),
      [["entry", "no such target"]],
    );
  });
});
