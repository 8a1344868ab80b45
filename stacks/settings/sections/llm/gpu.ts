import * as z from "zod";
import { choice, text, whole } from "../../fields";

const replicas = (description: string) =>
  z.strictObject({ replicas: whole("Pods that share a GPU.", 2, 48) }).describe(description);

const partitions = z
  .strictObject({
    strategy: choice(
      "How partitions are counted: single (each as nvidia.com/gpu) or mixed (each under its profile, for pods of your own). Default single.",
      ["single", "mixed"],
    ).default("single"),
    profile: text(
      "NVIDIA's name of a partition, e.g. 1g.10gb.",
      /^[1-7]g\.\d+gb$/,
      "must be the name of a MIG profile",
      "Write it as `nvidia-smi mig -lgip` does, such as 1g.10gb.",
    ),
    partitions: whole("Partitions of each GPU, as many as NVIDIA's table gives for the profile.", 1, 7),
  })
  .describe("GPUs are cut in hardware when a machine starts; p4d, p5 and p6 types.");

// That exactly one is given is a rule of its own, which also knows the GPUs of the pool.
const sharing = z
  .strictObject({
    timeSlicing: replicas(
      "Pods take turns on a GPU; nothing keeps one from the memory of another. Small models only.",
    ).optional(),
    mps: replicas(
      "Pods use a GPU at the same time, each with an equal part of its memory (NVIDIA's MPS, experimental).",
    ).optional(),
    mig: partitions.optional(),
  })
  .meta({ oneOf: ["timeSlicing", "mps", "mig"].map((key) => ({ required: [key] })) })
  .describe("How the pods of a pool share its GPUs: one of timeSlicing, mps, mig.");

/** `llm.gpu`: how GPUs reach pods. */
export const gpuSettings = z
  .strictObject({
    scheduler: choice(
      "Who fills GPU machines one after the other: second (a scheduler beside EKS' own, for model servers alone) or managed (EKS' own, which then fills all machines of the cluster like that). Default second.",
      ["second", "managed"],
    ).default("second"),
    sharing: z
      .record(
        text(
          "Name of a pool with GPUs.",
          /^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$/,
          "must be a pool name of at most 20 lower-case letters, digits and dashes",
          "Write it as in nodePools.",
        ),
        sharing,
      )
      .default({})
      .describe("Pools whose GPUs several pods share, by name. Default none: a pod has whole GPUs."),
  })
  .prefault({})
  .describe("How GPUs reach pods.");
