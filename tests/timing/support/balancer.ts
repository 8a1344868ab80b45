import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A pod that gets its share of requests. */
export interface Backend {
  readonly name: string;
  readonly port: number;
}

/** What the ingress controller is to model servers: passes requests on in turn, never repeats one, and lets streams live. */
export class Balancer {
  private readonly backends: Backend[] = [];
  private turn = 0;
  private readonly server: Server;

  constructor() {
    this.server = createServer((incoming, outgoing) => this.pass(incoming, outgoing));
  }

  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  add(backend: Backend): void {
    this.backends.push(backend);
  }

  /** Sends no new requests to a pod; those under way stay. */
  remove(backend: Backend): void {
    this.backends.splice(this.backends.indexOf(backend), 1);
  }

  private pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    this.turn += 1;
    const backend = this.backends[this.turn % this.backends.length];
    if (backend === undefined) {
      outgoing.writeHead(503).end();
      return;
    }
    const { port, name } = backend;
    const upstream = request({ port, host: "127.0.0.1", path: incoming.url, agent: false }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, { ...answer.headers, "x-backend": name });
      answer.on("error", () => outgoing.destroy());
      answer.pipe(outgoing);
    });
    upstream.on("error", () => {
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(502, { "x-backend": name }).end();
    });
    upstream.end();
  }
}
