import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SMOKE_SCRIPT, SMOKE_TABLES } from "../../../components/langfuse/smoke-script";

const KEYS = { LANGFUSE_PUBLIC_KEY: "pk-lf-public", LANGFUSE_SECRET_KEY: "sk-lf-secret" };
const AUTHORIZATION = `Basic ${Buffer.from("pk-lf-public:sk-lf-secret").toString("base64")}`;

interface World {
  major?: string;
  /** How often the trace is asked for before it is there; Infinity: never. */
  delay?: number;
  ingestStatus?: number;
  engine?: string;
  missingTable?: string;
  readOnly?: string[];
  hosts?: { shard_num: number; host_name: string }[];
  replicas?: string;
  clustered?: string;
}

interface Seen {
  spans: { traceId: string; spanId: string }[];
  headers: IncomingMessage["headers"][];
  sql: string[];
}

const THREE = [1, 2, 3].map((replica) => ({ shard_num: 1, host_name: `chi-${replica}` }));

/** Langfuse and ClickHouse in one server, as far as the script asks them. */
function standIn(world: World, seen: Seen): Server {
  let asked = 0;
  return createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const url = new URL(request.url ?? "", "http://stand-in");
    const answer = (value: unknown, status = 200) => response.writeHead(status).end(JSON.stringify(value));
    if (url.pathname === "/") {
      if (
        request.headers["x-clickhouse-user"] !== "langfuse_a" ||
        request.headers["x-clickhouse-key"] !== "ch-secret"
      ) {
        return answer({}, 516);
      }
      seen.sql.push(body);
      return answer({ data: clickhouse(world, body) });
    }
    if (request.headers.authorization !== AUTHORIZATION) return answer({ error: "Invalid credentials" }, 401);
    if (url.pathname === "/api/public/otel/v1/traces") {
      seen.headers.push(request.headers);
      seen.spans.push(JSON.parse(body).resourceSpans[0].scopeSpans[0].spans[0]);
      return answer({}, world.ingestStatus ?? 200);
    }
    const there = ++asked > (world.delay ?? 1);
    const traceId = seen.spans[0]?.traceId;
    if (url.pathname === `/api/public/traces/${traceId}` && world.major !== "4") {
      return there ? answer({ id: traceId, observations: [{}] }) : answer({ error: "not found" }, 404);
    }
    if (
      url.pathname === "/api/public/v2/observations" &&
      url.searchParams.get("traceId") === traceId &&
      world.major === "4"
    ) {
      return answer({ data: there ? [{}] : [] });
    }
    return answer({ error: "no such route" }, 404);
  });
}

function clickhouse(world: World, sql: string): unknown[] {
  if (sql.includes("system.clusters")) return world.hosts ?? THREE;
  if (sql.includes("system.replicas")) return (world.readOnly ?? []).map((table) => ({ table }));
  return (SMOKE_TABLES[world.major ?? "3"] ?? "")
    .split(",")
    .filter((name) => name !== world.missingTable)
    .map((name) => ({ name, engine: world.engine ?? "ReplicatedReplacingMergeTree" }));
}

async function smoke(world: World = {}, environment: Record<string, string> = {}) {
  const seen: Seen = { spans: [], headers: [], sql: [] };
  const server = standIn(world, seen);
  await new Promise<void>((resume) => server.listen(0, "127.0.0.1", resume));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const major = world.major ?? "3";
  const child = spawn(process.execPath, ["--input-type=module", "-"], {
    env: {
      PATH: process.env.PATH,
      LANGFUSE_URL: url,
      LANGFUSE_VERSION: `${major}.0.0`,
      LANGFUSE_MAJOR: major,
      ...KEYS,
      CLICKHOUSE_URL: url,
      CLICKHOUSE_DB: "default",
      CLICKHOUSE_USER: "langfuse_a",
      CLICKHOUSE_PASSWORD: "ch-secret",
      CLICKHOUSE_CLUSTERED: world.clustered ?? "true",
      SMOKE_REPLICAS: world.replicas ?? "3",
      SMOKE_TABLES: SMOKE_TABLES[major],
      SMOKE_TIMEOUT_SECONDS: "0.3",
      SMOKE_PAUSE_SECONDS: "0.05",
      ...environment,
    },
  });
  let output = "";
  let problem = "";
  child.stdout.on("data", (chunk) => {
    output += chunk;
  });
  child.stderr.on("data", (chunk) => {
    problem += chunk;
  });
  child.stdin.end(SMOKE_SCRIPT);
  const code = await new Promise((resume) => child.on("close", resume));
  server.close();
  server.closeAllConnections();
  for (const secret of [KEYS.LANGFUSE_SECRET_KEY, "ch-secret"]) {
    assert.ok(!`${output}${problem}`.includes(secret), "the output holds a key");
  }
  return { code, output, problem: problem.trim(), seen };
}

