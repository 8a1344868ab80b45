import * as z from "zod";
import { choice, distinct, flag, kubernetesName, text, whole } from "../../fields";

const serverName = text(
  "Name of a model server.",
  /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/,
  "must be the name of a model server",
  "Write it as in llm.models.",
);

/** `llm.gateway.router`: one address for several models. */
const router = z
  .strictObject({
    enabled: flag(
      "Whether there is one: https://<host>/v1/… then answers for every model of the servers named, chosen by `model` of a request. Default false.",
      false,
    ),
    servers: distinct(z.array(serverName))
      .optional()
      .describe("Model servers behind it, which share one API key. Default all."),
    routing: choice(
      "By what a replica is chosen: prefixAware (who has computed the longest equal beginning of the prompt), session (the same for each value of sessionHeader) or roundRobin. Default prefixAware.",
      ["prefixAware", "session", "roundRobin"],
    ).default("prefixAware"),
    sessionHeader: text(
      "Header that tells sessions apart, with routing session. Default x-session-id.",
      /^[a-z0-9-]{1,64}$/,
      "must be the name of a header in lower case",
      "Write it like x-session-id.",
    ).optional(),
    replicas: whole("Pods of the router. Default 2.", 1, 20).default(2),
  })
  .prefault({})
  .describe("A router that looks into requests, vLLM's own.");

/** `llm.gateway`: how callers reach models. */
export const modelGatewaySettings = z
  .strictObject({
    requestsPerMinutePerClient: whole(
      "Requests a minute of one client address over all models; what exceeds it is answered with 429. At least 10 with the alb controller. Default 100.",
      1,
      60000,
    ).default(100),
    requestTimeoutSeconds: whole(
      "Longest wait for an answer's first byte, and between two. Load balancers wait longer by themselves. Default 600.",
      30,
      3500,
    ).default(600),
    stickiness: choice(
      "Whether a caller meets the same replica again: none, clientAddress (traefik alone) or cookie. Default none.",
      ["none", "clientAddress", "cookie"],
    ).default("none"),
    corsOrigins: distinct(
      z.array(
        text(
          "An origin.",
          /^(\*|https?:\/\/[a-z0-9.-]+(:\d+)?)$/,
          "must be an origin (scheme and host, without a path), or *",
          "Write it like https://app.example.com.",
        ),
      ),
    )
      .default([])
      .describe(
        "Origins whose pages may call, e.g. https://app.example.com; * is everybody. traefik alone. Default none.",
      ),
    redisSecretName: kubernetesName(
      "Secret in namespace models with the entries username and password, by which Traefik counts requests in the server of redis.existing; somebody else makes it. Required with redis.existing and traefik.",
    ).optional(),
    router,
  })
  .prefault({})
  .describe("How callers reach models.");
