import * as z from "zod";
import { MODEL_CATALOGUE } from "../../../../components/llm/model-catalogue";
import { containerResources, cpuQuantity, exactlyOne, memoryQuantity, text, whole } from "../../fields";
import { engineSettings } from "./engine";

const label = (description: string) =>
  text(
    description,
    /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
    "must be a name of at most 63 lower-case letters, digits and dashes",
    "Rename it.",
  );

const version = () =>
  text(
    "Version in the model store, in quotes; a version never changes.",
    /^[0-9a-z]([0-9a-z.-]{0,30}[0-9a-z])?$/,
    "must be at most 32 lower-case letters, digits, dots and dashes",
    'Write it in quotes, like "2".',
  );

const catalogue = Object.keys(MODEL_CATALOGUE) as [keyof typeof MODEL_CATALOGUE, ...(keyof typeof MODEL_CATALOGUE)[]];

const positive = (description: string) => z.number().positive().max(100_000).describe(description);

const facts = z
  .strictObject({
    parametersBillions: positive("Parameters, in thousand millions."),
    weightsGiB: positive("Size of the weight files in GiB. Default from the parameters and their format.").optional(),
    layers: whole("num_hidden_layers.", 1, 1000),
    attentionHeads: whole("num_attention_heads.", 1, 1000),
    keyValueHeads: whole("num_key_value_heads.", 1, 1000),
    headDimension: whole("head_dim, or hidden_size / num_attention_heads.", 1, 4096),
    maxPositionEmbeddings: whole("max_position_embeddings: the longest sequence, in tokens.", 1, 100_000_000),
    quantization: z
      .enum(["none", "awq", "gptq", "fp8"])
      .default("none")
      .describe("Format of the weights; none are 16 bits. Default none."),
    intermediateSize: whole(
      "intermediate_size; with awq it says how often the weights can be cut.",
      1,
      1_000_000,
    ).optional(),
    quantizationGroupSize: whole("quantization_config.group_size. Default 128.", 1, 1_000_000).optional(),
  })
  .describe("Figures of the model's config.json.");

const model = exactlyOne(
  z.strictObject({
    catalogue: z.enum(catalogue).optional().describe("A model that the platform knows, with its figures and source."),
    facts: facts.optional(),
    name: label("Name in the model store. Default the catalogue's, else the server's.").optional(),
    version: version(),
    servedName: text(
      "Name by which callers ask for it. Default the server's.",
      /^[A-Za-z0-9][-A-Za-z0-9_.:/]{0,127}$/,
      "must be at most 128 letters, digits, dots, colons, slashes, dashes and underscores",
      "Leave it out to serve under the server's name.",
    ).optional(),
  }),
  ["catalogue", "facts"],
).describe("What is served: a model of the catalogue, or one of your own by its figures.");

const timing = z
  .strictObject({
    startupBudget: whole("From the start of the container until it answers. Default 1800.", 60, 7200).default(1800),
    preStop: whole("From leaving the load balancers until the signal to stop. Default 15.", 1, 300).default(15),
    shutdown: whole("For running requests to end after that signal. Default 120.", 1, 3600).default(120),
  })
  .prefault({})
  .describe("How long a pod takes to come and to go, in seconds.");

const adapter = z
  .strictObject({
    name: label("Name by which callers ask for it."),
    model: label("Name in the model store; llm.store.imports brings it there."),
    version: version(),
    rank: whole("r of its adapter_config.json. Default 16.", 1, 512).default(16),
  })
  .describe("A LoRA adapter.");

const tracing = z
  .strictObject({
    endpoint: text(
      "OTLP endpoint over gRPC.",
      /^https?:\/\/[^/\s@]+:\d+$/,
      "must be an endpoint with its port, without credentials",
      "Write it like http://collector.monitoring.svc.cluster.local:4317.",
    ),
    sampleRatio: z.number().min(0).max(1).default(0.1).describe("Share of requests that are traced. Default 0.1."),
  })
  .describe("Where traces go. Default nowhere.");

const amounts = (description: string) =>
  z.strictObject({ cpu: cpuQuantity("CPU."), memory: memoryQuantity("Memory.") }).describe(description);

const advice = z
  .strictObject({
    minAllowed: amounts("Least that it advises. Default 4 and 16Gi.").prefault({ cpu: "4", memory: "16Gi" }),
    maxAllowed: amounts("Most that it advises. Default 32 and 128Gi.").prefault({ cpu: "32", memory: "128Gi" }),
  })
  .describe("Advice about CPU and memory from the VPA's recommender, which changes nothing by itself. Default none.");

/** `llm.models.<server>`, less what weights, scaling and delivery say: entries of one strict object. */
export const modelEntries = {
  model,
  engine: engineSettings,
  image: text(
    "Image with its registry and an exact tag or digest. Default vLLM's own, pinned.",
    /^[a-z0-9.-]+\.[a-z]{2,}(:\d+)?(\/[a-z0-9._-]+)+(:(?!latest$)[\w.-]+)?(@sha256:[0-9a-f]{64})?$/,
    "must be an image with its registry and an exact tag or digest",
    "Write it like docker.io/vllm/vllm-openai:v0.32.0.",
  ).optional(),
  nodePool: text(
    "Pool with GPUs that it runs on. Default gpu.",
    /^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$/,
    "must be a pool name of at most 20 lower-case letters, digits and dashes",
    "Write it as in nodePools.",
  ).default("gpu"),
  resources: containerResources(
    "CPU and memory of a pod; GPUs follow from the engine. Default requests 8 and 32Gi, limits 16 and 48Gi.",
  ).prefault({ requests: { cpu: "8", memory: "32Gi" }, limits: { cpu: "16", memory: "48Gi" } }),
  workload: z
    .enum(["deployment", "statefulSet", "multiNode"])
    .default("deployment")
    .describe(
      "How pods are run: deployment, statefulSet (names that stay) or multiNode (a replica is a group of pods on several machines). Default deployment.",
    ),
  nodesPerReplica: whole("Machines of a group with multiNode; equals engine.pipelineParallelSize.", 2, 64).optional(),
  replicas: whole("Replicas without autoscaling. Default 1.", 0, 1000).optional(),
  spread: z
    .enum(["preferred", "required"])
    .default("preferred")
    .describe(
      "How replicas are kept apart: preferred (over zones where there is room) or required (never two on a machine, whose other GPUs then stay idle). Default preferred.",
    ),
  maxUnavailable: whole("Most pods that may be missing at once in a drain. Default 1.", 1, 1000).default(1),
  timing,
  loraAdapters: z
    .array(adapter)
    .default([])
    .describe("LoRA adapters that are served beside the model, under names of their own. Default none."),
  tracing: tracing.optional(),
  advice: advice.optional(),
};
