import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as components from "../../components";
import { settingsReference } from "../../docs/settings-reference";

const ROOT = join(__dirname, "../..");
const PAGES = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  ...readdirSync(join(ROOT, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

const read = (page: string) => readFileSync(join(ROOT, page), "utf8");

/** Anchors of a page's headings, as GitHub makes them. */
function anchors(page: string): Set<string> {
  const headings = [...read(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, title = ""]) => title);
  return new Set(
    headings.map((title) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

describe("documentation", () => {
  it("lists the settings as the schema has them (node --require ts-node/register docs/settings-reference.ts)", () => {
    assert.equal(read("docs/settings.md"), settingsReference());
  });

  it("has no line that says nothing about a setting", () => {
    assert.doesNotMatch(settingsReference(), /: $/m);
  });

  it("lists every component of the package", () => {
    const page = read("docs/components.md");
    const missing = Object.entries(components).flatMap(([name, value]) =>
      typeof value === "function" &&
      value.prototype instanceof pulumi.ComponentResource &&
      !page.includes(`\`${name}\``)
        ? [name]
        : [],
    );
    assert.deepEqual(missing, []);
  });

  for (const page of PAGES) {
    it(`links from ${page} lead somewhere`, () => {
      const links = [...read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target = ""]) => target);
      const dead = links.filter((link) => {
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? page : relative(ROOT, join(ROOT, dirname(page), path));
        if (!existsSync(join(ROOT, target))) return true;
        return anchor !== undefined && !anchors(target).has(anchor);
      });
      assert.deepEqual(dead, []);
    });
  }
});
