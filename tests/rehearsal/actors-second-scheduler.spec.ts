import assert from "node:assert/strict";
import { configurationsOf } from "../../rehearsal/actors/second-scheduler";
import type { KubernetesObject } from "../../rehearsal/api/objects";

const CONFIGURATION = "apiVersion: kubescheduler.config.k8s.io/v1\nkind: KubeSchedulerConfiguration\n";

function pod(mounts: string, ready: "True" | "False"): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "scheduler", namespace: "packing" },
    spec: { volumes: [{ name: "config", configMap: { name: mounts } }], containers: [{ name: "scheduler" }] },
    status: { phase: "Running", conditions: [{ type: "Ready", status: ready }] },
  };
}

function configMap(name: string, text: string): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "packing" },
    data: { "config.yaml": text },
  };
}

describe("the stack's own scheduler", () => {
  const configMaps = [configMap("scheduler", CONFIGURATION), configMap("other", "kind: ClusterConfiguration\n")];

  it("has the configuration that its ready pods mount", () => {
    assert.deepEqual(configurationsOf([pod("scheduler", "True")], configMaps), [CONFIGURATION]);
  });

  it("does not run before its pods do", () => {
    assert.deepEqual(configurationsOf([pod("scheduler", "False")], configMaps), []);
  });

  it("is not mistaken for other configuration", () => {
    assert.deepEqual(configurationsOf([pod("other", "True")], configMaps), []);
  });
});
