import assert from "node:assert/strict";
import { instanceShape } from "../../../components/internal/instance-types";
import { formatProblem } from "../../../components/internal/problems";
import { MODEL_CATALOGUE } from "../../../components/llm/model-catalogue";
import { type FitInput, fitOf } from "../../../components/llm/model-fit";
import { limitProblems } from "../../../components/llm/model-fit-node";
import { hostMemory, loraRank, weightsGiB } from "../../../components/llm/model-memory";
import { ModelQuantization, ModelWeightsKind } from "../../../components/llm/model-server-kinds";
import { AWQ_FACTS, SEED_FACTS, SEED_RESOURCES } from "./model-server-fixtures";

const SEED_ENGINE = { tensorParallelSize: 2, maxModelLength: 4096, gpuMemoryUtilization: 0.9 };
const SMALL = MODEL_CATALOGUE["qwen2.5-7b-instruct"].facts;
const input = (changes: Partial<FitInput> = {}): FitInput => ({
  facts: AWQ_FACTS,
  engine: SEED_ENGINE,
  instanceType: "g6e.12xlarge",
  resources: SEED_RESOURCES,
  ...changes,
});
const linesOf = (changes: Partial<FitInput>) => fitOf(input(changes)).problems.map(formatProblem);

describe("the fit of a model", () => {
  it("L16, L17: refuses the seed's pair, 70B of 16 bits on two cards of 48 GB, and says by how much", () => {
    assert.deepEqual(linesOf({ facts: SEED_FACTS }), [
      "instanceTypes: must hold the weights: each L40S gives 40.2 GiB at gpuMemoryUtilization 0.9, weights take 64.3 GiB and overhead 1.5 GiB of it, 25.5 GiB too many (got g6e.12xlarge). Set engine.tensorParallelSize to 4. These types fit: p4de.24xlarge, p5.48xlarge, p5en.48xlarge, p6-b200.48xlarge.",
    ]);
    const four = fitOf(input({ facts: SEED_FACTS, engine: { ...SEED_ENGINE, tensorParallelSize: 4 } }));
    assert.deepEqual(four.problems, []);
  });

  it("L17, L18: accepts its AWQ checkpoint there, with about 36 sequences of 4096 tokens and not 256", () => {
    const fit = fitOf(input());
    assert.deepEqual([fit.problems, fit.warnings], [[], []]);
    assert.ok(Math.abs(fit.keyValueTokens / 4096 / 36 - 1) <= 0.1, String(fit.keyValueTokens));
    assert.equal(fit.concurrentSequences, Math.floor(fit.keyValueTokens / 4096));
    assert.ok(Math.abs(fit.weightsGiBPerGpu - 17) < 0.1);
    assert.ok(fit.fittingTypes.includes("g6e.12xlarge"));
    assert.ok(!fit.fittingTypes.includes("g6.12xlarge"));
  });

  it("L03: refuses p3.8xlarge, whose V100 are too old for the image, whatever the model", () => {
    for (const facts of [SEED_FACTS, AWQ_FACTS]) {
      const lines = linesOf({ facts, instanceType: "p3.8xlarge" });
      assert.equal(lines.length, 1);
      assert.match(
        lines[0] ?? "",
        /^instanceTypes: must have GPUs of compute capability 7\.5 or higher, which vLLM's image needs; its V100 have 7\.0 \(got p3\.8xlarge\)\. These types fit: /,
      );
    }
    assert.match(linesOf({ instanceType: "p2.xlarge" })[0] ?? "", /its K80 have 3\.7/);
  });

  it("L03: warns of 70B AWQ on two cards of 24 GB, and refuses a longer one there", () => {
    const fit = fitOf(input({ instanceType: "g6.12xlarge" }));
    assert.deepEqual(fit.problems, []);
    assert.match(fit.warnings.join(), /^on g6\.12xlarge the KV cache holds 2 sequences of 4096 tokens/);
    const qwen = MODEL_CATALOGUE["qwen2.5-72b-instruct-awq"].facts;
    assert.match(linesOf({ facts: qwen, instanceType: "g6.12xlarge" })[0] ?? "", /0\.8 GiB too many/);
  });

  it("refuses where not one sequence fits beside the weights, and says how long one may be", () => {
    const long = MODEL_CATALOGUE["qwen2.5-7b-instruct"].facts;
    const engine = { maxModelLength: 32768, gpuMemoryUtilization: 0.75 };
    const [line = ""] = linesOf({ facts: long, engine, instanceType: "g6.2xlarge", resources: undefined });
    assert.match(line, /^instanceTypes: must hold one sequence of 32768 tokens: .*the KV cache holds (\d+) tokens/);
    assert.match(line, /Lower engine\.maxModelLength to \d+\./);
  });

  it("takes the model's own length as far as it fits when none is asked for", () => {
    const on = (instanceType: string) => fitOf(input({ facts: SMALL, engine: {}, instanceType, resources: undefined }));
    assert.equal(on("g6e.xlarge").maxModelLength, 32768);
    const engine = { gpuMemoryUtilization: 0.75 };
    const tight = fitOf(input({ facts: SMALL, engine, instanceType: "g6.xlarge", resources: undefined }));
    assert.ok(tight.maxModelLength < 32768 && tight.maxModelLength % 256 === 0 && tight.maxModelLength > 0);
    assert.equal(on("x9.huge").maxModelLength, 32768);
  });

  it("L16: asks for as many GPUs in one node as tensor and pipeline parallelism need", () => {
    assert.match(
      linesOf({ engine: { ...SEED_ENGINE, tensorParallelSize: 8 } })[0] ?? "",
      /^instanceTypes: must have 8 GPUs in one node, .* it has 4, 4 too few \(got g6e\.12xlarge\)/,
    );
    const stages = { ...SEED_ENGINE, tensorParallelSize: 4, pipelineParallelSize: 2 };
    assert.match(linesOf({ engine: stages })[0] ?? "", /must have 8 GPUs/);
    assert.deepEqual(linesOf({ engine: stages, nodesPerReplica: 2 }), []);
    assert.match(
      linesOf({ instanceType: "c7i.4xlarge" })[0] ?? "",
      /^instanceTypes: must have GPUs \(got c7i\.4xlarge\)/,
    );
  });

  it("refuses a cut that heads, KV heads or AWQ's groups do not allow", () => {
    assert.deepEqual(linesOf({ engine: { ...SEED_ENGINE, tensorParallelSize: 3 } }).slice(0, 1), [
      "engine.tensorParallelSize: must divide the model's 64 attention heads (got 3). Use one of 1, 2, 4, 8.",
    ]);
    const odd = { ...SEED_FACTS, attentionHeads: 48, keyValueHeads: 6 };
    assert.match(
      linesOf({ facts: odd, engine: { ...SEED_ENGINE, tensorParallelSize: 4 } })[0] ?? "",
      /^engine\.tensorParallelSize: must divide the model's 6 KV heads, or be a multiple of them \(got 4\)/,
    );
    // The published Qwen2.5-72B before its layers were padded.
    const unpadded = { ...MODEL_CATALOGUE["qwen2.5-72b-instruct-awq"].facts, intermediateSize: 29568 };
    assert.deepEqual(linesOf({ facts: unpadded }), [
      "engine.tensorParallelSize: must cut intermediate_size 29568 into multiples of AWQ's group size 128 (got 2). Use one of 1.",
    ]);
    assert.match(
      linesOf({ engine: { ...SEED_ENGINE, pipelineParallelSize: 81 } })[0] ?? "",
      /must not exceed the model's 80 layers/,
    );
  });

  it("L15: holds a pod's requests and limits against what the node leaves", () => {
    const resources = { requests: { cpu: "48", memory: "32Gi" }, limits: { cpu: "64", memory: "400Gi" } };
    const lines = linesOf({ resources });
    assert.match(
      lines[0] ?? "",
      /^resources\.requests\.cpu: must be at most 43\d{3}m, 90 % of what type g6e\.12xlarge leaves for pods; it is \d+m too much \(got 48\)\. Lower it\. /,
    );
    assert.match(lines[1] ?? "", /^resources\.limits\.memory: must be at most \d+Mi, .* too much \(got 400Gi\)/);
  });

  it("L15: counts /dev/shm, buffers, offloaded cache and processes against the memory limit", () => {
    const weights = { kind: ModelWeightsKind.S3Streamer };
    const engine = { ...SEED_ENGINE, keyValueOffloadingGiB: 30 };
    const memory = hostMemory({ facts: AWQ_FACTS, engine, weights });
    assert.deepEqual([memory.sharedGiB, memory.buffersGiB, memory.offloadedGiB, memory.processesGiB], [4, 8, 30, 6]);
    assert.equal(hostMemory({ facts: AWQ_FACTS, engine: { tensorParallelSize: 8 } }).sharedGiB, 16);
    assert.deepEqual(limitProblems(input({ weights })), []);
    assert.deepEqual(
      limitProblems(input({ engine, weights, resources: { ...SEED_RESOURCES, limits: { memory: "40Gi" } } })).map(
        formatProblem,
      ),
      [
        "resources.limits.memory: must be at least 48Gi (/dev/shm 4, buffers of the streamer 8, offloaded KV cache 30, processes 6 GiB); it is 8 GiB short (got 40Gi). Raise it, or lower what counts against it.",
      ],
    );
  });

  it("knows which GPUs compute in bfloat16, and takes older ones without", () => {
    const on = (dtype: string) =>
      linesOf({
        facts: { ...SMALL, parametersBillions: 3, weightsGiB: 6 },
        engine: { dtype, maxModelLength: 2048 },
        instanceType: "g4dn.12xlarge",
      });
    assert.deepEqual(on("float16"), []);
    assert.match(
      on("bfloat16")[0] ?? "",
      /compute capability 8\.0 or higher, which dtype bfloat16 needs; its T4 have 7\.5/,
    );
  });

  it("refuses parallelism on shared GPUs, and more than a share of their memory", () => {
    const shared = linesOf({ podsPerGpu: 4 });
    assert.match(shared[0] ?? "", /^engine\.tensorParallelSize: must be 1 on shared GPUs/);
    assert.match(shared[1] ?? "", /^engine\.gpuMemoryUtilization: must be at most 0\.24 on GPUs that 4 pods share/);
    const small = { facts: { ...SMALL, weightsGiB: 3 }, engine: { gpuMemoryUtilization: 0.24, maxModelLength: 2048 } };
    assert.deepEqual(linesOf({ ...small, podsPerGpu: 4, resources: undefined }), []);
  });

  it("refuses sequences that the model was not made for, and batches that cannot hold them", () => {
    assert.match(
      linesOf({ engine: { ...SEED_ENGINE, maxModelLength: 8192 } })[0] ?? "",
      /must not exceed the 4096 tokens/,
    );
    assert.match(
      linesOf({ engine: { ...SEED_ENGINE, maxBatchedTokens: 128 } })[0] ?? "",
      /^engine\.maxBatchedTokens: must be at least maxSequences \(256\)/,
    );
    assert.match(
      linesOf({ engine: { ...SEED_ENGINE, chunkedPrefill: false, maxBatchedTokens: 2048 } })[0] ?? "",
      /^engine\.maxBatchedTokens: must be at least maxModelLength \(4096\) without chunkedPrefill/,
    );
    assert.match(
      linesOf({ engine: { tensorParallelSize: 2, chunkedPrefill: false } })[0] ?? "",
      /^engine\.maxModelLength: must be given/,
    );
  });

  it("refuses figures that are none, before it reckons with them", () => {
    const fit = fitOf(
      input({
        facts: { ...AWQ_FACTS, layers: 0, parametersBillions: -1 },
        engine: { dtype: "int3", gpuMemoryUtilization: 1, maxSequences: 0.5 },
      }),
    );
    assert.deepEqual(
      fit.problems.map(({ path }) => path),
      [
        "model.facts.layers",
        "model.facts.parametersBillions",
        "engine.maxSequences",
        "engine.gpuMemoryUtilization",
        "engine.dtype",
      ],
    );
    assert.equal(fit.keyValueTokens, 0);
  });

  it("judges nothing on a type that the table does not know, and says so", () => {
    const fit = fitOf(input({ instanceType: "g9.huge", facts: SEED_FACTS }));
    assert.deepEqual(fit.problems, []);
    assert.match(fit.warnings.join(), /nothing is known of the type g9\.huge/);
  });

  it("makes room for adapters, in ranks that vLLM knows", () => {
    const adapter = (rank: number) => ({ name: "a", model: "a", version: "1", rank });
    assert.deepEqual(
      [1, 7, 16, 65, 400].map((rank) => loraRank([adapter(rank)])),
      [1, 8, 16, 128, 512],
    );
    const plain = fitOf(input()).keyValueTokens;
    const adapted = fitOf(input({ loraAdapters: [adapter(64), adapter(64)] })).keyValueTokens;
    assert.ok(adapted < plain && adapted > plain * 0.7, `${adapted} of ${plain}`);
  });

  it("an 8-bit cache holds twice as much, and more GPUs than KV heads hold a head each", () => {
    const tokens = (engine: object) => fitOf(input({ engine: { ...SEED_ENGINE, ...engine } })).keyValueTokens;
    assert.ok(Math.abs(tokens({ keyValueCacheDtype: "fp8" }) / tokens({}) - 2) < 0.001);
    const few = { ...AWQ_FACTS, keyValueHeads: 2 };
    const on = (tensorParallelSize: number) =>
      fitOf(input({ facts: few, engine: { tensorParallelSize, maxModelLength: 4096 }, instanceType: "g6e.48xlarge" }));
    assert.deepEqual([on(4).problems, on(8).problems], [[], []]);
  });

  it("recommends only types of the table on which it judges the same to fit, cheapest first", () => {
    const { fittingTypes } = fitOf(input());
    const prices = fittingTypes.map((type) => instanceShape(type)?.onDemandUsdPerHour ?? 0);
    assert.deepEqual(
      prices,
      [...prices].sort((a, b) => a - b),
    );
    for (const type of fittingTypes) {
      const fit = fitOf(input({ instanceType: type }));
      assert.deepEqual([type, fit.problems, fit.warnings], [type, [], []]);
    }
  });
});

