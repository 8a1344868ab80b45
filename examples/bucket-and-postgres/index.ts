import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Bucket, EncryptionKey, KeyService, Postgres } from "llm-platform";

// A bucket and a database in a VPC that exists, both encrypted with one key, for an application that runs anywhere in that VPC.
const config = new pulumi.Config();
const region = config.require("region");
const durable = true;

const options = { providers: [new aws.Provider("aws", { region })] };
const { keyArn } = new EncryptionKey(
  "key",
  {
    description: "Database and bucket of the application",
    accountId: config.require("accountId"),
    region,
    services: [KeyService.Rds, KeyService.S3],
    durable,
  },
  options,
);
const bucket = new Bucket(
  "uploads",
  {
    create: {
      purpose: "uploads",
      kmsKeyArn: keyArn,
      corsOrigins: [`https://${config.require("host")}`],
      durable,
    },
  },
  options,
);
// Letters and digits only, so that no connection string needs to escape it.
const password = new random.RandomPassword("postgres-password", { length: 32, special: false });
const postgres = new Postgres(
  "postgres",
  {
    create: {
      engineVersion: "16",
      instanceClass: "db.t4g.medium",
      allocatedStorageGiB: 50,
      multiAz: true,
      backupRetentionDays: 14,
      vpcId: config.require("vpcId"),
      subnetIds: config.requireObject<string[]>("subnetIds"),
      clientSecurityGroupIds: { application: config.require("applicationSecurityGroupId") },
      databaseName: "application",
      masterPassword: password.result,
      kmsKeyArn: keyArn,
      durable,
    },
  },
  options,
);

export const bucketName = bucket.bucketName;
export const databaseUrl = pulumi.interpolate`postgresql://${postgres.username}:${password.result}@${postgres.host}:${postgres.port}/${postgres.database}?${postgres.sslArguments}`;
