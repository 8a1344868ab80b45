import assert from "node:assert/strict";
import { loadStackFile } from "../../../stacks/settings";

const load = (text: string) => loadStackFile(text, "llm-platform");

describe("stack files", () => {
  it("become what the engine hands over: scalars as text, everything else as JSON", () => {
    const text = `
encryptionsalt: v1:abc
config:
  llm-platform:lifecycle: durable
  llm-platform:number: 1.30
  llm-platform:list: [a, 1, true]
  llm-platform:object: { deep: { version: "1.30" } }
  aws:region: us-east-1
`;
    assert.deepEqual(load(text), {
      config: {
        "llm-platform:lifecycle": "durable",
        "llm-platform:number": "1.3",
        "llm-platform:list": '["a",1,true]',
        "llm-platform:object": '{"deep":{"version":"1.30"}}',
        "aws:region": "us-east-1",
      },
      secretKeys: [],
      passphrase: true,
    });
  });

  it("show what is encrypted as placeholders, and name the keys that hold it", () => {
    const text = `
config:
  llm-platform:secrets:
    salt: { secure: v1:abc }
    plain: text
  llm-platform:list: [{ secure: v1:def }]
  llm-platform:whole: { secure: v1:ghi }
`;
    assert.deepEqual(load(text), {
      config: {
        "llm-platform:secrets": '{"salt":"[secret]","plain":"text"}',
        "llm-platform:list": '["[secret]"]',
        "llm-platform:whole": "[secret]",
      },
      secretKeys: ["llm-platform:secrets", "llm-platform:list", "llm-platform:whole"],
      passphrase: false,
    });
  });

  it("may encrypt all secrets as one, whose names then stay unknown", () => {
    const { config, secretKeys } = load("config:\n  llm-platform:secrets: { secure: v1:abc }\n");
    assert.deepEqual(config, { "llm-platform:secrets": "{}" });
    assert.deepEqual(secretKeys, ["llm-platform:secrets"]);
  });

  it("may have no configuration at all", () => {
    assert.deepEqual(load(""), { config: {}, secretKeys: [], passphrase: false });
    assert.deepEqual(load("encryptionsalt: v1:abc\n"), { config: {}, secretKeys: [], passphrase: true });
  });

  const broken: [string, string, string][] = [
    [
      "broken YAML, without quoting it",
      "config:\n  llm-platform:secrets: { salt: hunter2\n",
      "The stack file is not valid YAML: BAD_INDENT in line 3, column 1. Correct it there.",
    ],
    [
      "a key twice",
      "config:\n  a:b: 1\n  a:b: 2\n",
      "The stack file is not valid YAML: DUPLICATE_KEY in line 3, column 3. Correct it there.",
    ],
    [
      "keys that are not below config",
      "config: text\n",
      "The stack file has no keys below `config:`. Indent them by two spaces.",
    ],
    [
      "a key without namespace",
      "config:\n  lifecycle: durable\n",
      "The stack file has the key lifecycle without a namespace. Write it as llm-platform:lifecycle.",
    ],
  ];
  for (const [what, text, message] of broken) {
    it(`must not have ${what}`, () => assert.throws(() => load(text), { message }));
  }
});
