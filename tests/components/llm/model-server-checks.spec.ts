import assert from "node:assert/strict";
import { formatProblem } from "../../../components/internal/problems";
import { ModelServer } from "../../../components/llm/model-server";
import type { ModelServerArgs } from "../../../components/llm/model-server-args";
import { modelServerProblems, modelServerWarnings } from "../../../components/llm/model-server-checks";
import { ModelWeightsKind, ModelWorkloadKind } from "../../../components/llm/model-server-kinds";
import { failureOf } from "../../support/graph";
import { AUTOSCALING, AWQ_FACTS, multiNodeArgs, SEED_FACTS, serverArgs } from "./model-server-fixtures";

const MODEL = serverArgs().model;
const ADAPTER = { name: "support", model: "support", version: "2" };
const MIB = { requests: { cpu: "8", memory: "32Gi" }, limits: { cpu: "16", memory: "48Gi" } };

describe("ModelServer's arguments", () => {
  const refused: [string, Partial<ModelServerArgs>, string][] = [
    [
      "a name that is none",
      { server: "Llama" },
      "server: must be a DNS label of at most 40 characters that begins with a letter (got Llama). Rename it.",
    ],
    [
      "a model's name that is no part of a path",
      { model: { ...MODEL, name: "Qwen/Qwen" } },
      "model.name: must be a DNS label: at most 63 lower-case letters, digits and dashes (got Qwen/Qwen). Rename it.",
    ],
    [
      "a version that is none",
      { model: { ...MODEL, version: "Latest!" } },
      "model.version: must be at most 32 lower-case letters, digits, dots and dashes (got Latest!). Write it like 1 or 2024-11.",
    ],
    [
      "a digest that is none",
      { model: { ...MODEL, digest: "abc" } },
      "model.digest: must be 64 hexadecimal digits (got abc). Copy it from the last line of the import's log.",
    ],
    [
      "L13: an image at a moving tag",
      { image: "docker.io/vllm/vllm-openai:latest" },
      "image: must name a registry, a repository, and an exact tag or digest (got docker.io/vllm/vllm-openai:latest). Write it like registry.example.com/vllm:v0.32.0; a tag such as latest changes under a running server.",
    ],
    [
      "L13: an image without a registry",
      { image: "vllm/vllm-openai:v0.32.0" },
      "image: must name a registry, a repository, and an exact tag or digest (got vllm/vllm-openai:v0.32.0). Write it like registry.example.com/vllm:v0.32.0; a tag such as latest changes under a running server.",
    ],
    [
      "weights of two kinds",
      { weights: { kind: ModelWeightsKind.Efs, efs: { claimName: "a" }, s3Streamer: {} } },
      "weights.s3Streamer: must be left out with kind efs. Leave it out, or set kind to s3Streamer.",
    ],
    [
      "a volume without its claim",
      { weights: { kind: ModelWeightsKind.S3Mount } },
      "weights.s3Mount: is required with kind s3Mount. Add it with the volume's claim.",
    ],
    [
      "weights in vLLM's own image",
      { weights: { kind: ModelWeightsKind.Image, image: { path: "/weights" } } },
      "image: is required with weights in the image: vLLM's own has none. Build an image on vLLM's and name it.",
    ],
    [
      "a streamer with too many reads",
      { weights: { kind: ModelWeightsKind.S3Streamer, s3Streamer: { concurrency: 1000 } } },
      "weights.s3Streamer.concurrency: must be a whole number from 1 to 256 (got 1000). Use 16.",
    ],
    [
      "machines of a replica that has one",
      { nodesPerReplica: 2 },
      "nodesPerReplica: must be left out unless workload is multiNode (got 2). Leave it out, or set workload to multiNode.",
    ],
    [
      "a fixed number beside scaling",
      { replicas: 3, autoscaling: AUTOSCALING },
      "replicas: must be left out with autoscaling, which decides it (got 3). Leave it out, or remove autoscaling.",
    ],
    [
      "a budget that lets nobody go",
      { maxUnavailable: 0 },
      "maxUnavailable: must be a whole number of at least 1: with 0 no node could ever be drained (got 0). Use 1.",
    ],
    [
      "GPUs by hand",
      { resources: { ...MIB, limits: { ...MIB.limits, "nvidia.com/gpu": "3" } } },
      "resources.limits.nvidia.com/gpu: must be left out: it follows from tensorParallelSize and pipelineParallelSize (got 3). Leave it out.",
    ],
    [
      "a request above its limit",
      { resources: { requests: { cpu: "20", memory: "32Gi" }, limits: MIB.limits } },
      "resources.requests.cpu: must not be above limits.cpu (16) (got 20). Lower it, or raise the other.",
    ],
    [
      "a memory limit that shared memory and buffers do not fit into",
      { resources: { requests: { cpu: "8", memory: "8Gi" }, limits: { cpu: "16", memory: "12Gi" } } },
      "resources.limits.memory: must be at least 18Gi (/dev/shm 4, buffers of the streamer 8, processes 6 GiB); it is 6 GiB short (got 12Gi). Raise it, or lower what counts against it.",
    ],
    [
      "a start that nobody waits for",
      { timing: { startupBudget: 10 } },
      "timing.startupBudget: must be a whole number of seconds from 60 to 7200 (got 10). Use 1800.",
    ],
    [
      "an adapter by the model's name",
      { loraAdapters: [{ ...ADAPTER, name: "llama-70b" }] },
      "loraAdapters[0].name: must differ from the model's name and from other adapters': callers tell them apart by it (got llama-70b). Rename it.",
    ],
    [
      "an adapter of too high a rank",
      { loraAdapters: [{ ...ADAPTER, rank: 1024 }] },
      "loraAdapters[0].rank: must be a whole number from 1 to 512 (got 1024). Take r from the adapter's adapter_config.json.",
    ],
    [
      "an endpoint without its port",
      { tracing: { endpoint: "collector" } },
      "tracing.endpoint: must be an OTLP endpoint with its port, without credentials (got collector). Write it like http://collector.monitoring.svc.cluster.local:4317.",
    ],
    [
      "a share above all",
      { tracing: { endpoint: "http://collector:4317", sampleRatio: 2 } },
      "tracing.sampleRatio: must be from 0 to 1 (got 2). Use 0.1.",
    ],
  ];
  for (const [what, args, message] of refused) {
    it(`refuse ${what}`, async () => {
      assert.equal(
        await failureOf(() => new ModelServer("model", serverArgs(args))),
        `ModelServer "model" cannot be built from these arguments:\n  ${message}`,
      );
    });
  }

  const paths = (args: ModelServerArgs) => modelServerProblems(args).map(({ path }) => path);

  it("refuse groups that are not cut by their machines", () => {
    assert.deepEqual(paths(multiNodeArgs()), []);
    assert.deepEqual(paths(multiNodeArgs({ nodesPerReplica: 4 })), ["nodesPerReplica"]);
    assert.deepEqual(paths(serverArgs({ workload: ModelWorkloadKind.MultiNode })), ["nodesPerReplica"]);
  });

  it("L16, L17: refuse a model that does not fit on a type of the pool, and name the type", () => {
    const args = serverArgs({
      model: { ...MODEL, facts: SEED_FACTS },
      instanceTypes: ["p4de.24xlarge", "g6e.12xlarge"],
    });
    const lines = modelServerProblems(args).map(formatProblem);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /^instanceTypes\[1\]: must hold the weights: .* \(got g6e\.12xlarge\)/);
  });

  it("tell once what is wrong on every type, and all of it at once", () => {
    const args = serverArgs({
      server: "-",
      engine: { tensorParallelSize: 3 },
      instanceTypes: ["g6e.12xlarge", "g6e.24xlarge"],
      autoscaling: { ...AUTOSCALING, minReplicas: 13 },
      timing: { preStop: 0, shutdown: 0 },
    });
    const found = paths(args);
    assert.equal(found.filter((path) => path === "engine.tensorParallelSize").length, 2);
    assert.deepEqual(
      [...new Set(found)],
      ["server", "autoscaling.minReplicas", "timing.preStop", "timing.shutdown", "engine.tensorParallelSize"],
    );
  });

  it("warn of what fits and serves few, and judge nothing where nobody knows the machines", () => {
    const model = { ...MODEL, facts: AWQ_FACTS };
    assert.match(
      modelServerWarnings(serverArgs({ model, instanceTypes: ["g6.12xlarge"] })).join(),
      /holds 2 sequences/,
    );
    assert.deepEqual(modelServerWarnings(serverArgs()), []);
    const unknown = serverArgs({ model: { ...MODEL, facts: SEED_FACTS }, instanceTypes: [] });
    assert.deepEqual([modelServerProblems(unknown), modelServerWarnings(unknown)], [[], []]);
  });
});
