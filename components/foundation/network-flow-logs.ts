import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { denyInsecureTransport, policyDocument } from "../internal/iam";
import type { FlowLogArgs } from "./network";

/** Flow logs of the whole VPC as Parquet files in a bucket of their own: a tenth of what CloudWatch costs, and Athena reads them. */
export function createFlowLogs(name: string, vpc: aws.ec2.Vpc, args: FlowLogArgs, parent: pulumi.Resource): void {
  const disposable = args.disposable ?? false;
  // What guards the bucket and clears it of old records stays with it.
  const kept: pulumi.CustomResourceOptions = { parent, retainOnDelete: !disposable };
  const bucket = new aws.s3.Bucket(`${name}-flow-logs`, { forceDestroy: disposable }, kept);
  const publicAccess = new aws.s3.BucketPublicAccessBlock(
    `${name}-flow-logs`,
    {
      bucket: bucket.id,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    kept,
  );
  new aws.s3.BucketServerSideEncryptionConfiguration(
    `${name}-flow-logs`,
    { bucket: bucket.id, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    kept,
  );
  new aws.s3.BucketLifecycleConfiguration(
    `${name}-flow-logs`,
    {
      bucket: bucket.id,
      rules: [
        {
          id: "expire",
          status: "Enabled",
          filter: {},
          expiration: { days: args.retentionDays },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    },
    kept,
  );
  const policy = new aws.s3.BucketPolicy(
    `${name}-flow-logs`,
    { bucket: bucket.id, policy: bucket.arn.apply(deliveryPolicy) },
    // S3 refuses concurrent changes of a bucket's policy and of its public access block.
    { ...kept, dependsOn: [publicAccess] },
  );
  new aws.ec2.FlowLog(
    `${name}-flow-log`,
    {
      vpcId: vpc.id,
      trafficType: "ALL",
      logDestinationType: "s3",
      logDestination: bucket.arn,
      maxAggregationInterval: 600,
      destinationOptions: { fileFormat: "parquet", perHourPartition: true, hiveCompatiblePartitions: true },
    },
    // Without the policy in place, AWS writes one of its own, which ours would then fight.
    { parent, dependsOn: [policy] },
  );
}

function deliveryPolicy(bucketArn: string): string {
  return policyDocument([
    denyInsecureTransport(bucketArn),
    {
      Sid: "DeliverFlowLogs",
      Effect: "Allow",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: `${bucketArn}/AWSLogs/*`,
      Condition: { StringEquals: { "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    {
      Sid: "CheckFlowLogs",
      Effect: "Allow",
      Principal: { Service: "delivery.logs.amazonaws.com" },
      Action: ["s3:GetBucketAcl", "s3:ListBucket"],
      Resource: bucketArn,
    },
  ]);
}
