import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { IMAGES } from "../../components/internal/images";
import { findGo, isOlder, requiredGo } from "../../rehearsal/install/go";
import { installedPulumi, isSuitable } from "../../rehearsal/install/installed-pulumi";
import { cacheKey, linkerFlags, requiredVersion, TOOL_MODULES } from "../../rehearsal/install/tool-modules";
import { ROOT } from "../support/sources";

const GO_MOD = [
  "module tools",
  "",
  "go 1.25.11",
  "",
  "require (",
  "\tk8s.io/kubernetes v1.35.4 // indirect",
  "\thelm.sh/helm/v3 v3.20.2 // indirect",
  ")",
  "",
].join("\n");

describe("the rehearsal's tools", () => {
  describe("versions", () => {
    it("are those that go.mod requires", () => {
      assert.equal(requiredVersion(GO_MOD, "k8s.io/kubernetes"), "v1.35.4");
      assert.throws(() => requiredVersion(GO_MOD, "k8s.io/kube"), /go\.mod does not require k8s\.io\/kube/);
    });

    it("are written into the programs", () => {
      const apiserver = TOOL_MODULES.cluster.programs.find(({ name }) => name === "kube-apiserver");
      assert.ok(apiserver);
      assert.equal(
        linkerFlags(apiserver, GO_MOD),
        [
          "-s -w -X k8s.io/component-base/version.gitVersion=v1.35.4",
          "-X k8s.io/component-base/version.gitMajor=1 -X k8s.io/component-base/version.gitMinor=35",
        ].join(" "),
      );
    });
  });

  it("judge queries by the release of Prometheus that the platform runs", async () => {
    const goMod = await readFile(join(ROOT, "rehearsal/tools/metrics/go.mod"), "utf8");
    const [, major, minor, patch] = /^v(\d+)\.(\d+)\.(\d+)/.exec(IMAGES.prometheus.tag) ?? [];
    assert.equal(requiredVersion(goMod, "github.com/prometheus/prometheus"), `v0.${major}${minor}.${patch}`);
    assert.deepEqual(
      TOOL_MODULES.metrics.programs.map(({ name }) => name),
      ["promtool"],
    );
  });

  it("are built anew whenever anything that they are made of changes", () => {
    const sources = { goMod: GO_MOD, goSum: "sums", goVersion: "go1.26.8", linkerFlags: ["-s"] };
    const keys = [
      sources,
      { ...sources, goMod: "other" },
      { ...sources, goSum: "other" },
      { ...sources, goVersion: "go1.26.9" },
      { ...sources, linkerFlags: ["-w"] },
    ].map(cacheKey);
    assert.equal(new Set(keys).size, keys.length);
    assert.equal(cacheKey({ ...sources }), keys[0]);
  });

  describe("Go", () => {
    it("is as new as go.mod asks", () => {
      assert.equal(requiredGo(GO_MOD), "1.25.11");
      for (const version of ["go1.24.13", "go1.25.9", "go1.25"]) assert.ok(isOlder(version, "1.25.11"), version);
      for (const version of ["go1.25.11", "go1.26", "go2.0"]) assert.ok(!isOlder(version, "1.25.11"), version);
    });

    it("is asked for in one sentence when it is missing", async () => {
      const path = process.env.PATH;
      process.env.PATH = "/nonexistent";
      try {
        await assert.rejects(findGo(tmpdir(), GO_MOD), {
          name: "InstallError",
          message:
            "Go is missing, which builds the tools of a rehearsal. Install Go 1.25.11 or later, with 'go' on the PATH.",
        });
      } finally {
        process.env.PATH = path;
      }
    });
  });

  describe("an installed Pulumi", () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), "rehearsal-"));
    });
    afterEach(() => rm(folder, { recursive: true }));

    async function install(where: string, program: string, version: string): Promise<string> {
      const place = join(folder, where);
      await mkdir(place, { recursive: true });
      await writeFile(join(place, program), `#!/bin/sh\necho ${version}\n`, { mode: 0o755 });
      return place;
    }

    it("serves when it is a 3.2xx", () => {
      for (const version of ["v3.259.0\n", "3.219.1"]) assert.ok(isSuitable(version), version);
      for (const version of ["v3.199.0", "v3.300.0", "v4.200.0", "v3.2.0"]) assert.ok(!isSuitable(version), version);
    });

    it("is the first on the PATH that serves", async () => {
      const old = await install("old/bin", "pulumi", "v3.100.0");
      const suitable = await install("new/bin", "pulumi", "v3.259.0");
      assert.equal(await installedPulumi(`${old}:${suitable}`), join(folder, "new"));
      assert.equal(await installedPulumi(old), undefined);
    });

    it("is never the script that npm installs under this name", async () => {
      const script = join(await install("package", "run.js", "v3.259.0"), "run.js");
      const links = join(folder, "links/bin");
      await mkdir(links, { recursive: true });
      await symlink(script, join(links, "pulumi"));
      assert.equal(await installedPulumi(links), undefined);
    });
  });
});
