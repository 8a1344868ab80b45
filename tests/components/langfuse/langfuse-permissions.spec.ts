import assert from "node:assert/strict";
import { langfuseStatements } from "../../../components/langfuse/langfuse-permissions";

const KEY = "arn:aws:kms:us-east-1:111111111111:key/1";
const bucket = (name: string, kmsKeyArn = "", region = "us-east-1") => ({
  bucketArn: `arn:aws:s3:::${name}`,
  kmsKeyArn,
  region,
});

describe("permissions of Langfuse", () => {
  it("cover the objects of its buckets and nothing else", () => {
    const statements = langfuseStatements([bucket("events"), bucket("media")]);
    assert.deepEqual(
      statements.map(({ Sid, Resource }) => [Sid, Resource]),
      [
        ["ListBuckets", ["arn:aws:s3:::events", "arn:aws:s3:::media"]],
        ["UseObjects", ["arn:aws:s3:::events/*", "arn:aws:s3:::media/*"]],
      ],
    );
    const actions = statements.flatMap(({ Action }) => Action);
    assert.deepEqual(
      actions.filter((action) => action.includes("*") || /Policy|Acl|DeleteBucket/.test(action)),
      [],
    );
  });

  it("let keys be used through S3 of each bucket's own region alone, each key and bucket once", () => {
    const statements = langfuseStatements([
      bucket("events", KEY),
      bucket("events", KEY),
      bucket("media", KEY, "cn-north-1"),
    ]);
    const [keys] = statements.filter(({ Sid }) => Sid === "UseKeys");
    assert.deepEqual(keys?.Resource, [KEY]);
    assert.deepEqual(keys?.Action, ["kms:Decrypt", "kms:GenerateDataKey"]);
    assert.deepEqual(keys?.Condition, {
      StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com", "s3.cn-north-1.amazonaws.com.cn"] },
    });
    assert.deepEqual(statements[0]?.Resource, ["arn:aws:s3:::events", "arn:aws:s3:::media"]);
  });
});
