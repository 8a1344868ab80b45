import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parse, stringify } from "yaml";
import { DELIVERED_GROUPS } from "../../components/delivery/argo-cd-kinds";
import { main } from "../../render/main";
import * as reader from "../../stacks/settings";
import type { Graph } from "../support/graph";
import { type Changes, changed, committed } from "../support/settings";
import { variantOf } from "../support/stacks";

const ROOT = join(__dirname, "../..");

/** A server behind a canary, one in two colours, and one that rolls; all of them in git. */
const MODELS = {
  chat: {
    model: { catalogue: "qwen2.5-72b-instruct-awq", version: "1" },
    engine: { tensorParallelSize: 2, maxModelLength: 4096 },
    autoscaling: { minReplicas: 3, maxReplicas: 6 },
    delivery: { owner: "argocd", canary: { alert: { type: "slack", secretName: "slack-hook" } } },
  },
  code: {
    model: { catalogue: "qwen2.5-72b-instruct-awq", version: "1" },
    engine: { tensorParallelSize: 2, maxModelLength: 4096 },
    replicas: 2,
    delivery: {
      owner: "argocd",
      blueGreen: { activeColor: "blue", blue: {}, green: { engine: { maxModelLength: 2048, tensorParallelSize: 2 } } },
    },
  },
  small: {
    model: { catalogue: "qwen2.5-7b-instruct", version: "1" },
    replicas: 1,
    delivery: { owner: "argocd" },
  },
  // Not in git.
  plain: { model: { catalogue: "qwen2.5-7b-instruct", version: "1" }, replicas: 1 },
};

const CHANGES: Changes = {
  delivery: { argoCd: { repository: { url: "https://github.com/acme/models.git" } } },
  "llm.models": MODELS,
};
const PULUMI_OWNED: Changes = {
  ...CHANGES,
  ...Object.fromEntries(Object.keys(MODELS).map((server) => [`llm.models.${server}.delivery.owner`, "pulumi"])),
};

/** A project whose program is this one, with a stack of these changes. */
function project(folder: string, changes: Changes): string {
  mkdirSync(folder, { recursive: true });
  cpSync(join(ROOT, "package.json"), join(folder, "package.json"));
  writeFileSync(
    join(folder, "Pulumi.yaml"),
    `name: llm-platform\nruntime: nodejs\nmain: ${relative(folder, join(ROOT, "index.ts"))}\n`,
  );
  const sections = changed(committed("prod"), changes);
  const config = Object.fromEntries(Object.entries(sections).map(([key, value]) => [`llm-platform:${key}`, value]));
  writeFileSync(join(folder, "Pulumi.prod.yaml"), stringify({ config }));
  return folder;
}

