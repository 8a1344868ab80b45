import * as z from "zod";
import { ModelWakeUp } from "../../../../components/llm/model-server-kinds";
import { choice, whole } from "../../fields";

const autoscaling = z
  .strictObject({
    minReplicas: whole("Fewest replicas. 0 lets the server sleep while nobody asks for it, and needs wakeUp.", 0, 1000),
    maxReplicas: whole("Most replicas; the pool must have room for them.", 1, 1000),
    waitingRequests: whole("Waiting requests for each replica. Default 5.", 1, 10000).optional(),
    runningRequests: whole(
      "Running requests on each replica. Default three quarters of the sequences that fit into its KV cache.",
      1,
      10000,
    ).optional(),
    keyValueCacheUsage: z
      .number()
      .positive()
      .max(1)
      .optional()
      .describe("Share of the KV cache in use on the fullest replica, 0 to 1. Default 0.85."),
    cpuPercent: whole("CPU beside it, in percent of the requests. Follows GPUs badly. Default off.", 1, 100).optional(),
    memoryPercent: whole("Memory beside it, in percent of the requests. Default off.", 1, 100).optional(),
    requestsPerSecond: whole("Requests a second on each replica beside it. Default off.", 1, 10000).optional(),
    wakeUp: choice(
      "What wakes a server that sleeps: gateway (requests at Traefik) or router (those at llm.gateway.router as well). Required with minReplicas 0.",
      Object.values(ModelWakeUp) as [ModelWakeUp, ...ModelWakeUp[]],
    ).optional(),
  })
  .describe("The load decides how many there are. Default: replicas decides.");

/** Entries of `llm.models.<server>` that say how the load decides about replicas. */
export const autoscalingEntries = {
  autoscaling: autoscaling.optional(),
};
