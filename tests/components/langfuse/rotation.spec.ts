import assert from "node:assert/strict";
import {
  activeSlot,
  CredentialSlot,
  isRevision,
  revisionSummary,
  slotPasswordKey,
  slotRevision,
  slotSummary,
  slotUser,
} from "../../../components/langfuse/rotation";

const { A, B } = CredentialSlot;

describe("rotation", () => {
  for (const [revision, active, a, b] of [
    [0, A, 0, 1],
    [1, B, 0, 1],
    [2, A, 2, 1],
    [3, B, 2, 3],
    [4, A, 4, 3],
    [5, B, 4, 5],
  ] as const) {
    it(`uses ${active} at revision ${revision}, with passwords of revisions ${a} and ${b}`, () => {
      assert.equal(activeSlot(revision), active);
      assert.deepEqual([slotRevision(A, revision), slotRevision(B, revision)], [a, b]);
      assert.equal(slotSummary(revision), `a-${a}.b-${b}`);
    });
  }

  it("never changes the password that was in use before, and never two at once", () => {
    for (let revision = 1; revision < 20; revision++) {
      const before = activeSlot(revision - 1);
      assert.notEqual(activeSlot(revision), before);
      assert.equal(slotRevision(before, revision), slotRevision(before, revision - 1), `revision ${revision}`);
    }
  });

  it("gives every revision after the first a password that no earlier one used", () => {
    const used = Array.from({ length: 20 }, (_, revision) => {
      const slot = activeSlot(revision);
      return `${slot}${slotRevision(slot, revision)}`;
    });
    assert.equal(new Set(used).size, used.length);
  });

  it("names logins and keys", () => {
    assert.deepEqual([slotUser("langfuse", A), slotUser("langfuse", B)], ["langfuse_a", "langfuse_b"]);
    assert.deepEqual([slotPasswordKey(A), slotPasswordKey(B)], ["password-a", "password-b"]);
  });

  it("sums up all stores in one line", () => {
    assert.equal(revisionSummary(undefined), "postgres-0.redis-0.clickhouse-0.application-0");
    assert.equal(revisionSummary({ redis: 3, clickhouse: 1 }), "postgres-0.redis-3.clickhouse-1.application-0");
  });

  it("counts in whole numbers from zero", () => {
    assert.deepEqual([0, 1, -1, 1.5, Number.NaN].map(isRevision), [true, true, false, false, false]);
  });
});
