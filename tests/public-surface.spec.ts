import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ComponentProvider, getPulumiComponents } from "@pulumi/pulumi/provider/experimental";
import * as components from "../components";
import { ROOT } from "./support/sources";

const SURFACE = join(__dirname, "public-surface.txt");

interface Property {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: Property;
  readonly additionalProperties?: Property;
  readonly description?: string;
}

interface Shape {
  readonly properties?: Record<string, Property>;
  readonly required?: string[];
  readonly inputProperties?: Record<string, Property>;
  readonly requiredInputs?: string[];
  readonly enum?: readonly { readonly value: string }[];
}

interface Schema {
  readonly resources: Record<string, Shape>;
  readonly types: Record<string, Shape>;
}

/**
 * The package as the multi-language analyzer sees it. It gets the components alone, and nothing of the cloud SDKs, whose types are no
 * part of the surface and take ten times as long to read.
 */
async function analyzed(): Promise<Schema> {
  const folder = mkdtempSync(join(tmpdir(), "llm-platform-surface-"));
  try {
    const entry = join(ROOT, "components/index.ts");
    const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, "tsconfig.json"), "utf8")) as {
      compilerOptions: Record<string, unknown>;
    };
    const nothing = join(folder, "nothing.d.ts");
    writeFileSync(nothing, "export {};\n");
    const clouds = ["aws", "kubernetes", "random"].map((name) => [`@pulumi/${name}`, [nothing]]);
    const options = { ...compilerOptions, types: [], paths: Object.fromEntries(clouds) };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files: [entry] }));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "llm-platform", main: entry }));
    const provider = new ComponentProvider({
      components: getPulumiComponents(components),
      dirname: folder,
      name: "llm-platform",
    });
    return JSON.parse(await provider.getSchema()) as Schema;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The surface as text, one line a component or type: its inputs (`?` when optional), then its outputs. */
function surfaceOf({ resources, types }: Schema): string {
  const list = (properties: Record<string, Property> = {}, required: readonly string[] = Object.keys(properties)) =>
    Object.entries(properties)
      .map(([name, property]) => `  ${name}${required.includes(name) ? "" : "?"}: ${typeOf(property)}`)
      .sort();
  const blocks = [
    ...Object.entries(resources).map(([token, shape]) => [
      `component ${nameOf(token)}`,
      ...list(shape.inputProperties, shape.requiredInputs ?? []),
      "  =>",
      ...list(shape.properties),
    ]),
    ...Object.entries(types).map(([token, shape]) => [
      `type ${nameOf(token)}`,
      ...(shape.enum?.map(({ value }) => `  ${value}`) ?? list(shape.properties, shape.required ?? [])),
    ]),
  ];
  return `${blocks
    .map((lines) => lines.join("\n"))
    .sort()
    .join("\n\n")}\n`;
}

function typeOf(property: Property): string {
  if (property.$ref) return nameOf(property.$ref);
  if (property.items) return `${typeOf(property.items)}[]`;
  if (property.additionalProperties) return `{ ${typeOf(property.additionalProperties)} }`;
  return property.type ?? "any";
}

function nameOf(token: string): string {
  return (
    token
      .split(/[:/.#]/)
      .filter((part) => part !== "json")
      .at(-1) ?? token
  );
}

describe("the package's public surface", function () {
  this.timeout(60_000);
  let schema: Schema;
  before(async () => {
    schema = await analyzed();
  });

  it("is what the other languages of Pulumi can use: every component passes the analyzer", () => {
    const names = getPulumiComponents(components).map(({ name }) => name);
    assert.deepEqual(Object.keys(schema.resources).map(nameOf).sort(), names.sort());
  });

  it("has a type for everything", () => {
    const loose = Object.entries({ ...schema.resources, ...schema.types }).flatMap(([token, shape]) =>
      Object.entries({ ...shape.inputProperties, ...shape.properties })
        .filter(
          ([, property]) => /\bany\b|pulumi\.json#\/Any/.test(typeOf(property)) || /Any$/.test(property.$ref ?? ""),
        )
        .map(([name]) => `${nameOf(token)}.${name}`),
    );
    assert.deepEqual(loose, []);
  });

  it("changes on purpose alone: run with UPDATE_SURFACE=1, and look at the difference", () => {
    const surface = surfaceOf(schema);
    if (process.env.UPDATE_SURFACE === "1") writeFileSync(SURFACE, surface);
    assert.equal(surface, readFileSync(SURFACE, "utf8"));
  });
});
