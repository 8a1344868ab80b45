/** Tables that hold traces, by major; each has to be a replicated one in a cluster. */
export const SMOKE_TABLES: Readonly<Record<string, string>> = {
  "3": "traces,observations,scores",
  "4": "events_full,events_core,scores",
};

/**
 * The smoke test, run by Node inside the image: sends a span as any SDK would, waits until the public API gives it back, and
 * asks ClickHouse whether the data is where it must be. Takes everything from the environment. The last line of its output is
 * the reason of a failure; it never prints a key.
 */
export const SMOKE_SCRIPT = `import { randomBytes } from "node:crypto";

const env = process.env;
const seconds = Number(env.SMOKE_TIMEOUT_SECONDS);
const pause = Number(env.SMOKE_PAUSE_SECONDS) * 1000;
const basic = (user, password) => "Basic " + Buffer.from(user + ":" + password).toString("base64");
const api = { authorization: basic(env.LANGFUSE_PUBLIC_KEY, env.LANGFUSE_SECRET_KEY) };
const traceId = randomBytes(16).toString("hex");

async function request(what, url, options) {
  let response;
  try {
    response = await fetch(url, { ...options, signal: AbortSignal.timeout(20_000) });
  } catch (error) {
    throw new Error(what + ": " + new URL(url).host + " does not answer (" + (error.cause?.code ?? error.message) + ")");
  }
  const text = await response.text();
  if (!response.ok) throw new Error(what + ": HTTP " + response.status + " " + text.slice(0, 300));
  return text;
}

async function until(what, check) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      await check();
      console.log("ok: " + what);
      return;
    } catch (error) {
      if (Date.now() + pause > end) throw new Error(what + " failed for " + seconds + " s. " + error.message);
      await new Promise((resume) => setTimeout(resume, pause));
    }
  }
}

function span() {
  const now = Date.now();
  const attribute = (key, value) => ({ key, value: { stringValue: value } });
  return {
    resourceSpans: [
      {
        resource: { attributes: [attribute("service.name", "platform-smoke-test")] },
        scopeSpans: [
          {
            scope: { name: "platform-smoke-test" },
            spans: [
              {
                traceId,
                spanId: randomBytes(8).toString("hex"),
                name: "platform-smoke-test",
                kind: 1,
                startTimeUnixNano: String(now - 5) + "000000",
                endTimeUnixNano: String(now) + "000000",
                attributes: [attribute("langfuse.environment", "smoke"), attribute("langfuse.version", env.LANGFUSE_VERSION)],
                status: {},
              },
            ],
          },
        ],
      },
    ],
  };
}

async function send() {
  const headers = { ...api, "content-type": "application/json" };
  if (env.LANGFUSE_MAJOR !== "3") headers["x-langfuse-ingestion-version"] = "4";
  const url = env.LANGFUSE_URL + "/api/public/otel/v1/traces";
  await request("sending a trace", url, { method: "POST", headers, body: JSON.stringify(span()) });
}

async function readBack() {
  if (env.LANGFUSE_MAJOR === "3") {
    const trace = JSON.parse(await request("reading the trace", env.LANGFUSE_URL + "/api/public/traces/" + traceId, { headers: api }));
    if (trace.id !== traceId || !(trace.observations?.length > 0)) throw new Error("the trace has no observation yet");
    return;
  }
  const url = env.LANGFUSE_URL + "/api/public/v2/observations?limit=10&traceId=" + traceId;
  const answer = JSON.parse(await request("reading the trace", url, { headers: api }));
  if (!(answer.data?.length > 0)) throw new Error("the trace has no observation yet");
}

async function query(what, sql) {
  const url = new URL(env.CLICKHOUSE_URL);
  url.searchParams.set("database", env.CLICKHOUSE_DB);
  const headers = { "x-clickhouse-user": env.CLICKHOUSE_USER, "x-clickhouse-key": env.CLICKHOUSE_PASSWORD };
  return JSON.parse(await request(what, url, { method: "POST", headers, body: sql + " FORMAT JSON" })).data;
}

async function engines() {
  const wanted = env.SMOKE_TABLES.split(",");
  const list = wanted.map((name) => "'" + name + "'").join(", ");
  const tables = await query("asking for table engines", "SELECT name, engine FROM system.tables WHERE database = currentDatabase() AND name IN (" + list + ")");
  for (const name of wanted) {
    const table = tables.find((each) => each.name === name);
    if (!table) throw new Error("table " + name + " does not exist: the migrations did not run against this database");
    if (!table.engine.startsWith("Replicated")) {
      throw new Error("table " + name + " has the engine " + table.engine + ": it is not replicated, so each replica keeps other rows");
    }
  }
  const broken = await query("asking for replicas", "SELECT table FROM system.replicas WHERE database = currentDatabase() AND is_readonly = 1");
  if (broken.length > 0) throw new Error("read-only tables (no session with Keeper): " + broken.map((each) => each.table).join(", "));
}

async function cluster() {
  const hosts = await query("asking for the cluster", "SELECT shard_num, host_name FROM system.clusters WHERE cluster = 'default'");
  if (hosts.length === 0) throw new Error("ClickHouse has no cluster named default, which every migration names");
  if (hosts.length > 1 && hosts.some((each) => each.host_name === "localhost")) {
    throw new Error("the cluster default also contains localhost: the image's own cluster was merged into it");
  }
  const expected = Number(env.SMOKE_REPLICAS);
  const first = hosts.filter((each) => Number(each.shard_num) === 1).length;
  if (expected > 0 && first !== expected) throw new Error("the first shard of cluster default has " + first + " replicas instead of " + expected);
}

try {
  if (env.CLICKHOUSE_CLUSTERED === "true") {
    await until("the cluster default", cluster);
    await until("replicated tables", engines);
  }
  await until("sending a trace over OTLP", send);
  await until("reading the trace back", readBack);
  console.log("smoke test passed: trace " + traceId);
} catch (error) {
  console.error("smoke test of Langfuse " + env.LANGFUSE_VERSION + " failed: " + error.message);
  process.exitCode = 1;
}
`;
