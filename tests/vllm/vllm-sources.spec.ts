import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { IMAGES } from "../../components/internal/images";
import { ENGINE_FLAGS, ENGINE_VARIABLES } from "../../components/llm/engine-flags";
import { unknownToSources } from "./vllm-sources";

describe("the check of vLLM's sources", () => {
  let folder = "";
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "vllm-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("misses everything in a folder without vLLM", () => {
    const unknown = unknownToSources(folder);
    for (const flag of Object.values(ENGINE_FLAGS)) assert.ok(unknown.includes(`flag: --${flag}`), flag);
    for (const name of Object.values(ENGINE_VARIABLES)) assert.ok(unknown.includes(`variable: ${name}`), name);
    for (const line of [
      `version: the pin is ${IMAGES.vllm.tag}, the sources are none`,
      "value: --load-format runai_streamer",
      "metric: vllm:num_requests_waiting",
      "path: /health",
      "capability: awq needs nothing known, we say 75",
    ]) {
      assert.ok(unknown.includes(line), line);
    }
  });

  it("finds flags as vLLM makes them: written out, and from the frontend's fields", () => {
    write("vllm/engine/arg_utils.py", 'group.add_argument("--max-num-seqs", **kwargs)\n');
    write(
      "vllm/entrypoints/launchers/cli_args.py",
      "class FrontendArgs:\n    host: str | None = None\n    lora_modules: list = None\n",
    );
    write("vllm/config/cache.py", "    enable_prefix_caching: bool = True\n");
    const unknown = unknownToSources(folder);
    for (const flag of ["max-num-seqs", "host", "lora-modules"]) assert.ok(!unknown.includes(`flag: --${flag}`), flag);
    assert.ok(!unknown.includes("flag: --no-enable-prefix-caching"));
    assert.ok(unknown.includes("flag: --no-enable-chunked-prefill"));
  });

  it("finds variables, counters without their ending, and versions", () => {
    write("vllm/envs.py", '    "VLLM_API_KEY": lambda: None,\n');
    write("vllm/v1/metrics/loggers.py", 'name="vllm:prompt_tokens",\n');
    write("vllm/_version.py", `__version__ = version = '${IMAGES.vllm.tag.slice(1)}'\n`);
    const unknown = unknownToSources(folder);
    assert.ok(!unknown.includes("variable: VLLM_API_KEY"));
    assert.ok(!unknown.includes("metric: vllm:prompt_tokens_total"));
    assert.ok(!unknown.some((line) => line.startsWith("version:")));
  });
});
