import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stackFileSchema } from "../../../stacks/settings/schema";
import { SECTIONS } from "../../../stacks/settings/settings";

interface Node {
  readonly description?: string;
  readonly properties?: Record<string, Node>;
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly oneOf?: unknown;
  readonly required?: string[];
  readonly anyOf?: unknown;
}

const ROOT = join(__dirname, "../../..");

function keys(node: Node, path: string): { path: string; node: Node }[] {
  const children = Object.entries(node.properties ?? {}).map(([key, child]) => ({
    path: `${path}.${key}`,
    node: child,
  }));
  const record =
    typeof node.additionalProperties === "object" ? [{ path: `${path}.*`, node: node.additionalProperties }] : [];
  const items = node.items === undefined ? [] : [{ path: `${path}[]`, node: node.items }];
  return [...children, ...record, ...items].flatMap((child) => [child, ...keys(child.node, child.path)]);
}

describe("schema of stack files", () => {
  const schema = stackFileSchema() as { properties: { config: Node } };
  const config = schema.properties.config;

  it("is committed as generated (npm run settings-schema)", () => {
    assert.deepEqual(
      JSON.parse(readFileSync(join(ROOT, "settings.schema.json"), "utf8")),
      JSON.parse(JSON.stringify(schema)),
    );
  });

  it("is named in the first line of both stack files", () => {
    for (const stack of ["prod", "staging"]) {
      const [first] = readFileSync(join(ROOT, `Pulumi.${stack}.yaml`), "utf8").split("\n");
      assert.equal(first, "# yaml-language-server: $schema=./settings.schema.json");
    }
  });

  it("describes every key, in a sentence", () => {
    const all = keys(config, "config").filter(({ path }) => !path.endsWith(".secure"));
    assert.ok(all.length > 200, `${all.length} keys`);
    assert.deepEqual(
      all.filter(({ node }) => !/^[A-Za-z].*\.$/s.test(node.description ?? "")).map(({ path }) => path),
      [],
    );
  });

  it("names every section, and requires those without a default", () => {
    assert.deepEqual(
      Object.keys(config.properties ?? {}),
      Object.keys(SECTIONS).map((name) => `llm-platform:${name}`),
    );
    assert.deepEqual(
      config.required,
      ["aws", "cluster", "postgres", "redis", "buckets", "clickhouse", "langfuse"].map(
        (name) => `llm-platform:${name}`,
      ),
    );
  });

  it("says that exactly one of create and existing is given", () => {
    for (const name of ["network", "cluster", "postgres", "redis", "clickhouse"]) {
      assert.deepEqual(
        config.properties?.[`llm-platform:${name}`]?.oneOf,
        [{ required: ["create"] }, { required: ["existing"] }],
        name,
      );
    }
  });

  it("takes secrets as text or encrypted", () => {
    const secrets = config.properties?.["llm-platform:secrets"]?.properties ?? {};
    assert.ok(Object.keys(secrets).length > 10);
    for (const [name, secret] of Object.entries(secrets)) assert.equal((secret.anyOf as unknown[]).length, 2, name);
  });
});
