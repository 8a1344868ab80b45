import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openProject } from "../../preview/project";
import { exitCode } from "../../rehearsal/report/exit-code";
import { verdictTable } from "../../rehearsal/report/table";
import { writeReport } from "../../rehearsal/report/write";
import { notRun, verdict } from "../../rehearsal/verdict";
import { sampleReader } from "../preview/fixtures/sample-reader";
import { reportOf } from "./support/report";

const PASSED = verdict("pods fit", "9 pods", [], ["stand-in pods"]);
const FAILED = verdict("every NetworkPolicy, Service, PodDisruptionBudget and monitor selects a pod", "4 selectors", [
  "Service apps/web: selects no pod. Its selector app=web fits none of the labels in the namespace; compare it with those of the Deployment.",
]);
const LEFT_OUT = notRun("kinds are known", "no CRDs given");

describe("the report of a rehearsal", () => {
  describe("in the terminal", () => {
    const table = (colour: boolean, changes = {}) =>
      verdictTable(reportOf({ verdicts: [PASSED, FAILED, LEFT_OUT], ...changes }), { width: 80, colour });

    it("shows drill, verdict and figure, and what the verdict rests on", () => {
      assert.match(table(false), /^ {2}pods fit +passed {3}9 pods \(judged on stand-in pods\)$/m);
      assert.match(table(false), /^ {2}kinds are known +not run {2}no CRDs given$/m);
    });

    it("shows findings below what failed, and keeps within the width", () => {
      assert.match(table(false), /selects a pod\n {4}- Service apps\/web: selects no pod\./);
      for (const line of table(false).split("\n")) assert.ok(line.length <= 80, line);
    });

    it("keeps the lines of a finding that has several", () => {
      const verdicts = [verdict("up succeeds", "3 of 9", ["create failed:\nnamespace apps is gone"])];
      assert.match(table(false, { verdicts }), /^ {4}- create failed:\n {6}namespace apps is gone$/m);
    });

    it("ends with the totals", () => {
      assert.equal(table(false).trimEnd().split("\n").at(-1), "1 passed, 1 failed, 1 not run");
    });

    it("tells which path ran, and what nobody modelled", () => {
      assert.match(table(false), /Program +inline program\n/);
      assert.match(table(false), /Providers +aws stand-in, kubernetes real, random stand-in\n/);
      assert.match(table(false), /Not modelled +aws:ec2\/flowLog:FlowLog\n/);
    });

    it("shows the shares of each pool, and none of what a pool lacks", () => {
      const shares = { cpu: 0.624, memory: 0.48, pods: 0.3 };
      const pools = [
        { pool: "pool-cpu", nodes: 3, added: 1, ...shares },
        { pool: "pool-gpu", nodes: 0, added: 0, cpu: 0, memory: 0, pods: 0, gpu: 0 },
      ];
      const lines = table(false, { pools }).split("\n");
      assert.ok(lines.includes("  Pool      nodes  added   CPU  memory  pods  GPUs"), lines.join("\n"));
      assert.ok(lines.includes("  pool-cpu      3      1  62 %    48 %  30 %"), lines.join("\n"));
      assert.ok(lines.includes("  pool-gpu      0      0"), lines.join("\n"));
    });

    it("has the same columns in colour", () => {
      const control = String.fromCharCode(27);
      assert.ok(table(true).includes(`${control}[32mpassed${control}[39m`));
      assert.equal(table(true).replaceAll(new RegExp(`${control}\\[[0-9]+m`, "g"), ""), table(false));
    });
  });

  describe("exit code", () => {
    it("is 0 when all that was tried passed", () => {
      assert.equal(exitCode([{ verdicts: [PASSED, LEFT_OUT] }]), 0);
    });

    it("is 1 when anything failed in any stack", () => {
      assert.equal(exitCode([{ verdicts: [PASSED, FAILED] }, { verdicts: [PASSED] }]), 1);
    });

    it("is 1 when a stack shows nothing", () => {
      assert.equal(exitCode([{ verdicts: [LEFT_OUT] }]), 1);
      assert.equal(exitCode([]), 1);
    });
  });

  describe("on disk", () => {
    const project = openProject(join(__dirname, "../preview/fixtures/sample"));
    let out: string;
    beforeEach(() => {
      out = mkdtempSync(join(tmpdir(), "rehearsal-report-"));
    });
    afterEach(() => rmSync(out, { recursive: true, force: true }));

    it("lies beside a preview whose page shows it", async () => {
      const report = reportOf({ verdicts: [PASSED] });
      const file = await writeReport(out, report, project, sampleReader);
      assert.equal(file, join(out, "dev", "rehearsal.json"));
      assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), report);
      assert.match(readFileSync(join(out, "dev", "index.html"), "utf8"), /<td>pods fit<\/td>/);
      assert.deepEqual(readdirSync(out), ["dev"]);
    });

    it("is written also when the preview refuses the stack, which is then said", async () => {
      await assert.rejects(
        writeReport(out, reportOf({ stack: "refused" }), project, sampleReader),
        /greeting: must not/,
      );
      assert.deepEqual(readdirSync(join(out, "refused")), ["rehearsal.json"]);
    });

    it("never goes into a folder of somebody else's", async () => {
      mkdirSync(join(out, "dev"));
      writeFileSync(join(out, "dev", "notes.txt"), "mine");
      await assert.rejects(writeReport(out, reportOf(), project, sampleReader), /holds files that no preview wrote/);
      assert.equal(existsSync(join(out, "dev", "rehearsal.json")), false);
    });
  });
});
