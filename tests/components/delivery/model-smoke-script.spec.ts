import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { MODEL_SMOKE_SCRIPT } from "../../../components/delivery/model-smoke-script";

const KEY = "sk-secret-of-the-test";
const TOOLS = ["bash", "curl", "jq"].every((tool) => spawnSync(tool, ["--version"]).status === 0);

interface Answer {
  readonly status?: number;
  readonly content?: string;
}

/** A model server that answers `answer` to the right key; `health` is the status of its health. */
async function served<Result>(
  { status = 200, content = "one" }: Answer,
  run: (url: string, seen: { bodies: string[] }) => Promise<Result>,
  health = 200,
): Promise<Result> {
  const seen = { bodies: [] as string[] };
  const respond = (request: IncomingMessage, response: ServerResponse) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      if (request.url === "/health") return response.writeHead(health).end();
      seen.bodies.push(body);
      if (request.headers.authorization !== `Bearer ${KEY}`) return response.writeHead(401).end("who are you");
      return response
        .writeHead(status, { "content-type": "application/json" })
        .end(JSON.stringify(status === 200 ? { choices: [{ message: { content } }] } : { error: "engine dead" }));
    });
  };
  const server = createServer(respond).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  try {
    return await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

function smoke(url: string, key = KEY): Promise<{ code: number | null; output: string }> {
  const env = {
    PATH: process.env.PATH,
    MODEL_URL: url,
    MODEL_API_KEY: key,
    MODEL_REQUEST: JSON.stringify({ model: "llama", messages: [] }),
    SMOKE_TIMEOUT_SECONDS: "1",
    SMOKE_PAUSE_SECONDS: "0.2",
  };
  return new Promise((resolve) => {
    const child = spawn("bash", ["--norc", "-c", MODEL_SMOKE_SCRIPT], { env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (part) => {
        output += part;
      });
    }
    child.on("close", (code) => resolve({ code, output }));
  });
}

describe("the smoke test of a model server", function () {
  this.timeout(20_000);

  before(function () {
    // The Job's image has them; a developer's machine may not.
    if (!TOOLS) this.skip();
  });

  it("passes when a chat completion has content", async () => {
    await served({}, async (url, { bodies }) => {
      const { code, output } = await smoke(url);
      assert.equal(code, 0, output);
      assert.equal(output, `smoke test of ${url} passed\n`);
      assert.deepEqual(bodies, ['{"model":"llama","messages":[]}']);
    });
  });

  const failures: [what: string, answer: Answer, health: number, says: RegExp][] = [
    ["no content", { content: " \n" }, 200, /a chat completion has no content/],
    ["an error", { status: 500 }, 200, /ends with status 500: \{"error":"engine dead"\}/],
    ["no health", {}, 503, /\/health does not answer with 200/],
  ];
  for (const [what, answer, health, says] of failures) {
    it(`fails at ${what}, and says so in its last line`, async () => {
      const { code, output } = await served(answer, (url) => smoke(url), health);
      assert.equal(code, 1);
      assert.match(output.trimEnd().split("\n").at(-1) ?? "", says);
    });
  }

  it("fails with a wrong key and never prints one", async () => {
    const { code, output } = await served({}, (url) => smoke(url, "sk-wrong-key"));
    assert.equal(code, 1);
    assert.match(output, /status 401/);
    assert.doesNotMatch(output, /sk-/);
  });
});
