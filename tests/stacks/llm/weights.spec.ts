import assert from "node:assert/strict";
import type { ModelAccess } from "../../../components";
import { standInOutputs } from "../../../preview/stand-in-outputs";
import { createClusterFoundation } from "../../../stacks/cluster-foundation";
import { contextOf, providersOf } from "../../../stacks/context";
import { createDataStores } from "../../../stacks/data";
import { createModelAccess } from "../../../stacks/llm/access";
import { createModelImports } from "../../../stacks/llm/imports";
import type { LlmParts } from "../../../stacks/llm/parts";
import { createModelStore } from "../../../stacks/llm/store";
import { createNamespaces } from "../../../stacks/namespaces";
import { createOperations } from "../../../stacks/operations";
import { createAwsProvider } from "../../../stacks/providers";
import { weightsNotices } from "../../../stacks/settings/rules/llm/weights";
import { storedModels } from "../../../stacks/settings/stored-models";
import { type Graph, graphOf, revealed } from "../../support/graph";
import { type Changes, parsed } from "../../support/settings";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const MODEL = { catalogue: "qwen2.5-7b-instruct", version: "1" };
const SERVERS = { chat: { model: MODEL } };
const ADDON = "aws:eks/addon:Addon";
const POLICY = "aws:iam/rolePolicy:RolePolicy";
const JOB = "kubernetes:batch/v1:Job";

function settingsOf(changes: Changes) {
  const llm = { enabled: true, host: "api.example.com", models: SERVERS };
  const { settings, problems } = parsed({ llm, ...changes });
  return settings ?? assert.fail(JSON.stringify(problems));
}

/** The rooms of weights, and those that they stand on. */
function weightsOf(changes: Changes = {}) {
  const settings = settingsOf(changes);
  return graphOf(() => {
    const context = contextOf(settings);
    const awsProvider = createAwsProvider(settings);
    const foundation = createClusterFoundation(context, { providers: [awsProvider] }, awsProvider);
    const providers = providersOf(awsProvider, foundation.kubernetesProvider);
    const namespaces = createNamespaces(["models"], [], providers.kubernetes);
    const stores = createDataStores(context, foundation, providers.aws);
    const operations = createOperations(context, foundation, namespaces, providers);
    const parts = { context, llm: settings.llm, foundation, namespaces, operations, stores, providers } as LlmParts;
    const access: ModelAccess = createModelAccess(parts) ?? assert.fail();
    const { ready, claimNames } = createModelImports(parts, createModelStore(parts), access);
    return { ready, claimNames };
  });
}

const statementsOf = (graph: Graph, name: string) =>
  JSON.parse(String(revealed(graph.one(POLICY, name).inputs.policy))).Statement as { Sid: string; Resource: unknown }[];
const argumentsOf = (graph: Graph, name: string) => {
  const { template } = graph.one(JOB, name).inputs.spec as {
    template: { spec: { initContainers?: { args: string[] }[]; containers: { args: string[] }[] } };
  };
  return [...(template.spec.initContainers ?? []), ...template.spec.containers].map(({ args }) => args);
};

/** Every kind of volume, every kind of source. */
const EVERYTHING: Changes = {
  "storage.sharedFileSystem.enabled": true,
  "secrets.huggingFaceToken": "hf_of_the_test",
  "llm.models": {
    chat: { model: MODEL },
    mail: { model: MODEL, weights: { kind: "efs" } },
    code: { model: MODEL, weights: { kind: "s3Mount", s3Mount: { cacheSize: "100Gi" } } },
    find: { model: MODEL, weights: { kind: "fsxLustre" } },
  },
  "llm.store": {
    lustre: { zone: "us-east-1b", storageGiB: 2400 },
    imports: [
      { model: "next", version: "2", source: { bucket: { name: "origin", prefix: "models/next/v2/" } } },
      {
        model: "polite",
        version: "1",
        source: { huggingFace: { repository: "owner/polite", revision: COMMIT, token: true } },
      },
    ],
  },
};

