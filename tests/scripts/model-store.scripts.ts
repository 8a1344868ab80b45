import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DEFAULT_FILE_PATTERNS } from "../../components/llm/model-source-checks";
import { REFUSED_EXIT_CODE, STORE_SCRIPTS } from "../../components/llm/model-store-scripts";

const STAND_INS = join(__dirname, "../support/model-store");
const COMMIT = "0123456789abcdef0123456789abcdef01234567";
const KILLED = 137;

const AWQ = JSON.stringify({ quantization_config: { quant_method: "awq", bits: 4, group_size: 128 } });
/** Some 150 KiB: three parts. */
const WEIGHTS = Buffer.from(Array.from({ length: 150_000 }, (_, index) => (index * 31 + (index >> 8)) % 251));

interface Metadata {
  readonly sha256: string;
  readonly totalSize: number;
  readonly uploadTime: string;
  readonly files: { path: string; size: number; sha256: string; checksum: string }[];
}

/** A folder with buckets, a hub and the script. */
class World {
  readonly root = mkdtempSync(join(tmpdir(), "model-store-"));
  readonly volume = join(this.root, "volume");

  constructor() {
    for (const [file, content] of Object.entries(STORE_SCRIPTS)) this.write(`scripts/${file}`, content);
    mkdirSync(join(this.root, "buckets/store"), { recursive: true });
    this.publish("model.safetensors", WEIGHTS);
    this.publish("config.json", AWQ);
    this.publish("tokenizer.json", "{}");
    this.publish("pytorch_model.bin", "pickled");
    this.publish("original/params.json", "{}");
  }

  write(path: string, content: string | Buffer): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  publish(file: string, content: string | Buffer, commit = COMMIT): void {
    this.write(`hub/owner/llama/${commit}/${file}`, content);
  }

  /** Calls of S3 since the last look. */
  calls(): string[] {
    const path = "buckets/calls.log";
    const lines = existsSync(join(this.root, path)) ? this.read(path).trim().split("\n") : [];
    this.write(path, "");
    return lines;
  }

  metadata(): Metadata {
    return JSON.parse(this.read("buckets/store/models/llama/v1/metadata.json")) as Metadata;
  }

  run(mode: string, args: string[], environment: Record<string, string> = {}) {
    const { status, stdout, stderr } = spawnSync(
      "python3",
      [join(STAND_INS, "run.py"), mode, "--model=llama", "--version=1", ...args],
      {
        encoding: "utf8",
        env: {
          PATH: process.env.PATH,
          PYTHONPATH: STAND_INS,
          PYTHONDONTWRITEBYTECODE: "1",
          STORE_SCRIPTS: join(this.root, "scripts"),
          STAND_IN_BUCKETS: join(this.root, "buckets"),
          STAND_IN_HUB: join(this.root, "hub"),
          MODEL_BUCKET: "store",
          MODEL_STORE_ENDPOINT: "",
          AWS_REGION: "us-east-1",
          HF_TOKEN: "hf_secret",
          ...environment,
        },
      },
    );
    assert.ok(!`${stdout}${stderr}`.includes("hf_secret"), "the token shows in the output");
    return { status, output: stdout, reason: stderr.trim() };
  }

  import(environment: Record<string, string> = {}, commit = COMMIT, more: string[] = ["--quantization=awq"]) {
    const source = JSON.stringify({ huggingFace: { repository: "owner/llama", revision: commit } });
    return this.run(
      "import",
      [`--source=${source}`, `--patterns=${JSON.stringify(DEFAULT_FILE_PATTERNS)}`, ...more],
      environment,
    );
  }
}

