import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { denyInsecureTransport, policyDocument } from "../internal/iam";
import type { BucketCreateArgs } from "./bucket";
import { lifecycleRules } from "./bucket-lifecycle";

/** A bucket with the settings that close, encrypt and version it. */
export interface MadeBucket {
  readonly bucket: aws.s3.Bucket;
  readonly versioning: aws.s3.BucketVersioning;
  readonly settings: pulumi.Resource[];
}

/** A bucket with all its settings, in the provider's region or in `region`. */
export function createBucket(
  name: string,
  args: BucketCreateArgs,
  region: string | undefined,
  opts: pulumi.CustomResourceOptions,
): MadeBucket {
  const place = region === undefined ? {} : { region };
  // Settings stay with a bucket that stays: without them it would be open to a public policy and to plain HTTP.
  const kept = { ...opts, retainOnDelete: args.durable };
  const bucket = new aws.s3.Bucket(
    `${name}-bucket`,
    { ...place, forceDestroy: !args.durable, tags: { purpose: args.purpose } },
    { ...kept, protect: args.durable },
  );
  const target = { ...place, bucket: bucket.bucket };
  const versioning = new aws.s3.BucketVersioning(
    `${name}-versioning`,
    { ...target, versioningConfiguration: { status: (args.versioned ?? true) ? "Enabled" : "Suspended" } },
    kept,
  );
  const lifecycle = new aws.s3.BucketLifecycleConfiguration(
    `${name}-lifecycle`,
    { ...target, rules: lifecycleRules(args) },
    // Rules about versions are only accepted once versioning is decided.
    { ...kept, dependsOn: [versioning] },
  );
  const cors = corsConfiguration(name, target, args, opts);
  return {
    bucket,
    versioning,
    settings: [versioning, lifecycle, ...access(name, target, bucket, args, kept), ...cors],
  };
}

interface Target {
  readonly region?: string;
  readonly bucket: pulumi.Output<string>;
}

/** Encryption, ownership, and who gets in. */
function access(
  name: string,
  target: Target,
  bucket: aws.s3.Bucket,
  args: BucketCreateArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const encryption = encryptionConfiguration(name, target, args, opts);
  const ownership = new aws.s3.BucketOwnershipControls(
    `${name}-ownership`,
    { ...target, rule: { objectOwnership: "BucketOwnerEnforced" } },
    opts,
  );
  const closed = new aws.s3.BucketPublicAccessBlock(
    `${name}-public-access-block`,
    { ...target, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    opts,
  );
  const policy = new aws.s3.BucketPolicy(
    `${name}-policy`,
    { ...target, policy: bucket.arn.apply((arn) => policyDocument([denyInsecureTransport(arn)])) },
    // S3 refuses to change a bucket's policy and its public access at the same moment.
    { ...opts, dependsOn: [closed] },
  );
  return [encryption, ownership, closed, policy];
}

function encryptionConfiguration(
  name: string,
  target: Target,
  args: BucketCreateArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-encryption`,
    {
      ...target,
      rules: [
        {
          applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: args.kmsKeyArn },
          bucketKeyEnabled: true,
          // Objects under a key of the caller's would be unreadable for everybody else. New buckets block it anyway; saying so
          // keeps old and new ones alike.
          blockedEncryptionTypes: ["SSE-C"],
        },
      ],
    },
    opts,
  );
}

/** Not retained: origins that are taken out of the settings must lose their access at once. */
function corsConfiguration(
  name: string,
  target: Target,
  args: BucketCreateArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { corsOrigins = [] } = args;
  if (corsOrigins.length === 0) return [];
  return [
    new aws.s3.BucketCorsConfiguration(
      `${name}-cors`,
      {
        ...target,
        corsRules: [
          {
            allowedOrigins: corsOrigins,
            allowedMethods: ["GET", "PUT", "HEAD"],
            allowedHeaders: ["*"],
            exposeHeaders: ["ETag"],
            maxAgeSeconds: 3600,
          },
        ],
      },
      opts,
    ),
  ];
}
