import * as z from "zod";
import { createOrExisting, flag, kubernetesName, secretEntry, text, whole } from "../fields";

const region = (description: string) =>
  text(
    description,
    /^[a-z]{2}(-[a-z]+)+-\d$/,
    "must be the name of an AWS region",
    "Write it as AWS does, such as eu-west-1.",
  );

const kept = {
  noncurrentExpirationDays: whole("Days that overwritten and deleted versions are kept. Default 30.", 1, 3650).default(
    30,
  ),
  replicationRegion: region("Second region to which every object is copied. Default none.").optional(),
};

const expiring = {
  expirationDays: whole("Days after which objects are deleted. Default never.", 1, 3650).optional(),
  ...kept,
};

const existing = z
  .strictObject({
    name: text(
      "Name of the bucket.",
      /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
      "must be the name of a bucket",
      "Copy it from `aws s3 ls`.",
    ),
    region: z.string().min(1).default("auto").describe("Region of the bucket, as its endpoint wants it. Default auto."),
    endpoint: text(
      "URL of an S3-compatible service. Default: AWS.",
      /^https?:\/\/[^\s/@?#]+$/,
      "must be the URL of a service, without path and credentials",
      "Write it as https://host or https://host:port.",
    ).optional(),
    forcePathStyle: flag(
      "Put the bucket's name in the path instead of the host name; most services besides AWS want it. Default false.",
      false,
    ),
    prefix: text(
      "Folder inside the bucket, with a slash at its end. Default the whole bucket.",
      /^([^/\s]+\/)*$/,
      "must end with a slash and not begin with one",
      "Write it as folder/.",
    ).default(""),
    credentials: z
      .strictObject({
        secretName: kubernetesName("Name of a Kubernetes Secret in namespace langfuse; somebody else makes it."),
        accessKeyIdKey: secretEntry("Entry with the access key id. Default access-key-id.").default("access-key-id"),
        secretAccessKeyKey: secretEntry("Entry with the secret access key. Default secret-access-key.").default(
          "secret-access-key",
        ),
      })
      .optional()
      .describe("Static keys, for services besides AWS. Default: the pods' own AWS identity."),
  })
  .describe("Use a bucket that exists.");

const expiringBucket = (use: string) =>
  createOrExisting(use, z.strictObject(expiring).describe("Make an S3 bucket."), existing);

/** `buckets`: object storage by use. */
export const bucketsSection = z
  .strictObject({
    events: expiringBucket("Ingested events before they reach ClickHouse."),
    media: createOrExisting(
      "Attachments of traces. They never expire: Langfuse remembers each upload for ever.",
      z.strictObject(kept).describe("Make an S3 bucket."),
      existing,
    ),
    exports: expiringBucket("Exports that users download."),
    backups: expiringBucket("Backups of ClickHouse."),
  })
  .describe("Object storage by use.");
