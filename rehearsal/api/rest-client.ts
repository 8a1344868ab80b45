import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { ApiError } from "./api";

/** Where an API server is, and who asks. */
export interface ServerAddress {
  /** e.g. `https://127.0.0.1:6443`. */
  readonly endpoint: string;
  /** PEM, base64, as a kubeconfig has it. */
  readonly certificateAuthority: string;
  /** Bearer token. */
  readonly token: string;
}

/** One request; `body` is sent as JSON. */
export interface RestRequest {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** With its query, e.g. `/api/v1/nodes?limit=1`. */
  readonly path: string;
  readonly body?: unknown;
  /** Default `application/json`. */
  readonly contentType?: string;
}

/** Longest silence of the server. */
const TIMEOUT_SECONDS = 30;
const ATTEMPTS = 4;
const PAUSE_MILLISECONDS = 150;
/** Half a minute: the server opens the storage of a custom kind at its first use, and says so in the meantime. */
const ATTEMPTS_WHILE_INITIALIZING = 200;

/** Speaks HTTP with one API server over connections that stay open. */
export class RestClient {
  private readonly agent: Agent;

  constructor(private readonly address: ServerAddress) {
    const ca = Buffer.from(address.certificateAuthority, "base64");
    this.agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: "lifo", ca });
  }

  /** The parsed answer. Throws an ApiError when the server refuses. */
  async send(asked: RestRequest): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.sendOnce(asked);
      } catch (error) {
        const early = isInitializing(error);
        if (!(error instanceof NotSent || early) || attempt === (early ? ATTEMPTS_WHILE_INITIALIZING : ATTEMPTS))
          throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
      }
    }
  }

  /** Closes idle connections. */
  close(): void {
    this.agent.destroy();
  }

  private sendOnce({ method, path, body, contentType = "application/json" }: RestRequest): Promise<unknown> {
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const where = `${method} ${this.address.endpoint}${path}`;
    return new Promise((resolve, reject) => {
      const sent = request(`${this.address.endpoint}${path}`, {
        method,
        agent: this.agent,
        headers: {
          accept: "application/json",
          authorization: `Bearer ${this.address.token}`,
          ...(payload === undefined ? {} : { "content-type": contentType, "content-length": payload.length }),
        },
      });
      sent.on("response", (response) => received(response, where).then(resolve, reject));
      sent.on("error", (error: NodeJS.ErrnoException) => {
        const message = `${where}: ${error.message}`;
        reject(wasNotSent(error.code, sent.reusedSocket) ? new NotSent(message) : new Error(message));
      });
      sent.setTimeout(TIMEOUT_SECONDS * 1000, () => sent.destroy(new Error(`no answer in ${TIMEOUT_SECONDS} s`)));
      sent.end(payload);
    });
  }
}

/** Whether the server refused because it is still opening the storage of a kind; the same code forbids an eviction. */
function isInitializing(error: unknown): boolean {
  return error instanceof ApiError && error.code === 429 && error.message.includes("initializing");
}

/** The server never saw the request, so that asking again does nothing twice. */
class NotSent extends Error {}

/**
 * Whether a connection failed before the server saw the request: nobody listened, or a connection that had been idle was
 * closed by the server at the same moment.
 */
export function wasNotSent(code: string | undefined, reusedSocket: boolean): boolean {
  return code === "ECONNREFUSED" || (reusedSocket && (code === "ECONNRESET" || code === "EPIPE"));
}

async function received(response: IncomingMessage, where: string): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const code = response.statusCode ?? 0;
  if (code >= 200 && code < 300) return JSON.parse(text);
  throw refusal(code, text, where);
}

/** The error that a server's answer amounts to: its Status, or what a proxy or a filter wrote in its place. */
export function refusal(code: number, text: string, where: string): ApiError {
  const status = statusIn(text);
  if (status === undefined) return new ApiError(code, "Unknown", `${where}: HTTP ${code}: ${text.trim()}`);
  return new ApiError(status.code ?? code, status.reason ?? "Unknown", status.message ?? `${where}: HTTP ${code}`);
}

interface Status {
  readonly kind?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
}

function statusIn(text: string): Status | undefined {
  try {
    const parsed = JSON.parse(text) as Status | null;
    return parsed?.kind === "Status" ? parsed : undefined;
  } catch {
    return undefined;
  }
}
