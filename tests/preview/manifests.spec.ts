import assert from "node:assert/strict";
import * as kubernetes from "@pulumi/kubernetes";
import { parse } from "yaml";
import { manifestFiles } from "../../preview/manifests";
import { planOf } from "../../preview/plan";
import { record } from "../../preview/recorder";

describe("manifests", () => {
  it("read the same under YAML 1.1, which kubectl and Helm speak", async () => {
    const words = {
      buffering: "on",
      managed: "yes",
      stop: "no",
      mode: "0440",
      long: "1e3",
      version: "1.30",
      off: "Off",
    };
    const recording = await record(() => {
      const provider = new kubernetes.Provider("kubernetes", { kubeconfig: "{}" });
      new kubernetes.core.v1.ConfigMap(
        "words",
        { metadata: { name: "words", namespace: "apps", annotations: words }, data: words },
        { provider },
      );
    });
    const [file] = manifestFiles(planOf("llm-platform", "test", recording));
    assert.equal(file?.path, "manifests/apps/configmap-words.yaml");
    for (const version of ["1.1", "1.2"] as const) {
      const manifest = parse(file?.text ?? "", { version }) as { data: object; metadata: { annotations: object } };
      assert.deepEqual(manifest.data, words, version);
      assert.deepEqual(manifest.metadata.annotations, words, version);
    }
  });
});
