import { strict as assert } from "node:assert";
import { MemoryApi } from "../../rehearsal/api/memory-api";
import { selects } from "../../rehearsal/api/memory-selectors";
import type { KubernetesObject } from "../../rehearsal/api/objects";
import { referenceTo } from "../../rehearsal/api/objects";

function configMap(name: string, namespace: string, data: object = {}): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace }, data };
}

describe("MemoryApi", () => {
  const namespace: KubernetesObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "apps" } };

  it("refuses what exists, and what has no namespace to live in", async () => {
    const api = new MemoryApi();
    await assert.rejects(api.create(configMap("one", "apps")), { code: 404, message: 'namespaces "apps" not found' });
    await api.create(namespace);
    await api.create(configMap("one", "apps"));
    await assert.rejects(api.create(configMap("one", "apps")), { code: 409, reason: "AlreadyExists" });
  });

  it("empties a namespace before it goes, and waits for finalizers", async () => {
    const api = new MemoryApi();
    await api.create(namespace);
    await api.create(configMap("free", "apps"));
    const held = configMap("held", "apps");
    await api.create({ ...held, metadata: { ...held.metadata, finalizers: ["apps/hold"] } });
    await api.delete(referenceTo(namespace));
    assert.deepEqual(
      (await api.list("v1", "ConfigMap")).map(({ metadata }) => metadata.name),
      ["held"],
    );
    assert.notEqual(await api.read(referenceTo(namespace)), undefined);
    await api.patch(referenceTo(held), { metadata: { finalizers: null } });
    assert.equal(await api.read(referenceTo(namespace)), undefined);
  });

  it("counts generations of what is asked for, not of labels", async () => {
    const api = new MemoryApi();
    const one = referenceTo(await api.create(configMap("one", "default", { a: "1" })));
    assert.equal((await api.patch(one, { metadata: { labels: { tier: "web" } } })).metadata.generation, 1);
    assert.equal((await api.patch(one, { data: { a: "2" } })).metadata.generation, 2);
  });

  it("finds everything ready", async () => {
    const api = new MemoryApi();
    const store = { apiVersion: "clickhouse.altinity.com/v1", kind: "ClickHouseInstallation" };
    const made = await api.create({ ...store, metadata: { name: "s", namespace: "default" }, spec: { taskID: "t-1" } });
    assert.deepEqual(made.status, { status: "Completed", taskID: "t-1" });
  });

  it("selects by labels as kubectl does", () => {
    const labels = { app: "web", zone: "a" };
    const verdicts = ["app=web,zone!=b", "app==web", "zone in (a, b)", "zone notin (a)", "!tier", "tier", "app=db"];
    assert.deepEqual(
      verdicts.map((selector) => selects(selector, labels)),
      [true, true, true, false, true, false, false],
    );
  });
});