describe("the catalogue of models", () => {
  it("L16, L17: pins checkpoints by commit, and its default fits the default machines", () => {
    for (const [name, { repository, revision }] of Object.entries(MODEL_CATALOGUE)) {
      assert.match(revision, /^[0-9a-f]{40}$/, name);
      assert.match(repository, /^[\w.-]+\/[\w.-]+$/, name);
    }
    const fit = fitOf(input({ facts: MODEL_CATALOGUE["qwen2.5-72b-instruct-awq"].facts }));
    assert.deepEqual([fit.problems, fit.warnings], [[], []]);
    const small = fitOf(
      input({
        facts: SMALL,
        engine: { maxModelLength: 8192 },
        instanceType: "g6.xlarge",
        resources: { requests: { cpu: "3", memory: "10Gi" }, limits: { cpu: "4", memory: "12Gi" } },
      }),
    );
    assert.deepEqual([small.problems, small.warnings], [[], []]);
  });

  it("has sizes that agree with what the format of the weights says", () => {
    for (const [name, { facts }] of Object.entries(MODEL_CATALOGUE)) {
      const { weightsGiB: _, ...rest } = facts;
      const derived = weightsGiB(rest);
      assert.ok(Math.abs(derived / facts.weightsGiB - 1) < 0.12, `${name}: ${derived} for ${facts.weightsGiB}`);
    }
    const quantized = Object.values(MODEL_CATALOGUE).filter((model) => "quantization" in model.facts);
    assert.ok(quantized.every(({ facts }) => "quantization" in facts && facts.quantization === ModelQuantization.Awq));
  });
});
