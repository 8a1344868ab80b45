import assert from "node:assert/strict";
import { ApiError, type KubernetesApi } from "../../rehearsal/api/api";
import type { KubernetesObject } from "../../rehearsal/api/objects";
import { checkEvictions } from "../../rehearsal/checks/evictions";
import { changed, contextOf, smallCluster } from "./support/small-cluster";

/** An API server that lets `allowed` pods of the small cluster go, and says so. Evicted pods are back at once. */
function evictingApi(objects: KubernetesObject[], allowed: number): KubernetesApi & { readonly calls: string[] } {
  const calls: string[] = [];
  let left = allowed;
  const find = (kind: string) => objects.filter((object) => object.kind === kind);
  const unused = async () => assert.fail("not part of this test");
  return {
    calls,
    real: true,
    list: async (_apiVersion, kind) => find(kind),
    read: async ({ kind }) => find(kind)[0],
    patch: async ({ apiVersion, kind, name }, change) => {
      calls.push(`patch ${kind} ${name} ${JSON.stringify(change)}`);
      return { apiVersion, kind, metadata: { name } };
    },
    evict: async (_namespace, pod) => {
      calls.push(`evict ${pod}`);
      left -= 1;
      if (left < 0) throw new ApiError(429, "TooManyRequests", "Cannot evict pod as it would violate the budget.");
    },
    apply: unused,
    create: unused,
    delete: unused,
    patchStatus: unused,
  };
}

const COUNTED = { status: { disruptionsAllowed: 1 } };

describe("evictions through the API", () => {
  const objects = changed(smallCluster(), "PodDisruptionBudget", "web", COUNTED);

  it("go on until the first refusal, while no node takes new pods", async () => {
    const api = evictingApi(objects, 1);
    const [found] = await checkEvictions(contextOf(objects, { api }));
    assert.equal(found?.outcome, "passed");
    assert.equal(found.figure, "1 pods evicted under 1 budgets");
    assert.deepEqual(
      api.calls.filter((call) => !call.startsWith("patch")),
      ["evict web-1-a", "evict web-1-b"],
    );
    const nodes = objects.filter(({ kind }) => kind === "Node").map(({ metadata }) => metadata.name);
    const cordoned = nodes.map((node) => `patch Node ${node} {"spec":{"unschedulable":true}}`);
    assert.deepEqual(api.calls.slice(0, nodes.length), cordoned);
    const released = nodes.map((node) => `patch Node ${node} {"spec":{"unschedulable":null}}`);
    assert.deepEqual(api.calls.slice(-nodes.length), released);
  });

  it("are a finding when more go through than the spec allows", async () => {
    const [found] = await checkEvictions(contextOf(objects, { api: evictingApi(objects, 2) }));
    assert.match(
      found?.findings.join("\n") ?? "",
      /^PodDisruptionBudget app\/web: 2 evictions went through, its spec allows 1\./,
    );
  });
});
