import assert from "node:assert/strict";
import { ModelWeightsKind } from "../../../components/llm/model-server-kinds";
import { storeScriptVolumes } from "../../../components/llm/model-store-environment";
import { STORE_SCRIPTS, STORE_SCRIPTS_MOUNT } from "../../../components/llm/model-store-scripts";
import {
  fetchContainer,
  type ModelVerification,
  verificationContainer,
} from "../../../components/llm/model-verification";

const IMAGE = "docker.io/vllm/vllm-openai:v0.32.0";
const verification = (kind: ModelWeightsKind, more: Partial<ModelVerification> = {}) =>
  verificationContainer({ kind, model: "llama", version: "1", image: IMAGE, ...more });

describe("verification of weights", () => {
  for (const kind of [ModelWeightsKind.S3Streamer, ModelWeightsKind.S3Mount]) {
    it(`compares checksums with ${kind}, and mounts no weights`, () => {
      const container = verification(kind);
      assert.deepEqual(container?.args, ["verify-objects", "--model=llama", "--version=1"]);
      assert.equal(JSON.stringify(container?.volumeMounts).includes("weights"), false);
    });
  }

  for (const kind of [ModelWeightsKind.Efs, ModelWeightsKind.FsxLustre]) {
    it(`hashes every file with ${kind}`, () => {
      const container = verification(kind, { volumeName: "models" });
      assert.deepEqual(container?.args, [
        "verify-files",
        "--model=llama",
        "--version=1",
        "--path=/mnt/weights/llama/v1",
      ]);
      assert.deepEqual(((container ?? assert.fail()).volumeMounts as unknown[]).at(-1), {
        name: "models",
        mountPath: "/mnt/weights",
        readOnly: true,
      });
    });
  }

  it("has nothing to do for weights in an image", () => {
    assert.equal(verification(ModelWeightsKind.Image), undefined);
  });

  it("holds a pinned digest against the store", () => {
    const digest = "a".repeat(64);
    const container = verification(ModelWeightsKind.S3Streamer, { digest });
    assert.deepEqual(container?.args, ["verify-objects", "--model=llama", "--version=1", `--digest=${digest}`]);
  });

  it("runs the store's script in the server's image, restricted, with limits", () => {
    const container = verification(ModelWeightsKind.S3Streamer) ?? assert.fail();
    assert.equal(container.image, IMAGE);
    const [interpreter, file] = container.command as string[];
    assert.equal(interpreter, "python3");
    assert.ok(STORE_SCRIPTS[String(file).slice(STORE_SCRIPTS_MOUNT.length + 1)], `${file} is in no ConfigMap`);
    const { readOnlyRootFilesystem, runAsNonRoot } = container.securityContext as Record<string, unknown>;
    assert.deepEqual([readOnlyRootFilesystem, runAsNonRoot], [true, true]);
    assert.deepEqual(Object.keys((container.resources as { limits: object }).limits), ["cpu", "memory"]);
    const mounted = (container.volumeMounts as { name: string }[]).map(({ name }) => name);
    assert.deepEqual(
      mounted,
      storeScriptVolumes().map(({ name }) => name),
    );
  });

  it("learns of the bucket from the store's ConfigMap alone", () => {
    const container = verification(ModelWeightsKind.S3Streamer) ?? assert.fail();
    const told = (container.env as { name: string; valueFrom?: unknown }[]).filter(({ valueFrom }) => valueFrom);
    assert.deepEqual(told, [
      { name: "MODEL_BUCKET", valueFrom: { configMapKeyRef: { name: "model-store", key: "bucket" } } },
      { name: "AWS_REGION", valueFrom: { configMapKeyRef: { name: "model-store", key: "region" } } },
      { name: "AWS_DEFAULT_REGION", valueFrom: { configMapKeyRef: { name: "model-store", key: "region" } } },
      { name: "MODEL_STORE_ENDPOINT", valueFrom: { configMapKeyRef: { name: "model-store", key: "endpoint" } } },
    ]);
  });

  it("copies adapters to a volume of the pod", () => {
    const container = fetchContainer({
      name: "fetch-adapter-0",
      image: IMAGE,
      model: "adapter",
      version: "2",
      volumeName: "adapters",
      mountPath: "/adapters",
    });
    assert.deepEqual(container.args, ["fetch", "--model=adapter", "--version=2", "--path=/adapters/adapter/v2"]);
    assert.deepEqual((container.volumeMounts as unknown[]).at(-1), { name: "adapters", mountPath: "/adapters" });
  });
});
