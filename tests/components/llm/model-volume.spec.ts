import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { ready } from "../../../components/internal/gates";
import { ModelVolume, type ModelVolumeArgs } from "../../../components/llm/model-volume";
import { failureOf, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const VOLUME = "kubernetes:core/v1:PersistentVolume";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const GATE = "random:index/randomId:RandomId";
const S3: ModelVolumeArgs = {
  namespace: "models",
  claimName: "model-store",
  s3Mount: { bucketName: "models-1", region: "us-east-1" },
};
const EFS: ModelVolumeArgs = { namespace: "models", claimName: "llm-model-pvc", efs: {} };
const LUSTRE: ModelVolumeArgs = {
  namespace: "models",
  claimName: "model-lustre",
  fsxLustre: { fileSystemId: "fs-1", dnsName: "fs-1.fsx", mountName: "abcdef", size: "1200Gi" },
};

const volume = (args: ModelVolumeArgs) =>
  graphOf(() => {
    const { claimName, ready: opened } = new ModelVolume("weights", args, explicitProviders());
    return { claimName, opened };
  });

describe("ModelVolume", () => {
  it("shows the store's models read-only, as the pod's own identity may read them", async () => {
    const graph = await volume(S3);
    const { metadata, spec } = graph.one(VOLUME).inputs as { metadata: object; spec: Record<string, unknown> };
    assert.deepEqual(metadata, { name: "models-model-store" });
    assert.deepEqual(spec.mountOptions, [
      "read-only",
      "allow-other",
      "prefix models/",
      "region us-east-1",
      "metadata-ttl 300",
    ]);
    assert.deepEqual(spec.csi, {
      driver: "s3.csi.aws.com",
      volumeHandle: "models-model-store",
      readOnly: true,
      volumeAttributes: { bucketName: "models-1", authenticationSource: "pod" },
    });
    assert.deepEqual(spec.claimRef, { namespace: "models", name: "model-store" });
    // The API server drops an empty class of a volume, and every preview would bring it back.
    assert.deepEqual([spec.storageClassName, spec.persistentVolumeReclaimPolicy], [undefined, "Retain"]);
    const claim = graph.one(CLAIM).inputs.spec as Record<string, unknown>;
    assert.deepEqual([claim.storageClassName, claim.volumeName], ["", "models-model-store"]);
    assert.deepEqual(claim.accessModes, spec.accessModes);
    assert.deepEqual(graph.result, { claimName: "model-store", opened: "ready" });
  });

  it("keeps what was read on the node's disk when asked to", async () => {
    const graph = await volume({ ...S3, s3Mount: { bucketName: "b", region: "us-east-1", cacheSize: "100Gi" } });
    const { csi } = graph.one(VOLUME).inputs.spec as { csi: { volumeAttributes: object } };
    assert.deepEqual(csi.volumeAttributes, {
      bucketName: "b",
      authenticationSource: "pod",
      cache: "emptyDir",
      cacheEmptyDirSizeLimit: "100Gi",
    });
  });

  it("replaces the claim with its volume, since neither can be changed", async () => {
    const graph = await volume(S3);
    const { options } = graph.one(VOLUME);
    assert.deepEqual(options.replaceOnChanges, ["spec.csi", "spec.claimRef", "spec.accessModes"]);
    assert.equal(options.deleteBeforeReplace, true);
    assert.ok(graph.waitsFor(graph.one(CLAIM), graph.one(VOLUME)));
  });

  it("L35, L36: claims 200Gi of EFS that many pods read and write", async () => {
    const graph = await volume(EFS);
    assert.deepEqual(graph.ofType(VOLUME), []);
    assert.deepEqual(graph.one(CLAIM).inputs.spec, {
      accessModes: ["ReadWriteMany"],
      storageClassName: "distributed-fast",
      resources: { requests: { storage: "200Gi" } },
    });
    const larger = await volume({ ...EFS, efs: { size: "500Gi" } });
    assert.match(JSON.stringify(larger.one(CLAIM).inputs.spec), /500Gi/);
  });

  it("mounts a Lustre file system", async () => {
    const graph = await volume(LUSTRE);
    const spec = graph.one(VOLUME).inputs.spec as Record<string, unknown>;
    assert.deepEqual(spec.csi, {
      driver: "fsx.csi.aws.com",
      volumeHandle: "fs-1",
      readOnly: true,
      volumeAttributes: { dnsname: "fs-1.fsx", mountname: "abcdef" },
    });
    assert.deepEqual([spec.capacity, spec.mountOptions], [{ storage: "1200Gi" }, ["flock", "ro"]]);
  });

  it("waits for what it shows, and with EFS for the driver that makes it", async () => {
    const gate = (name: string) => ready([new random.RandomId(name, { byteLength: 2 })]);
    for (const [args, type] of [
      [S3, VOLUME],
      [EFS, CLAIM],
      [LUSTRE, VOLUME],
    ] as const) {
      const graph = await graphOf(() => {
        const options = explicitProviders();
        const made = new ModelVolume(
          "weights",
          { ...args, sourceReady: gate("source"), driverReady: gate("driver") },
          options,
        );
        new random.RandomId("later", { byteLength: 2, keepers: { ready: made.ready } });
      });
      assert.ok(graph.waitsFor(graph.one(type), graph.one(GATE, "source")));
      assert.equal(graph.waitsFor(graph.one(type), graph.one(GATE, "driver")), args === EFS);
      for (const name of ["source", "driver"]) {
        assert.ok(graph.waitsFor(graph.one(GATE, "later"), graph.one(GATE, name)), name);
      }
    }
  });

  it("refuses bad arguments, all at once", async () => {
    const failure = await failureOf(
      () =>
        new ModelVolume(
          "weights",
          { ...S3, ...EFS, claimName: "Weights", efs: { size: "200MB" }, s3Mount: undefined },
          explicitProviders(),
        ),
    );
    assert.equal(
      failure,
      [
        'ModelVolume "weights" cannot be built from these arguments:',
        "  claimName: must be a DNS label (got Weights). Name it like llm-model-pvc.",
        "  efs.size: must be an amount of storage of at least 1Gi (got 200MB). Write it like 200Gi.",
      ].join("\n"),
    );
    assert.match(
      await failureOf(() => new ModelVolume("weights", { ...S3, ...EFS }, explicitProviders())),
      /exactly one of s3Mount, efs, fsxLustre must be given \(got s3Mount and efs\)/,
    );
  });

  it("registers twice in one stack, with explicit providers, before anything is known", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        for (const name of ["one", "two"]) {
          new ModelVolume(`${name}-s3`, { ...S3, namespace: name }, options);
          new ModelVolume(`${name}-efs`, { ...EFS, namespace: name }, options);
        }
      },
      { outputs: "unknown" },
    );
    const made = graph.resources.filter(({ type }) => type.startsWith("kubernetes:"));
    assert.ok(made.length === 6 && made.every(({ provider }) => provider !== ""));
  });
});
