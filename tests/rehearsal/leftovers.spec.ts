import assert from "node:assert/strict";
import type { KubernetesObject } from "../../rehearsal/api/objects";
import { Snapshot } from "../../rehearsal/checks/snapshot";
import { keptVolumesIn, leftoversIn } from "../../rehearsal/leftovers";

function object(kind: string, name: string, more: object = {}): KubernetesObject {
  return { apiVersion: "v1", kind, metadata: { name }, ...more };
}

describe("what a destroyed stack leaves", () => {
  const snapshot = new Snapshot([
    object("Namespace", "kube-system"),
    object("Namespace", "langfuse"),
    object("PriorityClass", "system-node-critical"),
    object("PersistentVolume", "kept", { spec: { persistentVolumeReclaimPolicy: "Retain" } }),
    object("PersistentVolume", "lost", { spec: { persistentVolumeReclaimPolicy: "Delete" } }),
  ]);

  it("is what neither Kubernetes nor the stack's own settings keep", () => {
    assert.deepEqual(leftoversIn(snapshot), ["Namespace langfuse", "PersistentVolume lost"]);
  });

  it("names the finalizers that hold it", () => {
    const held = new Snapshot([
      { ...object("Namespace", "keda"), metadata: { name: "keda", finalizers: ["example.com/hook"] } },
    ]);
    assert.deepEqual(leftoversIn(held), ["Namespace keda (finalizers: example.com/hook)"]);
  });

  it("does not count volumes that were made to stay", () => {
    assert.deepEqual(
      keptVolumesIn(snapshot).map(({ metadata }) => metadata.name),
      ["kept"],
    );
  });
});
