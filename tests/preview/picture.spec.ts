import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ARROWS, BOXES, VISITORS } from "../../preview/landscape";
import { loadGraphviz } from "../../preview/output";
import { pictureOf } from "../../preview/picture";
import { dotOf } from "../../preview/picture-dot";
import { styledSvg } from "../../preview/picture-svg";
import { planOf } from "../../preview/plan";
import type { RecordedResource } from "../../preview/recorder";
import { treeOf } from "../../preview/tree";
import { component, resource, stack } from "./support";

const COMPONENTS = join(__dirname, "..", "..", "components");

function picture(...resources: RecordedResource[]) {
  const recording = {
    resources: [stack(), ...resources],
    duplicateUrns: [],
    failures: [],
    secrets: [],
    result: undefined,
  };
  return pictureOf(treeOf(planOf("llm-platform", "test", recording)));
}

const inside = (parent: RecordedResource, name: string) => resource("aws:ec2/vpc:Vpc", name, { parent: parent.urn });

describe("the picture", () => {
  it("knows every component class of the package, and none that is not there", () => {
    const classes = (readdirSync(COMPONENTS, { recursive: true }) as string[])
      .filter((path) => path.endsWith(".ts"))
      .map((path) => readFileSync(join(COMPONENTS, path), "utf8"))
      .flatMap((text) => [...text.matchAll(/^export class (\w+) extends pulumi\.ComponentResource/gm)])
      .map(([, name]) => name);
    assert.deepEqual(Object.keys(BOXES).sort(), classes.sort());
  });

  it("has arrows between boxes of the table alone", () => {
    const ids = Object.entries(BOXES).flatMap(([name, { parts }]) =>
      parts === undefined ? [name] : Object.keys(parts).map((part) => `${name}.${part}`),
    );
    const known = new Set([VISITORS, ...ids]);
    const unknown = ARROWS.flatMap(({ from, to }) => [from, to]).filter((id) => !known.has(id));
    assert.deepEqual(unknown, []);
  });

  it("folds instances of a class into one box, with all their resources", () => {
    const pools = ["cpu", "gpu"].map((name) => component("NodePool", name));
    const { boxes } = picture(...pools, ...pools.map((pool) => inside(pool, `${pool.name}-nodes`)));
    assert.deepEqual(
      boxes.map(({ id, instances, count }) => ({ id, instances, count })),
      [{ id: "NodePool", instances: ["cpu", "gpu"], count: 2 }],
    );
  });

  it("draws an arrow only when both ends are there", () => {
    const kinds = (...names: string[]) => picture(...names.map((name) => component(name, name))).arrows;
    assert.deepEqual(kinds("ClickHouse"), []);
    assert.deepEqual(
      kinds("ClickHouse", "ClickHouseKeeper").map(({ from, to }) => [from, to]),
      [["ClickHouse", "ClickHouseKeeper"]],
    );
  });

  it("shows the components inside a wrapper, and a strange component as it is", () => {
    const wrapper = component("Platform", "wrapper");
    const strange = component("Strange", "strange");
    const { boxes } = picture(wrapper, component("Redis", "redis", { parent: wrapper.urn }), strange);
    assert.deepEqual(
      boxes.map(({ id, area }) => [id, area]),
      [
        ["Redis", "data"],
        ["Strange", "other"],
      ],
    );
  });

  it("is drawn no wider than a screen with everything in it, and its text is escaped", async () => {
    const everything = Object.keys(BOXES).map((name) => component(name, `<${name}> & "co"`));
    const layout = await loadGraphviz();
    const svg = styledSvg(layout.dot(dotOf(picture(...everything)), "svg"), "title").replaceAll("&#45;", "-");
    const [, width] = /<svg[^>]* width="([\d.]+)"/.exec(svg) ?? [];
    assert.ok(Number(width) <= 1400, `it is ${width} wide`);
    assert.doesNotMatch(svg, /<Redis>|<Langfuse>/);
    for (const { label, parts } of Object.values(BOXES)) {
      const labels = parts ? Object.values(parts).map((part) => part.label) : [label];
      for (const text of labels) assert.ok(svg.includes(`>${text.replaceAll("'", "&#39;")}<`), text);
    }
  });
});