describe("the script of the model store", () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });
  afterEach(() => {
    rmSync(world.root, { recursive: true });
  });

  const imported = () => {
    const result = world.import();
    assert.equal(result.status, 0, result.reason);
    world.calls();
  };
  const refused = ({ status, reason }: { status: number | null; reason: string }, pattern: RegExp) => {
    assert.match(reason, pattern);
    assert.equal(status, REFUSED_EXIT_CODE);
  };

  it("imports wanted files once, hashed on the way, and the metadata last", () => {
    const { status, output, reason } = world.import();
    assert.equal(status, 0, reason);
    const writes = world.calls().filter((call) => /^(put|create_upload|complete_upload) /.test(call));
    assert.equal(writes.at(-1), "put store/models/llama/v1/metadata.json");
    assert.equal(writes.filter((call) => call.endsWith("/models/llama/v1/model.safetensors")).length, 2);
    const { uploadTime, files, sha256, ...rest } = world.metadata();
    assert.deepEqual(rest, {
      name: "llama",
      version: "1",
      framework: "safetensors",
      quantization: "awq",
      bits: 4,
      groupSize: 128,
      source: { huggingFace: { repository: "owner/llama", revision: COMMIT } },
      totalSize: WEIGHTS.length + AWQ.length + 2,
    });
    assert.match(uploadTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual(
      files.map(({ path, size }) => [path, size]),
      [
        ["config.json", AWQ.length],
        ["model.safetensors", WEIGHTS.length],
        ["tokenizer.json", 2],
      ],
    );
    assert.equal(files[1]?.sha256, createHash("sha256").update(WEIGHTS).digest("hex"));
    assert.match(output, new RegExp(`3 files, .*digest ${sha256}`));
    assert.match(sha256, /^[0-9a-f]{64}$/);
    assert.deepEqual(readFileSync(join(world.root, "buckets/store/models/llama/v1/model.safetensors")), WEIGHTS);
  });

  it("leaves a version alone that is there, without asking its source", () => {
    imported();
    const before = world.metadata();
    rmSync(join(world.root, "hub"), { recursive: true });
    const { status, output } = world.import();
    assert.equal(status, 0);
    assert.match(output, /was in the store already/);
    assert.deepEqual(world.metadata(), before);
    assert.deepEqual(
      world.calls().filter((call) => call.startsWith("put")),
      [],
    );
  });

  it("refuses another content for a version", () => {
    imported();
    const other = "f".repeat(40);
    for (const [file, content] of [
      ["model.safetensors", "other"],
      ["config.json", AWQ],
    ] as const)
      world.publish(file, content, other);
    refused(world.import({}, other), /llama v1 is in the store already, from .*versions never change/);
  });

  it("refuses to take over objects of an import that never ended and was of another source", () => {
    world.write("buckets/store/models/llama/v1/model.safetensors", "other");
    refused(world.import(), /model\.safetensors is in the store with another content/);
    assert.ok(!existsSync(join(world.root, "buckets/store/models/llama/v1/metadata.json")));
  });

  it("refuses objects beside those of the source: engines would load them", () => {
    world.write("buckets/store/models/llama/v1/extra.safetensors", "other");
    refused(world.import(), /objects under models\/llama\/v1\/ that its source does not have: extra\.safetensors/);
  });

  for (const [when, at] of [
    ["in the middle of an upload", "upload_part:2"],
    ["between the upload and its record", "complete_upload:1"],
    ["before the metadata", "put:6"],
  ] as const) {
    it(`goes on where it was interrupted ${when}`, () => {
      assert.equal(world.import({ STAND_IN_DIES_AT: at }).status, KILLED);
      assert.ok(!existsSync(join(world.root, "buckets/store/models/llama/v1/metadata.json")));
      world.calls();
      const { status, reason } = world.import();
      assert.equal(status, 0, reason);
      assert.equal(world.run("verify-objects", []).status, 0);
      assert.equal(world.metadata().files.length, 3);
    });
  }

  it("reads no finished file again after an interruption", () => {
    assert.equal(world.import({ STAND_IN_HUB_FAILS: "tokenizer.json" }).status, 1);
    world.write("hub/reads.log", "");
    const { status, output } = world.import();
    assert.equal(status, 0);
    assert.match(output, /kept model\.safetensors/);
    assert.ok(!world.read("hub/reads.log").includes("model.safetensors"));
  });

  it("tries again after a broken connection, and never shows the token", () => {
    const { status, reason } = world.import({ STAND_IN_HUB_FAILS: "config.json" });
    assert.equal(status, 1);
    assert.match(reason, /import of llama v1 failed: the connection broke; the token was \[token\]/);
  });

  it("refuses bytes that are not those that Hugging Face vouches for", () => {
    world.write("hub/owner/llama/wrong.json", JSON.stringify({ "model.safetensors": "0".repeat(64) }));
    refused(world.import(), /model\.safetensors has SHA-256 [0-9a-f]{64}, and its source says 0{64}/);
    assert.ok(!existsSync(join(world.root, "buckets/store/models/llama/v1/model.safetensors")));
    world.write("hub/owner/llama/wrong.json", JSON.stringify({ "tokenizer.json": "0".repeat(40) }));
    refused(world.import(), /tokenizer\.json is the blob [0-9a-f]{40}, and its source says 0{40}/);
  });

  it("refuses weights of another format than the settings say, before it fetches any", () => {
    refused(
      world.import({}, COMMIT, ["--quantization=none"]),
      /settings say quantization none, and config\.json says awq/,
    );
    assert.ok(!world.read("hub/reads.log").includes("model.safetensors"));
  });

  it("says what is wrong with a repository", () => {
    refused(world.import({}, "f".repeat(40)), /owner\/llama at f{40} does not exist: there is no such commit/);
    world.write("hub/owner/llama/gated", "");
    refused(world.import(), /is gated: its terms must be accepted/);
    assert.equal(world.import({ HF_TOKEN: "hf_admitted" }).status, 0);
    rmSync(join(world.root, "hub/owner"), { recursive: true });
    world = new World();
    rmSync(join(world.root, `hub/owner/llama/${COMMIT}/model.safetensors`));
    refused(world.import(), /the source has no \*\.safetensors among the wanted files/);
  });

  it("imports adapters, which have no config.json", () => {
    rmSync(join(world.root, `hub/owner/llama/${COMMIT}/config.json`));
    world.publish("adapter_config.json", "{}");
    assert.equal(world.import({}, COMMIT, []).status, 0);
    assert.match(world.read("buckets/store/models/llama/v1/metadata.json"), /"framework": "peft"/);
  });

  it("copies from another store, and holds its metadata against it", () => {
    imported();
    const source = JSON.stringify({ bucket: { name: "store", prefix: "models/llama/v1/" } });
    const copy = () =>
      world.run("import", [`--source=${source}`, '--patterns=["*.safetensors","*.json"]'], { MODEL_BUCKET: "copy" });
    mkdirSync(join(world.root, "buckets/copy"));
    const { status, reason } = copy();
    assert.equal(status, 0, reason);
    const copied = JSON.parse(world.read("buckets/copy/models/llama/v1/metadata.json")) as Metadata;
    assert.equal(copied.sha256, world.metadata().sha256, "copies have the same digest");
    rmSync(join(world.root, "buckets/copy"), { recursive: true });
    mkdirSync(join(world.root, "buckets/copy"));
    flip("buckets/store/models/llama/v1/model.safetensors");
    refused(copy(), /model\.safetensors has SHA-256 .* and its source says/);
  });

  /** Changes one byte of a file, and nothing that anybody knows of it. */
  function flip(path: string): void {
    const content = readFileSync(join(world.root, path));
    content[7] = (content[7] ?? 0) ^ 1;
    writeFileSync(join(world.root, path), content);
  }

  it("verifies the store by checksums alone", () => {
    imported();
    const { status, output } = world.run("verify-objects", [`--digest=${world.metadata().sha256}`]);
    assert.equal(status, 0);
    assert.match(output, /llama v1 is what was imported/);
    const read = world.calls().filter((call) => call.startsWith("get"));
    assert.deepEqual(read, ["get store/models/llama/v1/metadata.json"]);
  });

  it("finds an object that was replaced, lost or added, and all of them at once", () => {
    imported();
    const known = "buckets/.known/store/models/llama/v1/model.safetensors.json";
    world.write(known, JSON.stringify({ etag: "x", checksum: "other-3" }));
    rmSync(join(world.root, "buckets/store/models/llama/v1/tokenizer.json"));
    refused(world.run("verify-objects", []), /model\.safetensors is not what was imported; tokenizer\.json is missing/);
    world.write("buckets/store/models/llama/v1/more.safetensors", "x");
    refused(world.run("verify-objects", []), /weights that metadata\.json does not know: more\.safetensors/);
  });

  it("finds metadata that was changed, or is another than the one pinned", () => {
    imported();
    refused(
      world.run("verify-objects", [`--digest=${"0".repeat(64)}`]),
      /has the digest [0-9a-f]{64}, and 0{64} is pinned/,
    );
    const path = "buckets/store/models/llama/v1/metadata.json";
    world.write(path, world.read(path).replace('"size": 2', '"size": 3'));
    refused(world.run("verify-objects", []), /metadata\.json was changed/);
  });

  it("waits for a version that nobody has imported yet", () => {
    const { status, reason } = world.run("verify-objects", []);
    assert.equal(status, 1);
    assert.match(reason, /is not in the store: nothing has imported this version/);
  });

  it("fills a volume, leaves right files alone, and finds a flipped byte on it", () => {
    imported();
    const on = [`--path=${world.volume}/llama/v1`];
    assert.equal(world.run("fetch", on).status, 0);
    assert.deepEqual(readFileSync(join(world.volume, "llama/v1/model.safetensors")), WEIGHTS);
    assert.equal(world.run("verify-files", on).status, 0);
    world.calls();
    assert.equal(world.run("fetch", on).status, 0);
    assert.deepEqual(
      world.calls().filter((call) => call.startsWith("get")),
      ["get store/models/llama/v1/metadata.json"],
    );
    flip("volume/llama/v1/model.safetensors");
    refused(world.run("verify-files", on), /model\.safetensors is not what was imported/);
    assert.equal(world.run("fetch", on).status, 0);
    assert.equal(world.run("verify-files", on).status, 0);
    world.write("volume/llama/v1/more.safetensors", "x");
    refused(world.run("verify-files", on), /weights that metadata\.json does not know/);
  });

  it("never fills a volume with what is not what was imported", () => {
    imported();
    flip("buckets/store/models/llama/v1/model.safetensors");
    refused(world.run("fetch", [`--path=${world.volume}`]), /model\.safetensors is not what was imported/);
    assert.ok(!existsSync(join(world.volume, "model.safetensors")));
  });
});
