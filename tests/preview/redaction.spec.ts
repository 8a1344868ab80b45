import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { leaves, pathsWhere, redacted } from "../../preview/redaction";
import { encodedForms, TextSearch } from "../../preview/text-search";

const secret = (value: unknown) => ({ [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig, value });

describe("redaction", () => {
  it("replaces secrets at every depth and leaves the rest", () => {
    const value = { a: secret("x"), b: [{ c: secret(1) }, "plain"], d: null };
    assert.deepEqual(redacted(value), { a: "[secret]", b: [{ c: "[secret]" }, "plain"], d: null });
  });

  it("keeps the keys of a secret object and none of its values, envelopes inside included", () => {
    const value = secret({ user: "u", list: ["x", 1, true], inner: secret("y") });
    assert.deepEqual(redacted(value), {
      user: "[secret]",
      list: ["[secret]", "[secret]", "[secret]"],
      inner: "[secret]",
    });
  });

  it("tells paths as the author wrote them, without envelopes", () => {
    const found = [...leaves({ a: secret({ b: ["x"] }), c: secret("y"), d: 1 })];
    assert.deepEqual(found, [
      { path: "a.b[0]", value: "x", secret: true, marked: false },
      { path: "c", value: "y", secret: true, marked: true },
      { path: "d", value: 1, secret: false, marked: false },
    ]);
  });

  it("does not look inside secrets for paths", () => {
    assert.deepEqual(
      pathsWhere({ a: secret("x"), b: ["x"] }, (value) => value === "x"),
      ["b[0]"],
    );
  });
});

describe("text search", () => {
  it("finds a pattern at the start, in the middle and at the end", () => {
    const search = new TextSearch(["abcdefghijkl", "0123456789abcdef"]);
    for (const text of ["abcdefghijkl", "xxabcdefghijklxx", "xx0123456789abcdef"])
      assert.ok(search.foundIn(text), text);
    for (const text of ["", "abcdefghijk", "xxabcdefghijkxlxx", "0123456789abcde"])
      assert.ok(!search.foundIn(text), text);
  });

  it("leaves out patterns that are too short to mean anything", () => {
    assert.ok(!new TextSearch(["short"]).foundIn("a short text that holds it"));
  });

  it("agrees with a plain search on many texts", () => {
    const patterns = Array.from({ length: 50 }, (_, index) => `secret-${index * 7919}-é${index}`.padEnd(14, "ß"));
    const search = new TextSearch(patterns);
    for (let index = 0; index < 500; index++) {
      const text = `${"filler ".repeat(index % 13)}secret-${index * 7919}-é${index}`.padEnd(14 + (index % 5), "ß");
      assert.equal(
        search.foundIn(text),
        patterns.some((pattern) => text.includes(pattern)),
        text,
      );
    }
  });

  it("knows Base64 at each place in a group of three", () => {
    const text = "a secret with 🔑 inside";
    const search = new TextSearch(encodedForms(text));
    for (const before of ["", "1", "12", "123"]) {
      for (const after of ["", "x", "xy"]) {
        assert.ok(search.foundIn(Buffer.from(before + text + after).toString("base64")), `${before}…${after}`);
        assert.ok(
          search.foundIn(Buffer.from(before + text + after).toString("base64url")),
          `${before}…${after}, for URLs`,
        );
      }
    }
  });
});
