import * as z from "zod";
import { isLustreSize, LUSTRE_THROUGHPUTS } from "../../../../components/llm/lustre-checks";
import { createOrExisting, says, text, whole } from "../../fields";
import { modelSource } from "./source";

const create = z
  .strictObject({
    noncurrentExpirationDays: whole("Days that overwritten and deleted objects are kept. Default 30.", 1, 3650).default(
      30,
    ),
  })
  .describe("Make an S3 bucket.");

const existing = z
  .strictObject({
    name: text(
      "Name of the bucket.",
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      "must be the name of a bucket",
      "Copy it from `aws s3 ls`.",
    ),
    region: text(
      "Region of the bucket. Default that of the stack.",
      /^[a-z]{2}(-[a-z]+)+-\d$/,
      "must be the name of an AWS region",
      "Write it as AWS does, such as eu-west-1.",
    ).optional(),
    endpoint: text(
      "URL of an interface endpoint to S3. Default the region's own.",
      /^https:\/\/[^\s/@?#]+$/,
      "must be the URL of an endpoint, without path and credentials",
      "Write it as https://host.",
    ).optional(),
    kmsKeyArn: text(
      "Key that encrypts the bucket. Default none of one's own.",
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/,
      "must be the ARN of a KMS key",
      "Copy it from `aws kms list-keys`.",
    ).optional(),
  })
  .describe("Use a bucket that exists, such as another stack's model store.");

const lustre = z
  .strictObject({
    storageGiB: z
      .int()
      .min(1200)
      .max(1_000_000)
      .refine(
        isLustreSize,
        says("must be 1200, or a multiple of 2400: FSx sells no other sizes", "Choose the next larger size."),
      )
      .default(1200)
      .describe("Size in GiB: 1200, or a multiple of 2400. Can only grow. Default 1200."),
    throughputPerTiB: z
      .int()
      .min(125)
      .max(1000)
      .refine(
        (value) => LUSTRE_THROUGHPUTS.includes(value),
        says(`must be one of ${LUSTRE_THROUGHPUTS.join(", ")}`, "Choose one of them."),
      )
      .default(125)
      .describe("MB/s for each TiB: 125, 250, 500 or 1000. Default 125."),
    zone: z
      .string()
      .min(1)
      .optional()
      .describe("Zone of the file system, that of the GPU machines. Default the first of the network."),
  })
  .describe("FSx for Lustre, for weights of kind fsxLustre. Default none.");

const version = z
  .strictObject({
    model: text(
      "Name of the model in the store.",
      /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
      "must be a name of at most 63 lower-case letters, digits and dashes",
      "Rename it.",
    ),
    version: text(
      "Version in the store.",
      /^[0-9a-z]([0-9a-z.-]{0,30}[0-9a-z])?$/,
      "must be at most 32 lower-case letters, digits, dots and dashes",
      'Write it in quotes, like "2".',
    ),
    source: modelSource.describe("Where it comes from."),
  })
  .describe("A version of a model.");

/** `llm.store`: where weights are kept. */
export const modelStoreSettings = z
  .strictObject({
    bucket: createOrExisting("The bucket.", create, existing).prefault({ create: {} }),
    environment: text(
      "What promotions are to. Default the name of the stack.",
      /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
      "must be at most 63 lower-case letters, digits and dashes",
      "Name it like prod.",
    ).optional(),
    imports: z
      .array(version)
      .default([])
      .describe(
        "Versions to import besides those that servers name: LoRA adapters, and the next version of a model before it is served. Default none.",
      ),
    deadlineMinutes: whole("Minutes until an import is given up. Default 180.", 10, 1440).default(180),
    lustre: lustre.optional(),
  })
  .prefault({})
  .describe("Where weights are kept.");
