import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/*
 * Stands in for a model server: answers with slow streams of server-sent events, and does on SIGTERM what vLLM 0.32.0 does
 * (entrypoints/launchers/launcher.py, v1/engine/core.py): it goes on listening, ends every new request as aborted, lets
 * running ones finish for --shutdown-timeout, aborts what is left then, and exits as soon as nothing runs.
 *
 *   node stand-in-server.ts MILLISECONDS_OF_SHUTDOWN_TIMEOUT
 */

const TOKEN_EVERY_MS = 50;
const shutdownTimeout = Number(process.argv[2]);
const running = new Set<Generation>();
let stopping = false;

/** One answer under way. */
class Generation {
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly response: ServerResponse,
    milliseconds: number,
  ) {
    running.add(this);
    response.writeHead(200, { "content-type": "text/event-stream" });
    const started = performance.now();
    this.timer = setInterval(() => {
      if (performance.now() - started >= milliseconds) this.end("stop");
      else this.send(null);
    }, TOKEN_EVERY_MS);
    response.on("close", () => this.forget());
  }

  end(reason: string): void {
    this.send(reason);
    this.response.end("data: [DONE]\n\n");
    this.forget();
  }

  private send(finishReason: string | null): void {
    this.response.write(`data: ${JSON.stringify({ choices: [{ text: "word ", finish_reason: finishReason }] })}\n\n`);
  }

  private forget(): void {
    clearInterval(this.timer);
    running.delete(this);
    exitWhenIdle();
  }
}

function answer({ url = "/" }: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  if (pathname !== "/v1/completions") {
    response.writeHead(pathname === "/health" ? 200 : 404).end();
    return;
  }
  const generation = new Generation(response, Number(searchParams.get("milliseconds")));
  if (stopping) generation.end("abort");
}

function exitWhenIdle(): void {
  // Later, so that the last bytes are on their way.
  if (stopping && running.size === 0) server.close(() => process.exit(0));
}

function abortAll(): void {
  for (const generation of [...running]) generation.end("abort");
}

const server = createServer(answer).listen(0, "127.0.0.1", () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.on("SIGTERM", () => {
  stopping = true;
  if (shutdownTimeout === 0) abortAll();
  else setTimeout(abortAll, shutdownTimeout);
  exitWhenIdle();
});
// What the test leaves behind when it dies.
process.on("disconnect", () => process.exit(1));