interface ManifestFile {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { name: string; namespace: string; annotations?: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: objects of any kind.
  readonly [field: string]: any;
}

/** Who an object is: nothing else may be it. */
function identity({ apiVersion, kind, metadata }: ManifestFile): string {
  return `${apiVersion} ${kind} ${metadata.namespace}/${metadata.name}`;
}

/** Identities of the Kubernetes objects of a graph in the namespace of models. */
function identities(graph: Graph): Set<string> {
  const objects = graph.resources.filter(
    ({ type, custom, inputs }) =>
      custom && type.startsWith("kubernetes:") && (inputs as unknown as ManifestFile).metadata?.namespace === "models",
  );
  return new Set(objects.map(({ inputs }) => identity(inputs as unknown as ManifestFile)));
}

describe("rendering", function () {
  this.timeout(60_000);
  let work: string;
  let stdout: string;
  before(async () => {
    work = mkdtempSync(join(tmpdir(), "render-"));
    const { code, stderr, ...texts } = await render();
    assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
    stdout = texts.stdout;
  });
  after(() => rmSync(work, { recursive: true, force: true }));

  async function run(args: string[], changes: Changes = CHANGES) {
    const texts = { stdout: "", stderr: "" };
    const terminal = (name: keyof typeof texts) => ({
      write: (text: string) => {
        texts[name] += text;
      },
    });
    const folder = project(join(work, "project"), changes);
    const code = await main(args, { folder, reader, stdout: terminal("stdout"), stderr: terminal("stderr") });
    return { code, ...texts };
  }

  const environment = () => join(work, "out", "environments", "prod");

  function files(): Record<string, string> {
    const below = (folder: string): string[] =>
      readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? below(join(folder, entry.name)) : [join(folder, entry.name)],
      );
    return Object.fromEntries(
      below(environment())
        .map((file) => [relative(environment(), file), readFileSync(file, "utf8")])
        .sort(),
    );
  }

  function manifests(): ManifestFile[] {
    return Object.entries(files()).flatMap(([path, text]) =>
      path === "kustomization.yaml" ? [] : [parse(text) as ManifestFile],
    );
  }

  const render = (changes?: Changes) => run(["--stack", "prod", "--out", join(work, "out")], changes);

  it("gives every object exactly one owner, and loses none (first-up: no object has two owners)", async () => {
    const rendered = new Set(manifests().map(identity));
    const kept = identities((await variantOf("prod", CHANGES)).graph);
    const all = identities((await variantOf("prod", PULUMI_OWNED)).graph);
    assert.ok(rendered.size > 20, `${rendered.size} objects`);
    assert.deepEqual(
      [...rendered].filter((each) => kept.has(each)),
      [],
    );
    // What Argo CD may do there comes with it, whoever owns the servers.
    assert.deepEqual([...rendered, ...kept].sort(), [...all].sort());
  });

  it("leaves Secrets, identity, weights and the namespace with Pulumi, and writes nothing that its project forbids", async () => {
    const allowed = new Set(DELIVERED_GROUPS.flatMap(({ kinds }) => Object.keys(kinds)));
    for (const { kind, metadata } of manifests()) {
      assert.ok(allowed.has(kind), kind);
      assert.equal(metadata.namespace, "models");
    }
    const { graph } = await variantOf("prod", CHANGES);
    const kept = [...identities(graph)];
    for (const each of [
      / Secret models\/chat-api-key$/,
      / ConfigMap models\/model-store$/,
      / ServiceAccount models\/model-server$/,
      / Job models\/.*import/,
    ]) {
      assert.ok(
        kept.some((identity) => each.test(identity)),
        String(each),
      );
    }
    assert.equal(graph.ofType("kubernetes:argoproj.io/v1alpha1:Application").length, 1);
    assert.equal(graph.component("ModelServer").name, "model-plain");
  });

  it("lists every file in a kustomization, and nothing of Pulumi's in any", async () => {
    const { "kustomization.yaml": kustomization = "", ...others } = files();
    assert.match(kustomization, /^# Written by `npm run render`/);
    assert.deepEqual((parse(kustomization) as { resources: string[] }).resources, Object.keys(others).sort());
    for (const text of Object.values(others)) assert.doesNotMatch(text, /pulumi\.com|\[secret\]|\[unknown\]/);
  });

  it("writes the same bytes in every run, and removes what no server has any more", async () => {
    const first = files();
    writeFileSync(join(environment(), "models", "stale.yaml"), "old");
    await render({ ...CHANGES, "llm.models.small.delivery.owner": "pulumi" });
    const fewer = Object.keys(files());
    assert.ok(fewer.length < Object.keys(first).length);
    assert.ok(!fewer.some((path) => path.endsWith("-small.yaml")));
    await render();
    assert.deepEqual(files(), first);
  });

  it("keeps Pulumi's order in waves: the Service turns only after the smoke Job, which waits for its pods", async () => {
    const wave = (kind: string, name: RegExp) => {
      const found = manifests().filter((each) => each.kind === kind && name.test(each.metadata.name));
      assert.equal(found.length, 1, `${kind} ${name}`);
      return Number(found[0]?.metadata.annotations?.["argocd.argoproj.io/sync-wave"] ?? 0);
    };
    assert.ok(wave("Deployment", /^code-blue$/) < wave("Job", /^code-blue-smoke/));
    assert.ok(wave("Job", /^code-blue-smoke/) < wave("Service", /^code$/));
    assert.ok(wave("Deployment", /^chat$/) < wave("Canary", /^chat$/));
    assert.ok(wave("MetricTemplate", /^chat-error-rate$/) < wave("Canary", /^chat$/));
  });

  it("makes no Service where Flagger makes them", async () => {
    const services = manifests().flatMap(({ kind, metadata }) => (kind === "Service" ? [metadata.name] : []));
    assert.deepEqual(services.sort(), ["code", "code-blue", "code-green", "small"]);
  });

  it("says what it wrote", () => {
    assert.match(stdout, /^\d+ files of 3 model servers in .*out\/environments\/prod: chat, code, small\.\n/);
  });

  it("tells of a stack without such a server, of settings that are wrong, and of options that it does not know", async () => {
    const before = files();
    const none = await render({ llm: undefined, delivery: undefined });
    assert.equal(none.code, 1);
    assert.equal(
      none.stderr,
      'Stack "prod" serves no models. Set llm.enabled to true, and name a server in llm.models.\n',
    );
    const wrong = await render({ ...CHANGES, "llm.models.chat.delivery.owner": "flux" });
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /^Stack "prod" has 1 problem in its settings/);
    assert.doesNotMatch(wrong.stderr, /\n {4}at /);
    const option = await run(["--colour"]);
    assert.equal(option.code, 1);
    assert.match(option.stderr, /Options: --stack NAME, --out FOLDER, --help\. Stacks found: prod\./);
    assert.deepEqual(files(), before);
  });

  it("leaves a folder alone that somebody else wrote", async () => {
    const out = join(work, "elsewhere");
    const foreign = join(out, "environments", "prod");
    mkdirSync(foreign, { recursive: true });
    writeFileSync(join(foreign, "kustomization.yaml"), "resources: []\n");
    const again = () => run(["--stack", "prod", "--out", out]);
    const { code, stderr } = await again();
    assert.equal(code, 1);
    assert.match(stderr, /holds a kustomization that no run wrote\. Choose another place with --out, or empty it\./);
    rmSync(join(foreign, "kustomization.yaml"));
    writeFileSync(join(foreign, "notes.txt"), "mine");
    assert.match((await again()).stderr, /holds files that no run wrote/);
    assert.deepEqual(readdirSync(foreign), ["notes.txt"]);
  });

  it("shows its help", async () => {
    const { code, stdout } = await run(["--help"]);
    assert.equal(code, 0);
    assert.match(stdout, /npm run render -- \[--stack NAME\] \[--out FOLDER\]/);
  });
});
