import type * as pulumi from "@pulumi/pulumi";
import { MODEL_ROUTER } from "./model-gateway-names";
import { monitorJob } from "./model-metrics";
import {
  askedAtGateway,
  askedAtRouter,
  keyValueCacheUsage,
  type MetricScope,
  requestsPerSecond,
  runningRequests,
  waitingRequests,
} from "./model-metrics-queries";
import type { ModelAutoscalingArgs } from "./model-server-args";
import { ModelWakeUp } from "./model-server-kinds";

/** Names of triggers. A canary's controller replaces the query of each by that of its primary. */
export const ModelTrigger = {
  WaitingRequests: "waiting-requests",
  RunningRequests: "running-requests",
  KeyValueCache: "key-value-cache",
  RequestsPerSecond: "requests-per-second",
  Cpu: "cpu",
  Memory: "memory",
  AskedAtGateway: "asked-at-gateway",
  AskedAtRouter: "asked-at-router",
} as const;
export type ModelTrigger = (typeof ModelTrigger)[keyof typeof ModelTrigger];

/** What counts when nothing is said. */
export const SCALING_DEFAULTS = {
  waitingRequests: 5,
  /** Of the sequences that fit into a replica's KV cache: the rest is room for the minutes until another replica has loaded. */
  runningShare: 0.75,
  keyValueCacheUsage: 0.85,
} as const;

/** A trigger of a ScaledObject. */
export interface Trigger {
  readonly type: string;
  readonly name: ModelTrigger;
  readonly metricType: "AverageValue" | "Value" | "Utilization";
  readonly metadata: Record<string, pulumi.Input<string>>;
}

/** What a replica is to bear, with everything that is not said filled in. */
export function scalingThresholds(args: ModelAutoscalingArgs, concurrency: number) {
  const running = Math.max(1, Math.floor(SCALING_DEFAULTS.runningShare * concurrency));
  return {
    waitingRequests: args.waitingRequests ?? SCALING_DEFAULTS.waitingRequests,
    runningRequests: args.runningRequests ?? running,
    keyValueCacheUsage: args.keyValueCacheUsage ?? SCALING_DEFAULTS.keyValueCacheUsage,
  };
}

/** Queries of the triggers by name; each answers one element. For the primary of a canary, with its `app`. */
export function modelScalerQueries(scope: MetricScope) {
  return {
    [ModelTrigger.WaitingRequests]: waitingRequests(scope),
    [ModelTrigger.RunningRequests]: runningRequests(scope),
    [ModelTrigger.KeyValueCache]: keyValueCacheUsage(scope),
    [ModelTrigger.RequestsPerSecond]: requestsPerSecond(scope),
  };
}

/** Triggers by load; the highest wish of all counts. */
export function scalingTriggers(scope: MetricScope, args: ModelAutoscalingArgs, concurrency: number): Trigger[] {
  const queries = modelScalerQueries(scope);
  const thresholds = scalingThresholds(args, concurrency);
  // No series means that metrics are lost, and `fallback` is to act; of a sleeping server it means that nothing runs.
  const ignoreNullValues = String(args.minReplicas === 0);
  const prometheus = (
    name: keyof typeof queries,
    metricType: "AverageValue" | "Value",
    threshold: number,
  ): Trigger => ({
    type: "prometheus",
    name,
    metricType,
    metadata: {
      serverAddress: args.prometheusUrl,
      query: queries[name],
      threshold: String(threshold),
      ignoreNullValues,
    },
  });
  return [
    prometheus(ModelTrigger.WaitingRequests, "AverageValue", thresholds.waitingRequests),
    prometheus(ModelTrigger.RunningRequests, "AverageValue", thresholds.runningRequests),
    // A share of the fullest replica, not a sum: it is compared as it is.
    prometheus(ModelTrigger.KeyValueCache, "Value", thresholds.keyValueCacheUsage),
    ...(args.requestsPerSecond === undefined
      ? []
      : [prometheus(ModelTrigger.RequestsPerSecond, "AverageValue", args.requestsPerSecond)]),
    ...utilization(ModelTrigger.Cpu, args.cpuPercent),
    ...utilization(ModelTrigger.Memory, args.memoryPercent),
  ];
}

function utilization(name: "cpu" | "memory", percent: number | undefined): Trigger[] {
  if (percent === undefined) return [];
  return [{ type: name, name, metricType: "Utilization", metadata: { value: String(percent) } }];
}

/**
 * What wakes a sleeping server, and keeps one awake that is asked for now and then; beyond one replica it wishes nothing. The
 * router does not see requests that name a server in their path, so Traefik's count goes beside its own.
 */
export function wakeUpTriggers(
  namespace: string,
  { wakeUp, prometheusUrl }: ModelAutoscalingArgs,
  server: string,
  servedNames: readonly string[],
): Trigger[] {
  const trigger = (name: ModelTrigger, query: string): Trigger => ({
    type: "prometheus",
    name,
    metricType: "AverageValue",
    metadata: {
      serverAddress: prometheusUrl,
      query,
      threshold: "1",
      activationThreshold: "0",
      ignoreNullValues: "true",
    },
  });
  const router = askedAtRouter(monitorJob(namespace, MODEL_ROUTER), servedNames);
  return [
    trigger(ModelTrigger.AskedAtGateway, askedAtGateway(namespace, server)),
    ...(wakeUp === ModelWakeUp.Router ? [trigger(ModelTrigger.AskedAtRouter, router)] : []),
  ];
}
