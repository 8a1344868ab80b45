import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../preview/main";
import { REFUSAL, sampleReader } from "./fixtures/sample-reader";

const SAMPLE = join(__dirname, "fixtures", "sample");

describe("the preview command", () => {
  let out: string;
  beforeEach(() => {
    out = mkdtempSync(join(tmpdir(), "preview-"));
  });
  afterEach(() => rmSync(out, { recursive: true, force: true }));

  async function run(args: string[], folder = SAMPLE) {
    const texts = { stdout: "", stderr: "" };
    const terminal = (name: keyof typeof texts, isTTY = false) => ({
      isTTY,
      columns: 100,
      write: (text: string) => {
        texts[name] += text;
      },
    });
    const surroundings = { folder, today: new Date("2026-01-01"), colour: false, reader: sampleReader };
    const code = await main(args, { ...surroundings, stdout: terminal("stdout"), stderr: terminal("stderr") });
    return { code, ...texts };
  }

  it("writes a page, a picture, the plan, manifests and values, and nothing else", async () => {
    const { code, stderr } = await run(["--stack", "dev", "--out", out]);
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    assert.deepEqual(readdirSync(out), ["dev"]);
    assert.deepEqual(filesBelow(join(out, "dev")), [
      "graph.svg",
      "index.html",
      "manifests/_cluster/clusterrole-system_reader.yaml",
      "manifests/apps/secret-credentials.yaml",
      "plan.json",
      "values/apps-app.yaml",
    ]);
  });

  it("writes the same bytes in every run, and removes what an earlier run left", async () => {
    await run(["--stack", "dev", "--out", out]);
    const first = contents(join(out, "dev"));
    writeFileSync(join(out, "dev", "manifests", "stale.yaml"), "old");
    await run(["--stack", "dev", "--out", out]);
    assert.deepEqual(contents(join(out, "dev")), first);
  });

  it("shows a secret nowhere, and says that it is one", async () => {
    await run(["--stack", "dev", "--out", out]);
    const files = contents(join(out, "dev"));
    assert.match(
      files["manifests/apps/secret-credentials.yaml"] ?? "",
      /password: "\[secret\]"|password: '\[secret\]'/,
    );
    const plan = JSON.parse(files["plan.json"] ?? "{}");
    assert.equal(plan.outputs.adminPassword, "[secret]");
    const secret = plan.resources.find((resource: { name: string }) => resource.name === "secret");
    assert.deepEqual(secret.secretInputs, ["stringData"]);
  });

  it("leaves annotations of Pulumi out of manifests, and heads values with their chart", async () => {
    await run(["--stack", "dev", "--out", out]);
    const files = contents(join(out, "dev"));
    assert.doesNotMatch(files["manifests/apps/secret-credentials.yaml"] ?? "", /pulumi|annotations/);
    const heading = "# Helm release app in namespace apps: chart app 1.2.3 from https://charts.example.com\n";
    assert.ok(files["values/apps-app.yaml"]?.startsWith(heading));
  });

  it("escapes markup in names, values and notices", async () => {
    await run(["--stack", "dev", "--out", out]);
    const { "index.html": page = "", "graph.svg": svg = "" } = contents(join(out, "dev"));
    for (const text of [page, svg]) assert.doesNotMatch(text, /<script>alert|<img src=x|<b>be polite/);
    assert.equal(page.match(/<\/script>/g)?.length, 2, "the page's own two scripts");
    assert.match(page, /&lt;script&gt;alert/);
    assert.doesNotMatch(page, /(src|href)="(https?:)?\/\//, "the page asks nobody for anything");
  });

  it("reports components, waves, notices and files", async () => {
    const { stdout } = await run(["--stack", "dev", "--out", out]);
    assert.match(stdout, /^sample · dev {3}6 resources in 1 component, at least 1\.0 min \(an estimate\)/);
    assert.match(stdout, /Network: Vpc/);
    assert.match(stdout, /Waves of creation \(minutes; estimate, lower bound\)/);
    assert.match(stdout, /- greeting: <b>be polite<\/b>\./);
    assert.match(stdout, /1 {2}vpc L-F678F1CE +VPCs in the region/);
    for (const line of stdout.split("\n")) assert.ok(line.length <= 120, `too long: ${line}`);
  });

  it("names the stacks that there are when one is unknown, and writes nothing", async () => {
    const { code, stderr } = await run(["--stack", "prod", "--out", out]);
    assert.equal(code, 1);
    assert.equal(stderr, 'There is no stack "prod": no file Pulumi.prod.yaml. Stacks found: dev, leaking, refused.\n');
    assert.deepEqual(readdirSync(out), []);
  });

  it("refuses unknown options, and options without a value", async () => {
    for (const args of [["--stak", "dev"], ["--stack"], ["--stack="], ["dev"]]) {
      const { code, stderr, stdout } = await run(args);
      assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
      assert.match(stderr, /Options: --stack NAME, --out FOLDER, --help\. Stacks found: dev, leaking, refused\./);
    }
  });

  it("gives the text of refused settings alone, and writes nothing", async () => {
    const { code, stderr, stdout } = await run(["--stack", "refused", "--out", out]);
    assert.deepEqual({ code, stderr, stdout }, { code: 1, stderr: `${REFUSAL}\n`, stdout: "" });
    assert.deepEqual(readdirSync(out), []);
  });

  it("refuses a plan that shows a secret, and keeps the files of the run before", async () => {
    await run(["--stack", "dev", "--out", out]);
    const before = contents(join(out, "dev"));
    const { code, stderr } = await run(["--stack", "leaking", "--out", out]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^The plan has 1 fault, so nothing was written:\n {2}urn:.*::release: values\.leak holds a secret/,
    );
    assert.deepEqual(contents(join(out, "dev")), before);
    assert.equal(existsSync(join(out, "leaking")), false);
  });

  it("replaces no folder that holds other people's files", async () => {
    cpSync(SAMPLE, join(out, "dev"), { recursive: true });
    const before = contents(join(out, "dev"));
    const { code, stderr } = await run(["--stack", "dev", "--out", out]);
    assert.equal(code, 1);
    assert.match(stderr, /holds files that no preview wrote\. Choose another place with --out/);
    assert.deepEqual(contents(join(out, "dev")), before);
  });

  it("explains itself", async () => {
    const { code, stdout } = await run(["--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /FOLDER\/NAME \(default: out\)/);
  });
});

function filesBelow(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((path) => statSync(join(folder, path)).isFile())
    .sort();
}

function contents(folder: string): Record<string, string> {
  return Object.fromEntries(filesBelow(folder).map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}
