import assert from "node:assert/strict";
import { modelImporterStatements, modelReaderStatements } from "../../../components/llm/model-permissions";

const KEY = "arn:aws:kms:us-east-1:111111111111:key/1";
const STORE = { bucketArn: "arn:aws:s3:::models", kmsKeyArn: KEY, region: "us-east-1" };
const SOURCE = {
  bucketArn: "arn:aws:s3:::origin",
  prefix: "models/llama/v1/",
  kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/2",
  region: "eu-west-1",
};

describe("permissions on a model store", () => {
  it("let servers read versions of models, and nothing else", () => {
    assert.deepEqual(modelReaderStatements(STORE), [
      {
        Sid: "ListModels",
        Effect: "Allow",
        Action: "s3:ListBucket",
        Resource: "arn:aws:s3:::models",
        Condition: { StringLike: { "s3:prefix": ["models/*"] } },
      },
      { Sid: "ReadModels", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::models/models/*" },
      {
        Sid: "DecryptModels",
        Effect: "Allow",
        Action: ["kms:Decrypt"],
        Resource: [KEY],
        Condition: { StringEquals: { "kms:ViaService": ["s3.us-east-1.amazonaws.com"] } },
      },
    ]);
  });

  it("let imports add, and neither replace nor delete", () => {
    const statements = modelImporterStatements(STORE);
    const actions = statements.flatMap(({ Action }) => Action);
    assert.deepEqual([...new Set(actions)].sort(), [
      "kms:Decrypt",
      "kms:GenerateDataKey",
      "s3:AbortMultipartUpload",
      "s3:GetObject",
      "s3:ListBucket",
      "s3:PutObject",
    ]);
    const puts = statements.filter(
      ({ Action, Resource }) => Action === "s3:PutObject" && `${Resource}`.includes("/models/"),
    );
    assert.deepEqual(
      puts.map(({ Condition }) => Condition),
      [{ Null: { "s3:if-none-match": "false" } }, { Bool: { "s3:ObjectCreationOperation": "false" } }],
    );
    assert.deepEqual(
      statements.filter(({ Resource }) => Resource === "*"),
      [],
    );
  });

  it("let imports read their sources, each in its folder", () => {
    const statements = modelImporterStatements(STORE, [SOURCE]);
    const of = (sid: string) => statements.find(({ Sid }) => Sid === sid);
    assert.deepEqual(of("ListSource0")?.Condition, { StringLike: { "s3:prefix": ["models/llama/v1/*"] } });
    assert.equal(of("ReadSource0")?.Resource, "arn:aws:s3:::origin/models/llama/v1/*");
    assert.deepEqual(of("DecryptSources")?.Resource, [SOURCE.kmsKeyArn]);
    assert.deepEqual(of("DecryptSources")?.Condition, {
      StringEquals: { "kms:ViaService": ["s3.eu-west-1.amazonaws.com"] },
    });
  });

  it("name no key where there is none, and KMS as China calls it", () => {
    const open = { ...STORE, kmsKeyArn: "" };
    assert.ok(!JSON.stringify([modelReaderStatements(open), modelImporterStatements(open)]).includes("kms:"));
    assert.match(
      JSON.stringify(modelReaderStatements({ ...STORE, region: "cn-north-1" })),
      /s3\.cn-north-1\.amazonaws\.com\.cn/,
    );
  });
});
