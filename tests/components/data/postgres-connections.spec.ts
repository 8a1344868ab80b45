import assert from "node:assert/strict";
import { connectionBudget, maxConnections } from "../../../components/data/postgres-connections";

describe("connections of PostgreSQL", () => {
  for (const [instanceClass, expected] of [
    ["db.t4g.micro", 76],
    ["db.t4g.medium", 390],
    ["db.t3.xlarge", 1648],
    ["db.m7g.large", 809],
    ["db.m8g.xlarge", 1648],
    ["db.r7g.large", 1648],
    ["db.r6i.4xlarge", 5000],
    ["db.x2g.large", 3324],
    ["db.m7g.48xlarge", 5000],
  ] as const) {
    it(`estimates ${instanceClass} on the low side: ${expected}`, () => {
      assert.equal(maxConnections(instanceClass), expected);
      assert.ok(expected <= 5000);
    });
  }

  for (const unknown of ["db.z9.large", "m7g.large", "db.m7g", "db.m7g.metal", ""]) {
    it(`does not guess for "${unknown}"`, () => {
      assert.equal(maxConnections(unknown), undefined);
      assert.equal(
        connectionBudget({ instanceClass: unknown, connectionLimit: 10, webMax: 1, workerMax: 1 }),
        undefined,
      );
    });
  }

  it("counts every pod at full size and two of a rollout against 80 %", () => {
    assert.deepEqual(
      connectionBudget({ instanceClass: "db.m7g.large", connectionLimit: 10, webMax: 20, workerMax: 30 }),
      { needed: 520, allowed: 647, fits: true },
    );
    assert.deepEqual(
      connectionBudget({ instanceClass: "db.m7g.large", connectionLimit: 13, webMax: 20, workerMax: 30 }),
      { needed: 676, allowed: 647, fits: false },
    );
  });

  it("fits exactly at the limit", () => {
    const demand = { instanceClass: "db.t4g.micro", connectionLimit: 10, webMax: 2, workerMax: 2 };
    assert.deepEqual(connectionBudget(demand), { needed: 60, allowed: 60, fits: true });
  });
});
