import { strict as assert } from "node:assert";
import type { KubernetesObject } from "../../rehearsal/api/objects";
import { readiness } from "../../rehearsal/kubernetes/readiness";
import { valuesAt, waitedFor } from "../../rehearsal/kubernetes/wait-for";

function object(apiVersion: string, kind: string, rest: object): KubernetesObject {
  return { apiVersion, kind, metadata: { name: "one", namespace: "apps", generation: 2 }, ...rest };
}

describe("waits of the Kubernetes stand-in", () => {
  const store = (status: object) => object("clickhouse.altinity.com/v1", "ClickHouseInstallation", { status });
  const both = '["jsonpath={.status.status}=Completed","jsonpath={.status.taskID}=spec-2"]';

  it("wait for every condition that is listed", () => {
    const stale = waitedFor(store({ status: "Completed", taskID: "spec-1" }), both);
    assert.match(stale.why, /taskID}=spec-2 does not hold \(found "spec-1"\)/);
    assert.equal(waitedFor(store({ status: "Completed", taskID: "spec-2" }), both).state, "ready");
  });

  it("wait for the controller to see the latest change", () => {
    const status = { observedGeneration: 1, conditions: [{ type: "Ready", status: "True" }] };
    assert.equal(waitedFor(store(status), "condition=Ready").state, "waiting");
    assert.equal(waitedFor(store({ ...status, observedGeneration: 2 }), "condition=Ready").state, "ready");
  });

  it("refuse a condition of no known form", () => {
    assert.throws(() => waitedFor(store({}), "status=Completed"), /starts with "jsonpath=" or "condition="/);
  });

  it("read the JSONPath that kubectl reads", () => {
    const status = { conditions: [{ type: "Ready", status: "True" }], list: [{ a: 1 }, { a: 2 }] };
    assert.deepEqual(valuesAt({ status }, "{.status.conditions[?(@.type=='Ready')].status}"), ["True"]);
    assert.deepEqual(valuesAt({ status }, "{.status.list[*].a}"), [1, 2]);
    assert.deepEqual(valuesAt({ status }, "{.status.list[5].a}"), []);
  });

  it("hold a Deployment back until pods of the new template are available", () => {
    const conditions = [{ type: "Available", status: "True" }];
    const status = { observedGeneration: 2, conditions, updatedReplicas: 2, availableReplicas: 3, readyReplicas: 3 };
    const deployment = object("apps/v1", "Deployment", { spec: { replicas: 3 }, status });
    assert.deepEqual(readiness(deployment), { state: "waiting", why: "2 of 3 pods have the new template" });
    assert.equal(readiness({ ...deployment, status: { ...status, updatedReplicas: 3 } }).state, "ready");
  });

  it("fail a Job that failed, with its reason", () => {
    const conditions = [{ type: "Failed", status: "True", reason: "BackoffLimitExceeded", message: "no more" }];
    const found = readiness(object("batch/v1", "Job", { status: { conditions } }));
    assert.deepEqual(found, { state: "failed", why: "BackoffLimitExceeded: no more" });
  });

  it("let a claim pend that its first consumer binds", () => {
    const claim = object("v1", "PersistentVolumeClaim", { status: { phase: "Pending" } });
    assert.equal(readiness(claim, { volumeBindingMode: "WaitForFirstConsumer" }).state, "ready");
    assert.equal(readiness(claim, { volumeBindingMode: "Immediate" }).state, "waiting");
  });
});
