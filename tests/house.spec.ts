import assert from "node:assert/strict";
import { basename, dirname } from "node:path";
import * as ts from "typescript";
import * as components from "../components";
import { LLM_MAKERS } from "./components/makers/llm";
import { PLATFORM_MAKERS } from "./components/makers/platform";
import { graphOf } from "./support/graph";
import { explicitProviders } from "./support/providers";
import { componentsIn, docOf, has, nodes, type Source, sourcesOf } from "./support/sources";
import { stackOf } from "./support/stacks";
import { recordedVariant, VARIANTS, type VariantName } from "./support/variants";

/** Layers of the package: a file imports from lower ones, and from its own folder. */
const LAYERS: Record<string, number> = {
  internal: 0,
  foundation: 1,
  data: 2,
  edge: 3,
  operations: 3,
  langfuse: 4,
  llm: 4,
  delivery: 5,
};

const PACKAGE = sourcesOf("components");
const STACKS = sourcesOf("stacks");
const PREVIEW = sourcesOf("preview");
const RENDER = sourcesOf("render");
const REHEARSAL = sourcesOf("rehearsal");
const ENTRY = sourcesOf("index.ts");
const COMPONENTS = PACKAGE.flatMap((source) =>
  componentsIn(source).map((node) => ({ source, node, name: node.name?.text ?? "" })),
);

/** What no platform of one region has; examples/regions makes them. */
const OF_SEVERAL_REGIONS = {
  CrossRegionReplication: PLATFORM_MAKERS.CrossRegionReplication,
  GlobalEndpoint: PLATFORM_MAKERS.GlobalEndpoint,
  ModelHealthRoute: LLM_MAKERS.ModelHealthRoute,
};

function layerOf(path: string): string {
  return path.split("/")[1] ?? "";
}

/** `ClickHouse` is one word. */
function kebab(name: string): string {
  return name
    .replace("ClickHouse", "Clickhouse")
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase();
}

/** Lists of what the package shows: its face, and the parts of it that lie in large folders. */
const FACES = PACKAGE.filter(({ path }) => /^components\/([a-z]+\/)?index\.ts$/.test(path));

/** Interfaces on the package's face, which callers fill in or read. */
function publicInterfaces(): { source: Source; node: ts.InterfaceDeclaration }[] {
  assert.ok(FACES.some(({ path }) => path === "components/index.ts"));
  const names = new Set(
    FACES.flatMap(({ tree }) => [...nodes(tree)].filter(ts.isExportSpecifier).map(({ name }) => name.text)),
  );
  return PACKAGE.flatMap((source) =>
    source.tree.statements.flatMap((node) =>
      ts.isInterfaceDeclaration(node) && names.has(node.name.text) ? [{ source, node }] : [],
    ),
  );
}

/** Arguments of components, down to their blocks. */
function argumentInterfaces() {
  return publicInterfaces().filter(({ node }) => /Args$/.test(node.name.text));
}

/** Interfaces that are written into a Secret entry by entry, whatever the entries are called. */
const WRITTEN_WHOLE = ["PasswordValuesArgs", "ClickHouseServerSecretArgs"];

/** What a program must not read wherever it likes: configuration, surroundings, files, time and chance. */
function ambient({ tree, imports }: Source): string[] {
  const modules = imports
    .filter(
      ({ specifier, typeOnly }) =>
        !typeOnly && /^(node:)?(fs|fs\/promises|child_process|os|http|https|net)$/.test(specifier),
    )
    .map(({ specifier }) => specifier);
  const reads = [...nodes(tree)].flatMap((node) => {
    if (ts.isNewExpression(node) && node.expression.getText(tree) === "Date" && !node.arguments?.length)
      return ["new Date()"];
    if (!ts.isPropertyAccessExpression(node)) return [];
    const text = node.getText(tree);
    return /^(pulumi\.(Config|getStack|getProject|getOrganization)|process\.(env|argv|cwd)|Date\.now|Math\.random|pulumi\.runtime\.isDryRun)$/.test(
      text,
    )
      ? [text]
      : [];
  });
  return [...new Set([...modules, ...reads])].sort();
}

