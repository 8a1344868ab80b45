import * as z from "zod";
import { ModelWeightsKind } from "../../../../components/llm/model-server-kinds";
import { choice, memoryQuantity, text, whole } from "../../fields";

const KINDS = Object.values(ModelWeightsKind) as [ModelWeightsKind, ...ModelWeightsKind[]];

const weights = z
  .strictObject({
    kind: choice(
      "s3Streamer streams from the model store into GPU memory; s3Mount reads the store as files; efs and fsxLustre are shared file systems; image has them in the server's image. Default s3Streamer.",
      KINDS,
    ).default("s3Streamer"),
    s3Streamer: z
      .strictObject({
        concurrency: whole("Parallel reads of each GPU's process. Default 16.", 1, 256).default(16),
        bufferGiB: whole(
          "Host memory of each GPU's process through which weights pass, in GiB; at least the largest tensor. Default 4.",
          1,
          64,
        ).default(4),
      })
      .optional()
      .describe("Goes with kind s3Streamer."),
    s3Mount: z
      .strictObject({
        cacheSize: memoryQuantity(
          "How much of a node's disk a mount keeps of what was read, at least 1Gi. Default nothing.",
        ).optional(),
      })
      .optional()
      .describe("Goes with kind s3Mount."),
    efs: z
      .strictObject({
        size: memoryQuantity("What the claim asks for; EFS grows as it is filled. Default 200Gi.").default("200Gi"),
      })
      .optional()
      .describe("Goes with kind efs."),
    image: z
      .strictObject({
        path: text(
          "Folder of the weights in the server's image.",
          /^\/\S+$/,
          "must be an absolute path",
          "Write it like /models/llama.",
        ),
      })
      .optional()
      .describe("Goes with kind image."),
    digest: text(
      "Digest that the version must have, as its import reports it. Default any.",
      /^[0-9a-f]{64}$/,
      "must be 64 hexadecimal digits",
      "Copy it from the last line of the import's log.",
    ).optional(),
  })
  .prefault({})
  .describe("Where a server reads its weights from.");

/** Entries of `llm.models.<server>` that say where a server reads its weights from. */
export const weightsEntries = { weights };
