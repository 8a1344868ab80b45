import * as z from "zod";
import { OBJECTIVE_DEFAULTS } from "../../../../components/llm/model-alerts";
import { flag, text, whole } from "../../fields";

const seconds = (description: string) => z.number().positive().max(640).describe(description);

const server = text(
  "Name of a model server.",
  /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/,
  "must be the name of a model server",
  "Write it as in llm.models.",
);

/** `llm.monitoring`: what is watched for. */
export const modelMonitoringSettings = z
  .strictObject({
    dashboard: flag("Whether Grafana gets a dashboard of the models. Default true.", true),
    timeToFirstTokenSeconds: seconds(
      "Seconds until the first token that 95 of 100 requests are to stay below; an alert tells when they do not. Default 2.",
    ).default(OBJECTIVE_DEFAULTS.timeToFirstTokenSeconds),
    timeToFirstTokenSecondsOf: z
      .record(server, seconds("Seconds until the first token."))
      .default({})
      .describe("The same for single servers, by name. Default none."),
    failedRequestsPercent: z
      .number()
      .positive()
      .max(99)
      .default(OBJECTIVE_DEFAULTS.failedRequestsPercent)
      .describe("Percent of requests that may fail by the server's fault before an alert tells. Default 5."),
    waitingRequests: whole(
      "Waiting requests for each replica that are borne for ten minutes before an alert tells. Default 10.",
      1,
      10000,
    ).default(OBJECTIVE_DEFAULTS.waitingRequests),
    keyValueCacheUsage: z
      .number()
      .positive()
      .max(0.99)
      .default(OBJECTIVE_DEFAULTS.keyValueCacheUsage)
      .describe("Share of the KV cache in use, 0 to 1, that is borne for ten minutes. Default 0.9."),
    idleGpuHours: whole("Hours without work after which a GPU is reported for its cost. Default 6.", 1, 168).default(
      OBJECTIVE_DEFAULTS.idleGpuHours,
    ),
  })
  .prefault({})
  .describe("What is watched for.");
