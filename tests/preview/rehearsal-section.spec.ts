import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../preview/main";
import { type RehearsalReport, settingsDigest } from "../../preview/rehearsal-report";
import { reportOf } from "../rehearsal/support/report";
import { sampleReader } from "./fixtures/sample-reader";

const SAMPLE = join(__dirname, "fixtures", "sample");
const SETTINGS = readFileSync(join(SAMPLE, "Pulumi.dev.yaml"), "utf8");

describe("the preview of a stack that was rehearsed", () => {
  let out: string;
  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), "rehearsed-"));
  });
  afterEach(() => rmSync(out, { recursive: true, force: true }));

  const read = (file: string) => readFileSync(join(out, "dev", file), "utf8");

  function rehearsed(text: string): void {
    mkdirSync(join(out, "dev"), { recursive: true });
    writeFileSync(join(out, "dev", "rehearsal.json"), text);
  }

  async function preview(): Promise<{ code: number; stderr: string }> {
    let stderr = "";
    const code = await main(["--stack", "dev", "--out", out], {
      folder: SAMPLE,
      today: new Date("2026-01-01"),
      colour: false,
      reader: sampleReader,
      stdout: { write: () => true },
      stderr: { write: (text) => (stderr += text) },
    });
    return { code, stderr };
  }

  /** The page after a rehearsal with `changes`. */
  async function pageOf(changes: Partial<RehearsalReport>): Promise<string> {
    rehearsed(JSON.stringify(reportOf({ settingsDigest: settingsDigest(SETTINGS), ...changes })));
    assert.deepEqual(await preview(), { code: 0, stderr: "" });
    return read("index.html");
  }

  it("keeps the report's bytes, and writes the same page again", async () => {
    const text = `${JSON.stringify(reportOf(), undefined, 7)}\n\n`;
    rehearsed(text);
    await preview();
    const page = read("index.html");
    await preview();
    assert.equal(read("rehearsal.json"), text);
    assert.equal(read("index.html"), page);
  });

  it("says nothing of rehearsals in the page of a stack without one", async () => {
    await preview();
    assert.doesNotMatch(read("index.html"), /rehears/i);
  });

  it("shows each verdict in words, with figure, basis and findings", async () => {
    const verdicts: RehearsalReport["verdicts"] = [
      { drill: "pods fit", outcome: "failed", figure: "9 pods", findings: ["Pod a/b: <i>too large</i>."] },
      { drill: "selectors", outcome: "passed", figure: "4", findings: [], basis: ["stand-in pods"] },
      { drill: "kinds", outcome: "not run", figure: "no CRDs", findings: [] },
    ];
    const page = await pageOf({ verdicts });
    assert.match(page, /<a href="#rehearsal">Rehearsal<\/a>/);
    assert.match(page, /1 passed, 1 failed, 1 not run/);
    assert.match(page, /<tr class="failed">\s*<td>pods fit<\/td><td><span class="outcome">failed<\/span>/);
    assert.match(page, /1 finding<\/summary><ul><li>Pod a\/b: &lt;i&gt;too large&lt;\/i&gt;\./);
    assert.match(page, /judged on stand-in pods/);
    assert.match(page, /<tr class="not-run">\s*<td>kinds<\/td>/);
  });

  it("notes that the settings are other ones by now", async () => {
    assert.doesNotMatch(await pageOf({}), /Rehearsed with other settings/);
    assert.match(await pageOf({ settingsDigest: settingsDigest(`${SETTINGS}#`) }), /Rehearsed with other settings/);
  });

  it("refuses a report that it cannot read, says where it is, and leaves it", async () => {
    for (const [text, reason] of [
      ["{", "JSON"],
      [JSON.stringify({ ...reportOf(), seconds: "12" }), "seconds: "],
      [JSON.stringify({ ...reportOf(), format: 2 }), "format: "],
    ] as const) {
      rehearsed(text);
      const { code, stderr } = await preview();
      assert.equal(code, 1);
      assert.ok(stderr.startsWith(`${join(out, "dev", "rehearsal.json")} is not a report of a rehearsal: `), stderr);
      assert.ok(stderr.includes(reason), stderr);
      assert.ok(stderr.endsWith("Delete it, or rehearse again.\n"), stderr);
      assert.equal(read("rehearsal.json"), text);
    }
  });
});
