import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Bucket } from "../data/bucket";
import { after, allReady, ready } from "../internal/gates";
import { stableJson } from "../internal/stable-json";
import { MODEL_STORE_CONFIG, NOT_COPIED_BY_FLAGGER } from "./model-names";
import { checkModelStoreArgs } from "./model-store-checks";
import { STORE_SCRIPTS, STORE_SCRIPTS_CONFIG } from "./model-store-scripts";

export interface ModelStoreArgs {
  /** Namespace of models, which gets the ConfigMaps. A change replaces them. */
  readonly namespace: pulumi.Input<string>;
  /** A bucket of our own. Exactly one of `create` and `existing`. */
  readonly create?: ModelStoreCreateArgs;
  /** A bucket that exists, such as another stack's model store; only the records of promotions are written to it. */
  readonly existing?: ModelStoreExistingArgs;
  /** What promotions are to, e.g. `prod`: a DNS label. A change writes the records anew. */
  readonly environment: string;
  /** Versions that were promoted to the environment. Default none. */
  readonly promotions?: ModelPromotionArgs[];
}

/** A versioned, encrypted bucket that is reached over TLS alone. */
export interface ModelStoreCreateArgs {
  /** Key of the objects. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Days that overwritten and deleted objects are kept. Default 30. */
  readonly noncurrentExpirationDays?: number;
  /** Whether the bucket outlives the stack, and is protected; otherwise it goes with it, weights included. */
  readonly durable: boolean;
}

/** A bucket of somebody else's, on AWS. */
export interface ModelStoreExistingArgs {
  /** Name of the bucket. */
  readonly bucketName: pulumi.Input<string>;
  /** Region of the bucket. */
  readonly region: pulumi.Input<string>;
  /** URL of an interface endpoint to S3. Default: the region's own. */
  readonly endpoint?: pulumi.Input<string>;
  /** Key that encrypts the bucket, for the policies of roles. Default none. */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/** Who let a version into an environment, and when. */
export interface ModelPromotionArgs {
  /** Name of the model. */
  readonly model: string;
  /** Version of the model. */
  readonly version: string;
  /** Who decided it, e.g. an e-mail address. */
  readonly promotedBy: string;
  /** When, in UTC, e.g. `2026-11-25T09:30:00Z`. */
  readonly time: string;
}

/**
 * Where weights are kept, version by version, below `models/<model>/v<version>/`: the bucket, the ConfigMap that tells pods
 * where it is, the script that imports and verifies, and a record of each promotion below `promotions/`. Records stay when they
 * are no longer listed: they are history. What is in the store, and who may use it, is decided elsewhere.
 */
export class ModelStore extends pulumi.ComponentResource {
  /** For sources of other stores, and for people. */
  readonly bucketName: pulumi.Output<string>;
  /** For policies of roles. */
  readonly bucketArn: pulumi.Output<string>;
  /** For policies of roles, and for mounts. */
  readonly region: pulumi.Output<string>;
  /** For policies of roles; empty when no key of our own is involved. */
  readonly kmsKeyArn: pulumi.Output<string>;
  /** Gate: the bucket is closed, encrypted and versioned, and pods learn of it. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ModelStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ModelStore", name, {}, opts);
    checkModelStoreArgs(name, args);
    const bucket = new Bucket(
      `${name}-models`,
      {
        create: args.create && { ...args.create, purpose: "models", versioned: true },
        existing: args.existing,
      },
      { parent: this },
    );
    const configuration = storeConfiguration(name, args, bucket, { parent: this });
    promotionRecords(name, args, bucket, { parent: this });
    this.bucketName = bucket.bucketName;
    this.bucketArn = bucket.bucketArn;
    this.region = bucket.region;
    this.kmsKeyArn = bucket.kmsKeyArn;
    this.ready = allReady(bucket.ready, ready(configuration));
    this.registerOutputs({
      bucketName: this.bucketName,
      bucketArn: this.bucketArn,
      region: this.region,
      kmsKeyArn: this.kmsKeyArn,
      ready: this.ready,
    });
  }
}

/** What pods need to know: where the store is, and the script. */
function storeConfiguration(
  name: string,
  { namespace }: ModelStoreArgs,
  { bucketName, region, endpoint }: Bucket,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const { keys } = MODEL_STORE_CONFIG;
  return [
    new kubernetes.core.v1.ConfigMap(
      `${name}-config`,
      {
        metadata: { namespace, name: MODEL_STORE_CONFIG.name, annotations: NOT_COPIED_BY_FLAGGER },
        data: { [keys.bucket]: bucketName, [keys.region]: region, [keys.endpoint]: endpoint },
      },
      opts,
    ),
    new kubernetes.core.v1.ConfigMap(
      `${name}-scripts`,
      { metadata: { namespace, name: STORE_SCRIPTS_CONFIG }, immutable: true, data: { ...STORE_SCRIPTS } },
      opts,
    ),
  ];
}

function promotionRecords(
  name: string,
  { environment, promotions = [] }: ModelStoreArgs,
  bucket: Bucket,
  opts: pulumi.CustomResourceOptions,
): void {
  for (const { model, version, promotedBy, time } of promotions) {
    new aws.s3.BucketObjectv2(
      `${name}-promotion-${model}-v${version}`,
      {
        bucket: bucket.bucketName,
        region: bucket.region,
        key: `promotions/${environment}/${model}/v${version}.json`,
        contentType: "application/json",
        content: stableJson({ promotedBy, time }),
      },
      { ...opts, retainOnDelete: true, dependsOn: after(bucket.ready) },
    );
  }
}
