import * as z from "zod";
import { exactlyOne, flag, text } from "../../fields";

const huggingFace = z
  .strictObject({
    repository: text(
      "Owner and name of the repository, e.g. Qwen/Qwen2.5-7B-Instruct.",
      /^[\w.-]{1,96}\/[\w.-]{1,96}$/,
      "must be a repository on Hugging Face: owner and name",
      "Write it like Qwen/Qwen2.5-7B-Instruct.",
    ),
    revision: text(
      "Commit of 40 hexadecimal digits. In a disposable stack a branch or a tag will do; what those name may change.",
      /^[\w./-]{1,128}$/,
      "must be a commit, a tag or a branch",
      "Copy the commit from the repository's page Files and versions, History.",
    ),
    token: flag("Whether it takes secrets.huggingFaceToken to read it. Default false.", false),
  })
  .describe("A repository on the Hugging Face Hub.");

const bucket = z
  .strictObject({
    name: text(
      "Name of the bucket.",
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      "must be the name of a bucket",
      "Copy it from `aws s3 ls`.",
    ),
    prefix: text(
      "Folder of the model's files, with a slash at its end, e.g. models/llama/v1/.",
      /^([^/\s]+\/)+$/,
      "must end with a slash and not begin with one",
      "Write it as models/llama/v1/.",
    ),
    region: text(
      "Region of the bucket. Default that of the stack.",
      /^[a-z]{2}(-[a-z]+)+-\d$/,
      "must be the name of an AWS region",
      "Write it as AWS does, such as eu-west-1.",
    ).optional(),
    kmsKeyArn: text(
      "Key that encrypts the bucket. Default none of one's own.",
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/,
      "must be the ARN of a KMS key",
      "Copy it from `aws kms list-keys`.",
    ).optional(),
  })
  .describe("A folder of a bucket on AWS, such as a version in another stack's model store.");

const filePattern = text(
  "Name of a file, or a pattern such as *.json.",
  /^[^\s/]\S*$/,
  "must be a pattern without spaces that does not begin with a slash",
  "Write it like *.json.",
);

/** Where a version of a model comes from. */
export const modelSource = exactlyOne(
  z.strictObject({
    huggingFace: huggingFace.optional(),
    bucket: bucket.optional(),
    filePatterns: z
      .array(filePattern)
      .min(1)
      .optional()
      .describe(
        "Files that are taken; an asterisk does not reach across a slash. Default safetensors, JSON, tokenizers.",
      ),
  }),
  ["huggingFace", "bucket"],
);

/** Who let a version into the environment, and when. */
export const promotion = z
  .strictObject({
    promotedBy: z.string().min(1).describe("Who decided it, e.g. an e-mail address."),
    time: text(
      "When, in UTC.",
      /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/,
      "must be a moment in UTC",
      'Write it in quotes, like "2026-11-25T09:30:00Z".',
    ),
  })
  .describe("Record of who let this version into the environment; kept in the model store. Default none.");

/** Entries of `llm.models.<server>` that say where a model comes from. */
export const sourceEntries = {
  source: modelSource
    .optional()
    .describe(
      "Where this version comes from. Default what the catalogue says of the model; with weights in the image or a store that exists, nothing.",
    ),
  promotion: promotion.optional(),
};
