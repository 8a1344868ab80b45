import * as pulumi from "@pulumi/pulumi";
import { Bucket, type BucketArgs, EncryptionKey, KeyService, partitionOf } from "llm-platform";

// A program of somebody who installed the package: it is type-checked against the package's declarations and run on its compiled code.
const registered: string[] = [];

pulumi.runtime.setMocks({
  newResource: ({ type, name, inputs }) => {
    registered.push(type);
    return { id: `${name}-id`, state: { ...inputs, arn: `arn:aws:test:::${name}`, bucket: name } };
  },
  call: ({ inputs }) => inputs,
});

async function main(): Promise<void> {
  const region = "eu-west-1";
  const key = new EncryptionKey("key", {
    description: "Of the consumer",
    accountId: "111111111111",
    region,
    services: [KeyService.S3],
    durable: false,
  });
  const args: BucketArgs = { create: { purpose: "test", kmsKeyArn: key.keyArn, durable: false } };
  const bucket = new Bucket("bucket", args);
  const name: pulumi.Output<string> = bucket.bucketName;
  const seen = await new Promise((resolve) => name.apply(resolve));
  await pulumi.runtime.disconnect();
  const missing = ["llm-platform:index:Bucket", "llm-platform:index:EncryptionKey", "aws:s3/bucket:Bucket"].filter(
    (type) => !registered.includes(type),
  );
  if (missing.length > 0 || seen !== "bucket-bucket" || partitionOf(region) !== "aws") {
    throw new Error(`the package does not do what it should: ${missing.join(", ")} ${seen}`);
  }
  console.log(`consumer: ${registered.length} resources registered`);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
