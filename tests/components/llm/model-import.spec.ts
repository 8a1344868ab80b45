import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { ready } from "../../../components/internal/gates";
import { ModelImport, type ModelImportArgs } from "../../../components/llm/model-import";
import { importJobName } from "../../../components/llm/model-import-job";
import { STORE_SCRIPTS_CONFIG } from "../../../components/llm/model-store-scripts";
import { failureOf, type Graph, graphOf, secretPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const MINIMAL: ModelImportArgs = {
  namespace: "models",
  model: "llama",
  version: "1",
  huggingFace: { repository: "owner/llama", revision: COMMIT },
};
const JOB = "kubernetes:batch/v1:Job";
type Fields = Record<string, unknown>;
interface Container extends Fields {
  readonly name: string;
  readonly args: string[];
  readonly env: { name: string; value?: string; valueFrom?: unknown }[];
}
interface JobSpec extends Fields {
  readonly template: { metadata: Fields; spec: Fields & { containers: Container[]; initContainers?: Container[] } };
}

const imported = (args: Partial<ModelImportArgs> = {}) =>
  graphOf(() => {
    const { jobName, ready: opened } = new ModelImport("import", { ...MINIMAL, ...args }, explicitProviders());
    return { jobName, opened };
  });
const specOf = (graph: Graph) => graph.one(JOB).inputs.spec as JobSpec;
const containerOf = (graph: Graph) => specOf(graph).template.spec.containers[0] ?? assert.fail();

describe("ModelImport", () => {
  it("makes one Job that is named after what it does", async () => {
    const graph = await imported();
    const { metadata } = graph.one(JOB).inputs as { metadata: Fields };
    const name = importJobName(MINIMAL);
    assert.match(name, /^import-llama-[0-9a-f]{8}$/);
    assert.deepEqual(
      [metadata.name, metadata.namespace, metadata.annotations],
      [name, "models", { "pulumi.com/replaceUnready": "true" }],
    );
    assert.deepEqual(graph.result, { jobName: name, opened: "ready" });
    assert.deepEqual(containerOf(graph).args, [
      "import",
      "--model=llama",
      "--version=1",
      `--source={"huggingFace":{"repository":"owner/llama","revision":"${COMMIT}"}}`,
      '--patterns=["*.safetensors","*.json","*.jinja","*.model","*.tiktoken","merges.txt","vocab.txt"]',
    ]);
  });

  it("is another Job for another source, script or image, and the same for other resources", () => {
    const name = (args: Partial<ModelImportArgs>) => importJobName({ ...MINIMAL, ...args });
    const others = [
      name({}),
      name({ version: "2" }),
      name({ huggingFace: undefined, bucket: { name: "origin", prefix: "llama/" } }),
      name({ filePatterns: ["*.safetensors"] }),
      name({ quantization: "awq" }),
      name({ volumeClaimName: "llm-model-pvc" }),
      name({ mirrors: { images: "mirror.example.com" } }),
    ];
    assert.equal(new Set(others).size, others.length);
    const resources = { requests: { cpu: "1" }, limits: { cpu: "1" } };
    assert.equal(name({ resources, deadlineMinutes: 60 }), name({}));
    assert.ok(name({ model: "m".repeat(63) }).length <= 63);
  });

  it("ends by itself before Pulumi gives up, tries again where that helps, and stays", async () => {
    const graph = await imported({ deadlineMinutes: 60 });
    const spec = specOf(graph);
    assert.equal(spec.activeDeadlineSeconds, 3600);
    const { create, update } = graph.one(JOB).options.customTimeouts as Fields;
    assert.deepEqual([create, update], ["70m", "70m"]);
    assert.equal(spec.backoffLimit, 6);
    assert.equal(spec.ttlSecondsAfterFinished, undefined);
    assert.deepEqual(spec.podFailurePolicy, {
      rules: [
        { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
        { action: "FailJob", onExitCodes: { operator: "In", values: [64] } },
      ],
    });
    assert.deepEqual(spec.template.metadata.annotations, { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" });
    assert.equal(specOf(await imported()).activeDeadlineSeconds, 180 * 60);
  });

  it("runs restricted, as its own ServiceAccount, with the script of the store and a disk of its own", async () => {
    const { spec, metadata } = specOf(await imported()).template;
    assert.equal(spec.serviceAccountName, "model-import");
    assert.equal(spec.automountServiceAccountToken, false);
    assert.equal(spec.restartPolicy, "Never");
    assert.equal((spec.securityContext as Fields).runAsNonRoot, true);
    assert.deepEqual(metadata.labels, {
      "llm-platform/model-import": "llama",
      "app.kubernetes.io/name": "model-import",
      "app.kubernetes.io/component": "model-import",
      "app.kubernetes.io/part-of": "llm-platform",
    });
    assert.deepEqual(spec.volumes, [
      { name: "model-store-scripts", configMap: { name: STORE_SCRIPTS_CONFIG } },
      { name: "model-store-tmp", emptyDir: { sizeLimit: "1Gi" } },
    ]);
    const container = spec.containers[0] ?? assert.fail();
    assert.match(String(container.image), /^docker\.io\/vllm\/vllm-openai:v\d/);
    assert.equal((container.securityContext as Fields).readOnlyRootFilesystem, true);
    const limits = (container.resources as { limits: Fields }).limits;
    assert.ok(limits.cpu && limits.memory && limits["ephemeral-storage"]);
    assert.deepEqual(
      container.env.map(({ name }) => name),
      [
        "MODEL_BUCKET",
        "AWS_REGION",
        "AWS_DEFAULT_REGION",
        "MODEL_STORE_ENDPOINT",
        "HOME",
        "PYTHONDONTWRITEBYTECODE",
        "HF_HUB_DISABLE_TELEMETRY",
      ],
    );
  });

  it("reads the token from a Secret, and from nowhere else", async () => {
    const token = { secretName: pulumi.secret("hub"), secretKey: "token" };
    const graph = await imported({ huggingFace: { repository: "owner/llama", revision: COMMIT, token } });
    const variable = containerOf(graph).env.find(({ name }) => name === "HF_TOKEN");
    assert.equal(variable?.value, undefined);
    assert.deepEqual(Object.keys(variable?.valueFrom ?? {}), ["secretKeyRef"]);
    assert.equal(secretPaths(graph.one(JOB)).length, 1);
    assert.ok(!JSON.stringify(containerOf(graph).args).includes("hub"));
  });

  it("imports first and fills a volume then", async () => {
    const { spec } = specOf(await imported({ volumeClaimName: "llm-model-pvc" })).template;
    assert.deepEqual(
      spec.initContainers?.map(({ name, args }) => [name, args[0]]),
      [["import", "import"]],
    );
    const [fill] = spec.containers;
    assert.deepEqual(fill?.args, ["fetch", "--model=llama", "--version=1", "--path=/mnt/weights/llama/v1"]);
    assert.deepEqual((spec.volumes as Fields[]).at(-1), {
      name: "weights",
      persistentVolumeClaim: { claimName: "llm-model-pvc" },
    });
  });

  it("takes everything that the caller states", async () => {
    const placement = { nodeSelector: { "workload-type": "general" }, tolerations: [{ key: "a", operator: "Exists" }] };
    const resources = { requests: { cpu: "1" }, limits: { cpu: "2" } };
    const graph = await imported({
      huggingFace: undefined,
      bucket: { name: "origin", prefix: "llama/" },
      filePatterns: ["*.safetensors"],
      quantization: "awq",
      placement,
      resources,
      priorityClassName: "jobs",
      mirrors: { images: "mirror.example.com" },
    });
    const { spec } = specOf(graph).template;
    const [container] = spec.containers;
    assert.deepEqual([spec.nodeSelector, spec.tolerations], [placement.nodeSelector, placement.tolerations]);
    assert.equal(spec.priorityClassName, "jobs");
    assert.deepEqual(container?.resources, resources);
    assert.match(String(container?.image), /^mirror\.example\.com\/docker\.io\/vllm/);
    assert.deepEqual(container?.args.slice(3), [
      '--source={"bucket":{"name":"origin","prefix":"llama/"}}',
      '--patterns=["*.safetensors"]',
      "--quantization=awq",
    ]);
  });

  it("waits for all that its pod needs", async () => {
    const gates = ["storeReady", "identityReady", "policiesReady", "tokenReady", "volumeReady"] as const;
    const graph = await graphOf(() => {
      const made = gates.map((name) => [name, ready([new random.RandomId(name, { byteLength: 2 })])] as const);
      new ModelImport("import", { ...MINIMAL, gates: Object.fromEntries(made) }, explicitProviders());
    });
    for (const name of gates) {
      assert.ok(graph.waitsFor(graph.one(JOB), graph.one("random:index/randomId:RandomId", name)), name);
    }
  });

  it("takes a branch where that is allowed", async () => {
    const huggingFace = { repository: "owner/llama", revision: "main" };
    assert.match(containerOf(await imported({ huggingFace, movingRevision: true })).args[3] ?? "", /"revision":"main"/);
  });

  it("refuses bad arguments, all at once", async () => {
    const failure = await failureOf(
      () =>
        new ModelImport(
          "import",
          {
            namespace: "models",
            model: "Llama",
            version: "",
            huggingFace: { repository: "llama", revision: "main" },
            bucket: { name: "Origin", prefix: "/llama" },
            filePatterns: ["*.bin"],
            quantization: "int3" as "awq",
            deadlineMinutes: 5,
          },
          explicitProviders(),
        ),
    );
    assert.equal(
      failure,
      [
        'ModelImport "import" cannot be built from these arguments:',
        "  args: exactly one of huggingFace, bucket must be given (got huggingFace and bucket). Keep one of huggingFace, bucket.",
        "  model: must be a DNS label: at most 63 lower-case letters, digits and dashes (got Llama). Rename it.",
        "  version: must be at most 32 lower-case letters, digits, dots and dashes (got ). Write it like 1 or 2024-11.",
        "  huggingFace.repository: must be a repository on Hugging Face: owner and name (got llama). Write it like Qwen/Qwen2.5-7B-Instruct.",
        "  huggingFace.revision: must be a commit of 40 hexadecimal digits: what a branch or tag names changes (got main). Copy the commit from the repository's page `Files and versions`, History.",
        "  bucket.name: must be the name of a bucket (got Origin). Copy it from `aws s3 ls`.",
        "  bucket.prefix: must end with a slash and not begin with one (got /llama). Write it as folder/.",
        '  filePatterns: must not name pickled weights: reading them runs code (got ["*.bin"]). Take a repository that has safetensors.',
        "  quantization: must be one of none, awq, gptq, fp8 (got int3). Choose one of them, or leave it out.",
        "  deadlineMinutes: must be a whole number from 10 to 1440 (got 5). Correct it; 180 is the default.",
      ].join("\n"),
    );
  });

  it("registers twice in one stack, with explicit providers, before anything is known", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        for (const name of ["one", "two"]) new ModelImport(name, { ...MINIMAL, namespace: name }, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(JOB).length, 2);
    assert.ok(graph.ofType(JOB).every(({ provider }) => provider !== ""));
  });
});