describe("smoke test", () => {
  it("sends a span and reads it back as soon as it is there", async () => {
    const { code, output, problem, seen } = await smoke({ delay: 2 });
    assert.equal(problem, "");
    assert.equal(code, 0);
    assert.match(seen.spans[0]?.traceId ?? "", /^[0-9a-f]{32}$/);
    assert.match(seen.spans[0]?.spanId ?? "", /^[0-9a-f]{16}$/);
    assert.equal(seen.headers[0]?.["x-langfuse-ingestion-version"], undefined);
    assert.ok(output.endsWith(`smoke test passed: trace ${seen.spans[0]?.traceId}\n`));
    assert.equal(seen.sql.length, 3);
  });

  it("speaks the API of Langfuse 4", async () => {
    const { code, problem, seen } = await smoke({ major: "4" });
    assert.equal(problem, "");
    assert.equal(code, 0);
    assert.equal(seen.headers[0]?.["x-langfuse-ingestion-version"], "4");
  });

  it("asks nothing about replication of a single server", async () => {
    const { code, seen } = await smoke({ clustered: "false", engine: "MergeTree" });
    assert.equal(code, 0);
    assert.deepEqual(seen.sql, []);
  });

  const failures: Record<string, [World, string, Record<string, string>?]> = {
    "a trace that never comes back": [
      { delay: Number.POSITIVE_INFINITY },
      'reading the trace back failed for 0.3 s. reading the trace: HTTP 404 {"error":"not found"}',
    ],
    "a refused trace": [
      { ingestStatus: 500 },
      "sending a trace over OTLP failed for 0.3 s. sending a trace: HTTP 500 {}",
    ],
    "keys that are not known": [
      {},
      'sending a trace over OTLP failed for 0.3 s. sending a trace: HTTP 401 {"error":"Invalid credentials"}',
      { LANGFUSE_SECRET_KEY: "other" },
    ],
    "ClickHouse's password": [
      {},
      "the cluster default failed for 0.3 s. asking for the cluster: HTTP 516 {}",
      { CLICKHOUSE_PASSWORD: "other" },
    ],
    "tables that are not replicated": [
      { engine: "ReplacingMergeTree" },
      "replicated tables failed for 0.3 s. table traces has the engine ReplacingMergeTree: it is not replicated, so each replica keeps other rows",
    ],
    "tables that do not exist": [
      { missingTable: "scores" },
      "replicated tables failed for 0.3 s. table scores does not exist: the migrations did not run against this database",
    ],
    "replicas without Keeper": [
      { readOnly: ["traces"] },
      "replicated tables failed for 0.3 s. read-only tables (no session with Keeper): traces",
    ],
    "no cluster": [
      { hosts: [] },
      "the cluster default failed for 0.3 s. ClickHouse has no cluster named default, which every migration names",
    ],
    "the image's own cluster among the hosts": [
      { hosts: [...THREE, { shard_num: 2, host_name: "localhost" }] },
      "the cluster default failed for 0.3 s. the cluster default also contains localhost: the image's own cluster was merged into it",
    ],
    "a replica too few": [
      { hosts: THREE.slice(1) },
      "the cluster default failed for 0.3 s. the first shard of cluster default has 2 replicas instead of 3",
    ],
  };
  for (const [what, [world, reason, environment]] of Object.entries(failures)) {
    it(`fails on ${what}, and says so`, async () => {
      const { code, problem } = await smoke(world, environment);
      assert.equal(code, 1);
      assert.equal(problem, `smoke test of Langfuse 3.0.0 failed: ${reason}`);
    });
  }

  it("names the host that does not answer", async () => {
    const { code, problem } = await smoke({}, { CLICKHOUSE_URL: "http://127.0.0.1:9" });
    assert.equal(code, 1);
    assert.match(
      problem,
      /the cluster default failed for 0.3 s. asking for the cluster: 127.0.0.1:9 does not answer \(/,
    );
  });
});
