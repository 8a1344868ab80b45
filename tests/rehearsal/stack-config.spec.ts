import assert from "node:assert/strict";
import { openProject } from "../../preview/project";
import { settingOf, stackConfig } from "../../rehearsal/stack-config";
import { ROOT } from "../support/sources";

describe("the settings of a rehearsal", () => {
  const project = openProject(ROOT);
  const section = (changes: Record<string, unknown>, name: string) =>
    JSON.parse(stackConfig(project, "staging", changes).config[`llm-platform:${name}`] ?? "null");

  it("are those of the stack's file", () => {
    assert.deepEqual(section({}, "nodePools").system, { instanceType: "m7i.large", minSize: 2, maxSize: 4 });
    assert.equal(settingOf(project, "staging", "nodePools.system.maxSize"), 4);
    assert.equal(settingOf(project, "staging", "rotation.redis"), undefined);
  });

  it("may differ by path, also below sections that the file leaves out", () => {
    const changes = { "nodePools.system.maxSize": 5, "rotation.redis": 1 };
    assert.equal(section(changes, "nodePools").system.maxSize, 5);
    assert.deepEqual(section(changes, "rotation"), { redis: 1 });
  });

  it("lose what is undefined", () => {
    assert.equal(section({ "langfuse.host": undefined }, "langfuse").host, undefined);
  });

  it("name the stacks that there are when one is missing", () => {
    assert.throws(() => stackConfig(project, "nope", {}), /Stacks found: prod, staging/);
  });
});
