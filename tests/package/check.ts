import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

/**
 * Packs the package, installs it into a project of its own, type-checks and runs a program there that imports it by name.
 * What the package depends on is linked from here, so that no network is needed.
 */
const ROOT = resolve(__dirname, "../..");
const MANIFEST = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  readonly name: string;
  readonly dependencies: Record<string, string>;
  readonly bin: Record<string, string>;
};

const folder = mkdtempSync(join(tmpdir(), "llm-platform-package-"));
try {
  const installed = install(pack(folder), folder);
  checkContents(installed);
  runConsumer(folder);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(command: string, args: readonly string[], cwd: string, input?: string): string {
  return execFileSync(command, args, { cwd, input, encoding: "utf8", stdio: ["pipe", "pipe", "inherit"] });
}

function pack(target: string): string {
  run("npm", ["pack", "--silent", "--pack-destination", target], ROOT);
  const [tarball] = readdirSync(target).filter((file) => file.endsWith(".tgz"));
  assert.ok(tarball, "npm pack made no tarball");
  return join(target, tarball);
}

function install(tarball: string, project: string): string {
  const modules = join(project, "node_modules");
  const installed = join(modules, MANIFEST.name);
  mkdirSync(installed, { recursive: true });
  run("tar", ["--extract", "--file", tarball, "--directory", installed, "--strip-components", "1"], project);
  for (const name of [...Object.keys(MANIFEST.dependencies), "@types/node"]) {
    const link = join(modules, name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(ROOT, "node_modules", name), link);
  }
  return installed;
}

function checkContents(installed: string): void {
  for (const file of ["bin/index.js", "bin/index.d.ts", "components/index.ts", ...Object.values(MANIFEST.bin)]) {
    assert.ok(statSync(join(installed, file)).isFile(), `${file} is not in the package`);
  }
  const strangers = readdirSync(installed).filter((name) =>
    /^(stacks|preview|tests|bench|index\.ts|Pulumi)/.test(name),
  );
  assert.deepEqual(strangers, [], "the program is in the package");
  const [renderer = ""] = Object.values(MANIFEST.bin);
  assert.notEqual(statSync(join(installed, renderer)).mode & 0o111, 0, "the post-renderer is not executable");
  const service = "apiVersion: v1\nkind: Service\nmetadata:\n  name: other\n";
  // It runs, and refuses a chart without the Deployments that it is for.
  assert.throws(
    () => execFileSync(join(installed, renderer), { input: service, stdio: "pipe" }),
    /post-renderer|Deployment/i,
  );
}

function runConsumer(project: string): void {
  copyFileSync(join(__dirname, "consumer.ts"), join(project, "consumer.ts"));
  const compilerOptions = {
    target: "ES2022",
    module: "node16",
    moduleResolution: "node16",
    strict: true,
    esModuleInterop: true,
    skipLibCheck: true,
    types: ["node"],
    outDir: "out",
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "consumer", version: "1.0.0" }));
  run(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc")], project);
  console.log(run(process.execPath, ["out/consumer.js"], project).trim());
}