describe("the house", () => {
  describe("imports", () => {
    it("go from the entry to the stacks, and nobody imports the entry", () => {
      assert.deepEqual(
        ENTRY.flatMap(({ imports }) => imports.map(({ file }) => dirname(file ?? "").split("/")[0])),
        ["stacks", "stacks"],
      );
      for (const { path, imports } of [
        ...PACKAGE,
        ...STACKS,
        ...PREVIEW,
        ...RENDER,
        ...REHEARSAL,
        ...sourcesOf("bench", "tests"),
      ]) {
        assert.ok(!imports.some(({ file }) => file === "index.ts"), path);
      }
    });

    it("of stacks reach the package through its face", () => {
      for (const { path, imports } of STACKS) {
        const pure = path.startsWith("stacks/settings/");
        for (const { file = "", specifier } of imports) {
          if (specifier.startsWith(".") && !file.startsWith("stacks/")) {
            assert.ok(file === "components/index.ts" || pure, `${path} imports ${specifier}`);
            assert.match(file, /^components\//, `${path} imports ${specifier}`);
          }
        }
      }
    });

    it("of the rehearsal reach what it rehearses; nothing that is rehearsed knows of it", () => {
      for (const { path, imports } of [...ENTRY, ...PACKAGE, ...STACKS, ...PREVIEW]) {
        assert.ok(!imports.some(({ file = "" }) => file.startsWith("rehearsal/")), path);
      }
      for (const { path, imports } of REHEARSAL) {
        const own = /^(rehearsal|preview|stacks\/settings|components\/internal)\//;
        for (const { specifier, file = "" } of imports.filter((each) => each.specifier.startsWith("."))) {
          assert.match(file, own, `${path} imports ${specifier}`);
        }
      }
    });

    it("of the renderer reach the preview alone; nothing knows of it", () => {
      for (const { path, imports } of [...ENTRY, ...PACKAGE, ...STACKS, ...PREVIEW, ...REHEARSAL]) {
        assert.ok(!imports.some(({ file = "" }) => file.startsWith("render/")), path);
      }
      for (const { path, imports } of RENDER) {
        for (const { specifier, file = "" } of imports.filter((each) => each.specifier.startsWith("."))) {
          assert.match(file, /^(render|preview)\//, `${path} imports ${specifier}`);
        }
      }
    });

    it("of settings are pure: no resource can come from there", () => {
      for (const { path, imports } of STACKS.filter((source) => source.path.startsWith("stacks/settings/"))) {
        for (const { specifier, file, typeOnly } of imports) {
          assert.ok(typeOnly || !/^@pulumi\/(aws|kubernetes|random)/.test(specifier), `${path} imports ${specifier}`);
          const classes = COMPONENTS.map(({ source }) => source.path);
          assert.ok(typeOnly || !classes.includes(file ?? ""), `${path} imports ${specifier}`);
        }
      }
    });

    it("of components go down the layers", () => {
      for (const { path, imports } of PACKAGE.filter((source) => source.path !== "components/index.ts")) {
        const own = LAYERS[layerOf(path)];
        assert.notEqual(own, undefined, `${path} is in no layer`);
        for (const { specifier, file = "" } of imports.filter((each) => each.specifier.startsWith("."))) {
          assert.match(file, /^components\//, `${path} imports ${specifier}`);
          assert.ok(!FACES.some((face) => face.path === file), `${path} imports the package's face`);
          const other = LAYERS[layerOf(file)] ?? Number.POSITIVE_INFINITY;
          assert.ok(layerOf(file) === layerOf(path) || other < (own ?? 0), `${path} imports ${specifier}`);
        }
      }
    });

    it("of components never bring another component of their own layer", () => {
      const homes = new Map(COMPONENTS.map(({ source, name }) => [name, source.path]));
      for (const { path, imports } of PACKAGE.filter((source) => !FACES.includes(source))) {
        for (const { file, names } of imports) {
          for (const name of names) {
            if (homes.get(name) !== file || file === undefined) continue;
            assert.notEqual(layerOf(file), layerOf(path), `${path} uses ${name}`);
          }
        }
      }
    });

    it("of helpers bring no cloud at run time, and nobody's brings what only tests need", () => {
      for (const { path, imports } of PACKAGE) {
        for (const { specifier, typeOnly } of imports) {
          if (layerOf(path) === "internal" && !typeOnly) assert.doesNotMatch(specifier, /^@pulumi\/(?!pulumi$)/, path);
          assert.doesNotMatch(specifier, /^(zod|mocha|ts-node|typescript|@hpcc-js)/, path);
        }
      }
    });
  });

  describe("surroundings", () => {
    it("are not read by components", () => {
      assert.deepEqual(
        PACKAGE.flatMap((source) => ambient(source).map((read) => `${source.path}: ${read}`)),
        [],
      );
    });

    it("are read by the settings; the composition knows only how it is called", () => {
      const names = ["pulumi.getProject", "pulumi.getStack"];
      for (const source of STACKS) {
        // Generates a file on request; no program imports it.
        if (source.path === "stacks/settings/write-schema.ts") continue;
        // What stands for encrypted values is for plans alone.
        const known = source.path === "stacks/settings/index.ts" ? [...names, "pulumi.runtime.isDryRun"] : names;
        for (const read of ambient(source)) assert.ok(known.includes(read), `${source.path}: ${read}`);
      }
      assert.deepEqual(ENTRY.flatMap(ambient), []);
    });
  });

  describe("components", () => {
    it("are all on the package's face", () => {
      const exported: Record<string, unknown> = components;
      assert.ok(COMPONENTS.length >= 30);
      for (const { name, source } of COMPONENTS) assert.ok(exported[name], `${name} of ${source.path} is not exported`);
    });

    it("live alone in a file of their name", () => {
      for (const { name, source, node } of COMPONENTS) {
        assert.equal(basename(source.path, ".ts"), kebab(name));
        assert.equal(componentsIn(source).length, 1, source.path);
        assert.ok(has(node, ts.SyntaxKind.ExportKeyword), name);
      }
    });

    it("say who they are, take one set of arguments, and offer outputs alone", () => {
      for (const { name, source, node } of COMPONENTS) {
        const text = node.getText(source.tree);
        assert.match(text, new RegExp(`super\\("llm-platform:index:${name}", name, \\{\\}, opts\\)`), name);
        const constructor_ = node.members.find(ts.isConstructorDeclaration);
        assert.ok(constructor_, name);
        assert.deepEqual(
          constructor_.parameters.map((parameter) => parameter.getText(source.tree)),
          ["name: string", `args: ${name}Args`, "opts?: pulumi.ComponentResourceOptions"],
          name,
        );
        assert.match(
          constructor_.body?.statements.at(-1)?.getText(source.tree) ?? "",
          /^this\.registerOutputs\(/,
          name,
        );
        for (const member of node.members.filter(ts.isPropertyDeclaration)) {
          assert.match(
            member.type?.getText(source.tree) ?? "",
            /^pulumi\.Output</,
            `${name}.${member.name.getText(source.tree)}`,
          );
          assert.ok(has(member, ts.SyntaxKind.ReadonlyKeyword), name);
        }
      }
    });

    it("register every output, and no other", async function () {
      // Alone, this test records every variant; in a whole run they are recorded already.
      this.timeout(60_000);
      // One recording at a time: the SDK keeps its monitor per process.
      const stacks = [await stackOf("prod")];
      for (const variant of Object.keys(VARIANTS) as VariantName[]) stacks.push(await recordedVariant(variant));
      const regions = await graphOf(() => {
        const options = explicitProviders();
        for (const [name, make] of Object.entries(OF_SEVERAL_REGIONS)) make?.(kebab(name), options);
      });
      const instances = [...stacks.map(({ graph }) => graph), regions].flatMap(({ resources }) => resources);
      for (const { name, source, node } of COMPONENTS) {
        const fields = node.members.filter(ts.isPropertyDeclaration).map((member) => member.name.getText(source.tree));
        const instance = instances.find(({ type }) => type === `llm-platform:index:${name}`);
        assert.ok(instance, `no stack makes a ${name}`);
        assert.deepEqual(Object.keys(instance.outputs ?? {}).sort(), fields.sort(), name);
      }
    });

    it("explain themselves: class, arguments, outputs", () => {
      const silent = [
        ...COMPONENTS.flatMap(({ name, source, node }) => [
          ...(docOf(node) === "" ? [name] : []),
          ...node.members
            .filter(ts.isPropertyDeclaration)
            .filter((member) => docOf(member) === "")
            .map((member) => `${name}.${member.name.getText(source.tree)}`),
        ]),
        ...argumentInterfaces().flatMap(({ source, node }) =>
          node.members
            .filter((member) => docOf(member) === "")
            .map((member) => `${node.name.text}.${member.name?.getText(source.tree)}`),
        ),
      ];
      assert.deepEqual(silent, []);
    });

    it("read every argument that they take", () => {
      const read = new Set(
        PACKAGE.flatMap(({ tree }) =>
          [...nodes(tree)].flatMap((node) => {
            if (ts.isPropertyAccessExpression(node)) return [node.name.text];
            if (ts.isBindingElement(node)) return [(node.propertyName ?? node.name).getText(tree)];
            return ts.isStringLiteral(node) ? [node.text] : [];
          }),
        ),
      );
      const dead = argumentInterfaces()
        .filter(({ node }) => !WRITTEN_WHOLE.includes(node.name.text))
        .flatMap(({ source, node }) =>
          node.members
            .map((member) => member.name?.getText(source.tree) ?? "")
            .filter((name) => !read.has(name))
            .map((name) => `${node.name.text}.${name}`),
        );
      assert.deepEqual(dead, []);
    });

    it("take plain shapes and Inputs, which every language has", () => {
      for (const { source, node } of argumentInterfaces()) {
        for (const member of node.members.filter(ts.isPropertySignature)) {
          const where = `${node.name.text}.${member.name.getText(source.tree)}`;
          assert.ok(member.type && has(member, ts.SyntaxKind.ReadonlyKeyword), where);
          for (const type of nodes(member.type)) {
            const refused =
              ts.isUnionTypeNode(type) ||
              ts.isFunctionTypeNode(type) ||
              ts.isIntersectionTypeNode(type) ||
              ts.isTypeOperatorNode(type);
            assert.ok(!refused, `${where} is ${type.getText(source.tree)}`);
          }
          assert.doesNotMatch(
            member.type.getText(source.tree),
            /\b(aws|kubernetes|random)\.|\bunknown\b|\bResource\b/,
            where,
          );
        }
      }
    });
  });
});
