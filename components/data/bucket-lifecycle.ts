import type * as aws from "@pulumi/aws";

/** What decides how long objects stay; plain values. */
export interface LifecycleSettings {
  readonly versioned?: boolean;
  readonly expirationDays?: number;
  readonly noncurrentExpirationDays?: number;
  readonly abortMultipartDays?: number;
}

type Rule = aws.types.input.s3.BucketLifecycleConfigurationRule;

const WHOLE_BUCKET = { prefix: "" };

/** The lifecycle rules of a bucket. Current objects expire only when that is asked for. */
export function lifecycleRules(settings: LifecycleSettings): Rule[] {
  const { versioned = true, expirationDays, noncurrentExpirationDays = 30, abortMultipartDays = 7 } = settings;
  const rules: Rule[] = [
    rule("abort-unfinished-uploads", { abortIncompleteMultipartUpload: { daysAfterInitiation: abortMultipartDays } }),
  ];
  if (expirationDays !== undefined) rules.push(rule("expire-objects", { expiration: { days: expirationDays } }));
  if (versioned) {
    rules.push(
      rule("expire-older-versions", { noncurrentVersionExpiration: { noncurrentDays: noncurrentExpirationDays } }),
    );
    // A rule with days removes such markers as well; without one they would pile up behind every deleted object.
    if (expirationDays === undefined) {
      rules.push(rule("remove-lone-delete-markers", { expiration: { expiredObjectDeleteMarker: true } }));
    }
  }
  return rules;
}

function rule(id: string, action: Partial<Rule>): Rule {
  return { id, status: "Enabled", filter: WHOLE_BUCKET, ...action };
}
