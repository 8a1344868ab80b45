import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as ts from "typescript";
import { parse } from "yaml";
import { componentsIn, linesOf, nodes, ROOT, sourcesOf } from "./support/sources";

const LONGEST_FILE = 250;
const LONGEST_CONSTRUCTOR = 60;
/** Composition is flat: one component after the other, with its arguments; that is long, and easy to read. */
const LONGEST_FUNCTION = 60;

const PACKAGE = sourcesOf("components");
const STACKS = sourcesOf("stacks");
const PREVIEW = sourcesOf("preview");
const REHEARSAL = sourcesOf("rehearsal");
const ENTRY = sourcesOf("index.ts");
const COMPONENTS = PACKAGE.flatMap((source) =>
  componentsIn(source).map((node) => ({ source, node, name: node.name?.text ?? "" })),
);

describe("the house's files", () => {
  describe("size", () => {
    it("of files stays within what one reads at once", () => {
      const long = [...PACKAGE, ...STACKS, ...PREVIEW, ...REHEARSAL, ...sourcesOf("bench", "examples")].filter(
        ({ lines }) => lines > LONGEST_FILE,
      );
      assert.deepEqual(
        long.map(({ path, lines }) => `${path}: ${lines}`),
        [],
      );
      for (const { path, lines } of ENTRY) assert.ok(lines <= 20, path);
    });

    it("of constructors and functions stays within a screen", () => {
      const long = [...PACKAGE, ...STACKS, ...PREVIEW, ...REHEARSAL].flatMap((source) =>
        [...nodes(source.tree)].flatMap((node) => {
          const limit = ts.isConstructorDeclaration(node) ? LONGEST_CONSTRUCTOR : LONGEST_FUNCTION;
          const counted =
            ts.isConstructorDeclaration(node) || ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node);
          if (!counted || linesOf(source, node) <= limit) return [];
          return [
            `${source.path}: ${node.name?.getText(source.tree) ?? "constructor"} has ${linesOf(source, node)} lines`,
          ];
        }),
      );
      assert.deepEqual(long, []);
    });
  });

  describe("files at the top", () => {
    const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<string, unknown>;
    const project = parse(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8")) as Record<string, unknown>;

    it("make one folder both a program and a package", () => {
      // Without a main of its own the program would start with the package.
      assert.equal(project.main, "index.ts");
      assert.equal(manifest.main, "components/index.ts");
      assert.equal(project.name, manifest.name);
      for (const { source, node, name } of COMPONENTS) {
        assert.ok(node.getText(source.tree).includes(`"${manifest.name}:index:${name}"`), name);
      }
    });

    it("bring the compiler along, without which Pulumi would take one of its own", () => {
      const dependencies = Object.keys(manifest.dependencies as object);
      for (const name of ["typescript", "ts-node"]) assert.ok(dependencies.includes(name), name);
    });

    it("bring every library that the program imports, and none that it does not", () => {
      const used = new Set(
        [...PACKAGE, ...STACKS, ...ENTRY].flatMap(({ imports }) =>
          imports
            .filter(({ file, specifier }) => file === undefined && !specifier.startsWith("node:"))
            .map(({ specifier }) =>
              specifier
                .split("/")
                .slice(0, specifier.startsWith("@") ? 2 : 1)
                .join("/"),
            ),
        ),
      );
      const dependencies = Object.keys(manifest.dependencies as object);
      for (const name of used) assert.ok(dependencies.includes(name), `${name} is imported but no dependency`);
      const tools = ["typescript", "ts-node", "@swc/core"];
      for (const name of dependencies) assert.ok(used.has(name) || tools.includes(name), `${name} is never imported`);
    });
  });
});
