import type { CheckResult, Properties } from "../../providers/provider";
import type { Cloud } from "../cloud";
import { refusal } from "../refusal";
import type { Draft, LiveResource, ResourceRules, RuleTable } from "../resource";
import { known, only } from "./stores";

const BUCKET = "aws:s3/bucket:Bucket";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";

/** Tags of an object, the provider's default tags included. */
const MOST_OBJECT_TAGS = 10;

/** Settings of a bucket that are resources of their own. */
const BUCKET_SETTINGS = [
  "bucketCorsConfiguration:BucketCorsConfiguration",
  "bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "bucketOwnershipControls:BucketOwnershipControls",
  "bucketPolicy:BucketPolicy",
  "bucketPublicAccessBlock:BucketPublicAccessBlock",
  "bucketReplicationConfig:BucketReplicationConfig",
  "bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "bucketVersioning:BucketVersioning",
];

const bucketSetting: ResourceRules = {
  replaces: ["bucket", "expectedBucketOwner"],
  references: { bucket: { to: BUCKET } },
  computed: ({ inputs }) => ({ id: inputs.bucket }),
};

/** S3. */
export const BUCKET_RULES: RuleTable = {
  [BUCKET]: {
    name: { property: "bucket", lowerCase: true },
    defaults: { forceDestroy: false },
    replaces: ["objectLockEnabled"],
    tagged: true,
    unique: {
      key: ({ bucket }) => `${bucket}`,
      message: ({ physicalName }) =>
        `BucketAlreadyOwnedByYou: Your previous request to create the named bucket ${physicalName} succeeded and you already own it.`,
    },
    missing: (value) => `NoSuchBucket: The specified bucket does not exist: ${value}`,
    inUse: ({ id }) => notEmpty(id),
    release: ({ id, inputs }, cloud) => {
      if (inputs.forceDestroy !== true && cloud.filledBuckets.has(id)) throw new Error(notEmpty(id));
    },
    gone: ({ id }, cloud) => {
      for (const object of cloud.all(OBJECT).filter(({ inputs }) => inputs.bucket === id)) cloud.remove(object);
    },
  },
  ...Object.fromEntries(BUCKET_SETTINGS.map((type) => [`aws:s3/${type}`, bucketSetting])),
  "aws:s3/bucketReplicationConfig:BucketReplicationConfig": {
    ...bucketSetting,
    check: checkReplicationRules,
    admit: ({ inputs }, cloud) => checkVersioned(inputs, cloud),
    admitChange: (_resource, now, cloud) => checkVersioned(now, cloud),
  },
  [OBJECT]: {
    replaces: ["bucket", "key"],
    tagged: true,
    references: {
      bucket: {
        to: BUCKET,
        holds: ({ inputs }, cloud) => cloud.find(BUCKET, inputs.bucket)?.inputs.forceDestroy !== true,
      },
      kmsKeyId: { to: "aws:kms/key:Key" },
    },
    computed: ({ inputs }) => ({ id: `${inputs.bucket}/${inputs.key}` }),
    admit: checkObject,
  },
};

function notEmpty(id: string): string {
  return `BucketNotEmpty: The bucket you tried to delete is not empty: ${id}. Set forceDestroy first, or empty it.`;
}

/** S3 has fewer tags for objects than AWS for all else, and no ACLs where the bucket's owner owns everything. */
function checkObject({ inputs }: Draft, cloud: Cloud): void {
  const tags = Object.keys({ ...cloud.defaultTags, ...inputs.tags }).length;
  if (tags > MOST_OBJECT_TAGS) throw refusal("BadRequest", "Object tags cannot be greater than 10");
  const owned = cloud
    .all("aws:s3/bucketOwnershipControls:BucketOwnershipControls")
    .some(
      ({ inputs: controls }) =>
        controls.bucket === inputs.bucket && controls.rule?.objectOwnership === "BucketOwnerEnforced",
    );
  if (owned && inputs.acl !== undefined) {
    throw refusal("AccessControlListNotSupported", "The bucket does not allow ACLs");
  }
}

/** What S3 says of rules that do not fit together. */
function checkReplicationRules({ rules = [] }: Properties): CheckResult["failures"] {
  if (!known(rules)) return [];
  const priorities = rules.map(({ priority = 0 }: Properties) => priority);
  return only([
    new Set(priorities).size < rules.length && {
      property: "rules",
      reason: "InvalidRequest: Found overlapping priorities: each rule needs a priority of its own",
    },
    ...rules.map(
      ({ filter, deleteMarkerReplication }: Properties) =>
        filter !== undefined &&
        deleteMarkerReplication === undefined && {
          property: "rules",
          reason: "InvalidRequest: DeleteMarkerReplication must be specified for rules with a filter",
        },
    ),
    ...rules.map(
      ({ sourceSelectionCriteria, destination }: Properties) =>
        (sourceSelectionCriteria?.sseKmsEncryptedObjects !== undefined) !==
          (destination?.encryptionConfiguration !== undefined) && {
          property: "rules",
          reason:
            "InvalidRequest: SseKmsEncryptedObjects and EncryptionConfiguration of the destination go together or not at all",
        },
    ),
  ]);
}

/** Replication goes between versioned buckets. */
function checkVersioned({ bucket, rules = [] }: Properties, cloud: Cloud): void {
  if (!versioned(bucket, cloud)) {
    throw refusal(
      "InvalidRequest",
      `Versioning must be 'Enabled' on the bucket ${bucket} to apply a replication configuration`,
    );
  }
  for (const { destination } of rules) {
    const name = String(destination?.bucket).replace(/^arn:[^:]+:s3:::/, "");
    if (!versioned(name, cloud))
      throw refusal("InvalidRequest", `Destination bucket ${name} must have versioning enabled.`);
  }
}

/** Whether a bucket keeps versions; those of others are taken to. */
function versioned(bucket: string, cloud: Cloud): boolean {
  if (cloud.find(BUCKET, bucket) === undefined) return true;
  return cloud
    .all("aws:s3/bucketVersioning:BucketVersioning")
    .some(
      ({ inputs }: LiveResource) => inputs.bucket === bucket && inputs.versioningConfiguration?.status === "Enabled",
    );
}
