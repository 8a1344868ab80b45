import * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import { type IamSettings, partitionOf } from "../internal/iam";
import { checkBucketArgs } from "./bucket-checks";
import { createBucket } from "./bucket-create";
import { replicateBucket } from "./bucket-replication";

export interface BucketArgs {
  /** A bucket of our own. Exactly one of `create` and `existing`. */
  readonly create?: BucketCreateArgs;
  /** A bucket that somebody else owns, on AWS or an S3-compatible service; nothing is made. */
  readonly existing?: BucketExistingArgs;
}

/** An S3 bucket that only its account can reach, over TLS alone, encrypted with a customer managed key. */
export interface BucketCreateArgs {
  /** What the bucket is for, e.g. `media`; becomes the tag `purpose`. */
  readonly purpose: string;
  /** Key of the objects. Roles that use the bucket need it in their policies. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** Whether overwritten and deleted objects stay as older versions. Default true; replication needs it. */
  readonly versioned?: boolean;
  /** Days until an object expires. Default: never, which is right for everything that a database refers to. */
  readonly expirationDays?: number;
  /** Days until an older version expires. Default 30. */
  readonly noncurrentExpirationDays?: number;
  /** Days until the parts of an unfinished upload are thrown away. Default 7. */
  readonly abortMultipartDays?: number;
  /** Origins whose pages may GET, PUT and HEAD objects from a browser, e.g. `https://langfuse.example.com`. Default none. */
  readonly corsOrigins?: pulumi.Input<string>[];
  /** A second region that receives every new object. Default none. Objects from before are not copied. */
  readonly replication?: BucketReplicationArgs;
  /**
   * Durable: protected, kept when the stack goes, and never deleted while it holds objects. Otherwise it goes with the stack,
   * objects included.
   */
  readonly durable: boolean;
}

/** Where copies go. */
export interface BucketReplicationArgs {
  /** Region of the copy. Changing it replaces the copy. */
  readonly region: string;
  /** Key of the copy, in that region. */
  readonly kmsKeyArn: pulumi.Input<string>;
  /** What the account demands of the role that copies. */
  readonly iam?: IamSettings;
}

/** A bucket of somebody else's. */
export interface BucketExistingArgs {
  /** Name of the bucket. */
  readonly bucketName: pulumi.Input<string>;
  /** Region of the bucket; what an S3-compatible service calls it otherwise. */
  readonly region: pulumi.Input<string>;
  /** URL of an S3-compatible service. Default: AWS. */
  readonly endpoint?: pulumi.Input<string>;
  /** Whether the service wants the bucket in the path. Default false. */
  readonly forcePathStyle?: boolean;
  /** Key that encrypts the bucket on AWS, for the policies of roles that use it. Default none. */
  readonly kmsKeyArn?: pulumi.Input<string>;
}

/**
 * Object storage for one purpose: an S3 bucket with versioning, encryption, lifecycle, a TLS-only policy and no public
 * access, optionally copied to a second region; or the address of an existing bucket. Who may use it is decided in the
 * policies of roles.
 */
export class Bucket extends pulumi.ComponentResource {
  /** For applications. */
  readonly bucketName: pulumi.Output<string>;
  /** For policies of roles. */
  readonly bucketArn: pulumi.Output<string>;
  /** For applications. */
  readonly region: pulumi.Output<string>;
  /** URL of an S3-compatible service; empty on AWS, where clients derive it from the region. */
  readonly endpoint: pulumi.Output<string>;
  /** Whether clients put the bucket into the path. */
  readonly forcePathStyle: pulumi.Output<boolean>;
  /** For policies of roles; empty when no customer managed key is involved. */
  readonly kmsKeyArn: pulumi.Output<string>;
  /** Name of the copy in the second region; empty without replication. */
  readonly replicaName: pulumi.Output<string>;
  /** Gate: the bucket is closed, encrypted and versioned. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: BucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:Bucket", name, {}, opts);
    checkBucketArgs(name, args);
    if (args.create !== undefined) {
      const made = createBucket(name, args.create, undefined, { parent: this });
      const copy = replicateBucket(name, made, args.create, { parent: this });
      this.bucketName = made.bucket.bucket;
      this.bucketArn = made.bucket.arn;
      this.region = made.bucket.region;
      this.endpoint = pulumi.output("");
      this.forcePathStyle = pulumi.output(false);
      this.kmsKeyArn = pulumi.output(args.create.kmsKeyArn);
      this.replicaName = copy?.bucket.bucket ?? pulumi.output("");
      this.ready = ready([made.bucket, ...made.settings]);
    } else {
      const existing = args.existing as BucketExistingArgs;
      this.bucketName = pulumi.output(existing.bucketName);
      this.region = pulumi.output(existing.region);
      this.bucketArn = pulumi.interpolate`arn:${this.region.apply(partitionOf)}:s3:::${this.bucketName}`;
      this.endpoint = pulumi.output(existing.endpoint ?? "");
      this.forcePathStyle = pulumi.output(existing.forcePathStyle ?? false);
      this.kmsKeyArn = pulumi.output(existing.kmsKeyArn ?? "");
      this.replicaName = pulumi.output("");
      this.ready = ready();
    }
    this.registerOutputs({
      bucketName: this.bucketName,
      bucketArn: this.bucketArn,
      region: this.region,
      endpoint: this.endpoint,
      forcePathStyle: this.forcePathStyle,
      kmsKeyArn: this.kmsKeyArn,
      replicaName: this.replicaName,
      ready: this.ready,
    });
  }
}
