import type * as pulumi from "@pulumi/pulumi";
import type { FlaggerProvider } from "./flagger-values";

/** How traffic is shifted to a new version, and when that ends. Plain values. */
export interface ModelCanaryAnalysisArgs {
  /** Seconds between two steps, at least 30. Default 60. */
  readonly intervalSeconds?: number;
  /** Failed checks after which the old version gets all traffic back. Default 5. */
  readonly threshold?: number;
  /** Share of the traffic that the new version gets at most before it takes over, in percent. Default 50. */
  readonly maxWeight?: number;
  /** Share that is added at each step, in percent; at most `maxWeight`. Default 10. */
  readonly stepWeight?: number;
  /** Checks before the switch with the provider `kubernetes`, which has no weights. Default 10. */
  readonly iterations?: number;
}

/** What a new version must keep. Plain values. */
export interface ModelCanaryObjectivesArgs {
  /** Seconds until the first token that 95 of 100 requests stay below. Default 2. */
  readonly timeToFirstTokenSeconds?: number;
  /** Requests of 100 that must not fail by the server's fault. Default 99. */
  readonly successPercent?: number;
}

/** The load that makes a new version measurable before callers do. */
export interface ModelCanaryLoadArgs {
  /** URL of the load tester; `Flagger.loadTesterUrl`. */
  readonly loadTesterUrl: pulumi.Input<string>;
  /** Requests a second of each worker. Default 10; a worker waits for its answer before it asks again. */
  readonly requestsPerSecond?: number;
  /** Workers, and so the most requests at once. Default 2. */
  readonly workers?: number;
  /** Longest answer that is asked for, in tokens. Default 16. */
  readonly maxTokens?: number;
}

/** Who hears of a canary. */
export interface ModelCanaryAlertArgs {
  /** `slack`, `msteams`, `rocket` or `discord`. */
  readonly type: string;
  /** Channel, where the type has such. Default the provider's own. */
  readonly channel?: string;
  /** Secret in the canary's namespace whose entry `address` is the URL to post to; made by somebody else. */
  readonly secretName: string;
  /** `info` (everything), `warn` or `error` (rollbacks alone). Default `warn`. */
  readonly severity?: string;
}

/** How the old version scales while and after the new one is tried. */
export interface ModelCanaryAutoscalerArgs {
  /** Fewest replicas of the primary, at least 1. */
  readonly minReplicas: number;
  /** Most replicas of the primary. */
  readonly maxReplicas: number;
}

export interface ModelCanaryArgs {
  /** Namespace of the server. A change replaces everything. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the server, whose ModelServer has `service: false` and scales by a ScaledObject. A change replaces everything. */
  readonly server: string;
  /** Name by which callers ask for the model. Default the server's name. */
  readonly servedName?: string;
  /** Prometheus that holds the engine's metrics, `http://…:9090`. */
  readonly prometheusUrl: pulumi.Input<string>;
  /** Default that of `Flagger`. */
  readonly provider?: FlaggerProvider;
  /** Seconds from the start of a pod until it answers; the server's `timing.startupBudget`. Default 1800. */
  readonly startupBudget?: number;
  /** Bounds of the proven version; the new one gets as large a share of them as of the traffic. */
  readonly autoscaler: ModelCanaryAutoscalerArgs;
  /** How traffic is shifted. Default a tenth each minute, up to half. */
  readonly analysis?: ModelCanaryAnalysisArgs;
  /** What a new version must keep. Default 2 s to the first token, 99 of 100 without fault. */
  readonly objectives?: ModelCanaryObjectivesArgs;
  /** The load by which it is measured. */
  readonly load: ModelCanaryLoadArgs;
  /** Default nobody: Prometheus alerts on failed canaries anyway. */
  readonly alert?: ModelCanaryAlertArgs;
  /** Gate: Flagger runs. */
  readonly controllerReady?: pulumi.Input<string>;
  /** Gate: the server's workload runs, and scales. */
  readonly serverReady?: pulumi.Input<string>;
}