describe("weights of a stack", function () {
  this.timeout(60_000);
  let plain: Graph;
  let everything: Graph;
  before(async () => {
    plain = await weightsOf();
    everything = await weightsOf(EVERYTHING);
  });

  const IMPORT = "model-import-qwen2-5-7b-instruct-v1-job";
  const addons = (graph: Graph) =>
    graph.ofType(ADDON).flatMap(({ inputs }) => (/s3|fsx/.test(String(inputs.addonName)) ? [inputs.addonName] : []));

  it("has a store, an import of the catalogue's model, and identities by names alone", () => {
    const [[mode, model, version, source, , quantization] = []] = argumentsOf(plain, IMPORT);
    assert.deepEqual(
      [mode, model, version, quantization],
      ["import", "--model=qwen2-5-7b-instruct", "--version=1", "--quantization=none"],
    );
    assert.match(String(source), /"repository":"Qwen\/Qwen2\.5-7B-Instruct","revision":"[0-9a-f]{40}"/);
    for (const role of ["model-server", "model-import"]) {
      const association = plain.one(
        "aws:eks/podIdentityAssociation:PodIdentityAssociation",
        `${role}-identity-association`,
      );
      assert.deepEqual([association.inputs.namespace, association.inputs.serviceAccount], ["models", role]);
      assert.ok(!plain.dependenciesOf(association).some(({ type }) => type.startsWith("aws:eks/nodeGroup")));
    }
    const bucket = "arn:aws:s3:::model-store-models-bucket-0000000";
    assert.equal(statementsOf(plain, "model-server-identity-policy")[1]?.Resource, `${bucket}/models/*`);
    assert.deepEqual(addons(plain), []);
    assert.deepEqual(plain.result, { ready: { chat: "ready" }, claimNames: { chat: undefined } });
  });

  it("lets the Job start when store, identity, account and policies are there", () => {
    const job = plain.one(JOB, IMPORT);
    for (const [type, name] of [
      ["kubernetes:core/v1:ConfigMap", "model-store-config"],
      ["kubernetes:core/v1:ServiceAccount", undefined],
      [POLICY, "model-import-identity-policy"],
      ["aws:eks/podIdentityAssociation:PodIdentityAssociation", "model-import-identity-association"],
    ] as const) {
      const found = plain.ofType(type).filter((each) => name === undefined || each.name === name);
      assert.ok(found.length > 0 && found.every((each) => plain.waitsFor(job, each)), `${type} ${name}`);
    }
  });

  it("imports one version once, whoever names it, and fills EFS where a server reads it from there", () => {
    assert.equal(everything.ofType(JOB).length, 3);
    const [first, second] = argumentsOf(everything, IMPORT);
    assert.deepEqual([first?.[0], second?.[0]], ["import", "fetch"]);
    assert.equal(argumentsOf(everything, "model-import-next-v2-job").length, 1);
    assert.deepEqual((everything.result as { claimNames: object }).claimNames, {
      chat: undefined,
      mail: "llm-model-pvc",
      code: "model-store",
      find: "model-lustre",
    });
  });

  it("installs the drivers that the kinds need, and mounts the store with a cache", () => {
    assert.deepEqual(addons(everything).sort(), ["aws-fsx-csi-driver", "aws-mountpoint-s3-csi-driver"]);
    const volume = everything.one("kubernetes:core/v1:PersistentVolume", "model-volume-s3mount-volume");
    assert.match(JSON.stringify(volume.inputs.spec), /"cacheEmptyDirSizeLimit":"100Gi"/);
  });

  it("makes a Lustre file system in the zone of the machines", () => {
    const files = everything.one("aws:fsx/lustreFileSystem:LustreFileSystem");
    const { subnetIds } = files.inputs;
    assert.equal(subnetIds, standInOutputs("aws:ec2/subnet:Subnet")("network-private-us-east-1b", {}).id);
    assert.equal(files.inputs.storageCapacity, 2400);
  });

  it("reads sources in other buckets, and the token from its Secret", () => {
    const source = statementsOf(everything, "model-import-identity-policy").find(({ Sid }) => Sid === "ReadSource0");
    assert.equal(source?.Resource, "arn:aws:s3:::origin/models/next/v2/*");
    const polite = JSON.stringify(everything.one(JOB, "model-import-polite-v1-job").inputs);
    assert.match(polite, /"secretKeyRef":\{"key":"token","name":"hugging-face-token"\}/);
    assert.ok(!polite.includes("hf_of_the_test"));
  });

  it("uses a store that exists, imports nothing into it unasked, and records promotions", async () => {
    const graph = await weightsOf({
      "llm.store": { bucket: { existing: { name: "shared-models", region: "eu-west-1" } }, environment: "live" },
      "llm.models": {
        chat: { model: MODEL, promotion: { promotedBy: "ops@example.com", time: "2026-11-25T09:30:00Z" } },
      },
    });
    assert.deepEqual(graph.ofType(JOB), []);
    const { key, bucket } = graph.one("aws:s3/bucketObjectv2:BucketObjectv2").inputs;
    assert.deepEqual([bucket, key], ["shared-models", "promotions/live/qwen2-5-7b-instruct/v1.json"]);
    assert.deepEqual((graph.result as { ready: object }).ready, { chat: "ready" });
  });
});

describe("versions that a stack needs", () => {
  it("names each once, whether servers or imports name it", () => {
    const { llm } = settingsOf({
      "llm.models": { chat: { model: MODEL }, mail: { model: MODEL } },
      "llm.store.imports": [
        { model: "next", version: "2", source: { huggingFace: { repository: "owner/next", revision: COMMIT } } },
      ],
    });
    assert.deepEqual(
      storedModels(llm).map(({ model, version, path, fromCatalogue }) => [model, version, path, fromCatalogue]),
      [
        ["qwen2-5-7b-instruct", "1", "llm.models.chat", true],
        ["next", "2", "llm.store.imports[0]", false],
      ],
    );
    assert.deepEqual(storedModels({ ...llm, enabled: false }), []);
  });

  it("warns of what may change, and of what nobody serves", () => {
    const huggingFace = { repository: "owner/next", revision: "main" };
    const { llm } = settingsOf({
      lifecycle: "disposable",
      "llm.store.imports": [{ model: "next", version: "2", source: { huggingFace } }],
    });
    assert.deepEqual(weightsNotices(llm), [
      "llm.store.imports[0].source: main is no commit; next v2 is what it names on the day of the import.",
      "llm.store.imports[0]: next v2 is imported and not served yet.",
    ]);
  });
});
