import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { SECOND } from "./kubelet";

/** How a request ended. */
export interface Answer {
  /** Pod that answered; empty when none did. */
  readonly backend: string;
  /** Whether the answer is complete: the model stopped by itself, and the client heard it. */
  readonly whole: boolean;
  /** What the client saw instead, e.g. `502` or `abort`. */
  readonly end: string;
}

const REQUEST_EVERY_MS = 50;
const SHORT_SECONDS = 2;

/** Callers who never pause: short requests, and every fourth as long as `longSeconds` until `onlyShort`. */
export class Load {
  readonly answers: Answer[] = [];
  private readonly pending: Promise<void>[] = [];
  private long = true;
  private going = true;

  constructor(
    private readonly port: number,
    private readonly longSeconds: number,
    private readonly onAnswer: (answer: Answer) => void,
  ) {}

  /** Sends requests until `stop`. */
  async run(): Promise<void> {
    for (let count = 0; this.going; count++) {
      // Pairs, so that both pods get some of each.
      const seconds = this.long && count % 8 < 2 ? this.longSeconds : SHORT_SECONDS;
      this.pending.push(this.ask(seconds * SECOND));
      await sleep(REQUEST_EVERY_MS);
    }
    await Promise.all(this.pending);
  }

  onlyShort(): void {
    this.long = false;
  }

  stop(): void {
    this.going = false;
  }

  private async ask(milliseconds: number): Promise<void> {
    const answer = await complete(this.port, milliseconds);
    this.answers.push(answer);
    this.onAnswer(answer);
  }
}

function complete(port: number, milliseconds: number): Promise<Answer> {
  return new Promise((resolve) => {
    const path = `/v1/completions?milliseconds=${milliseconds}`;
    const asked = request({ port, host: "127.0.0.1", path, agent: false }, (response) => {
      const backend = String(response.headers["x-backend"] ?? "");
      let text = "";
      response.setEncoding("utf8").on("data", (part) => {
        text += part;
      });
      response.on("close", () => {
        const [, reason] = /"finish_reason":"(\w+)"/.exec(text) ?? [];
        const end = response.statusCode === 200 ? (reason ?? "connection lost") : `${response.statusCode}`;
        resolve({ backend, whole: end === "stop" && text.endsWith("data: [DONE]\n\n"), end });
      });
      response.on("error", () => {});
    });
    asked.on("error", () => resolve({ backend: "", whole: false, end: "no connection" }));
    asked.end();
  });
}
