import type * as pulumi from "@pulumi/pulumi";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import type { LangfuseInitializationArgs, LangfuseSmtpArgs, LangfuseSsoArgs } from "./langfuse-access-args";
import type {
  LangfuseBucketsArgs,
  LangfuseClickHouseArgs,
  LangfusePostgresArgs,
  LangfuseRedisArgs,
  SecretKey,
} from "./langfuse-store-args";

export type { LangfuseSsoProviderArgs } from "./langfuse-access-args";
export { LangfuseSsoProvider } from "./langfuse-access-args";

export interface LangfuseArgs {
  /** Namespace of everything here; it exists. Changing it replaces the release. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the Helm release and prefix of every object's name; a DNS label of at most 28 characters. Default `langfuse`. */
  readonly releaseName?: string;
  /** Exact version of Langfuse, e.g. `3.225.4`. Its major number picks the chart: 3 or 4. */
  readonly version: string;
  /** Version of the web image while it is held back for one `up`, so that the worker moves first. Default `version`. */
  readonly webVersion?: string;
  /** Public host name. */
  readonly host: pulumi.Input<string>;
  /** Scheme of the public URL. Default true: `https`. */
  readonly tls?: boolean;
  /** Pods of the interface and the API. */
  readonly web: LangfuseWebArgs;
  /** Pods that work off the queues. */
  readonly worker: LangfuseWorkerArgs;
  /** Users, projects, prompts. */
  readonly postgres: LangfusePostgresArgs;
  /** Queues and cache. */
  readonly redis: LangfuseRedisArgs;
  /** Traces. */
  readonly clickhouse: LangfuseClickHouseArgs;
  /** Events, media, exports. */
  readonly buckets: LangfuseBucketsArgs;
  /** Secrets of the application itself. */
  readonly secrets: LangfuseAppSecretsArgs;
  /** First organisation, project and user. Default: none, and nobody can sign up. */
  readonly initialization?: LangfuseInitializationArgs;
  /** Single sign-on. Default: passwords only. */
  readonly sso?: LangfuseSsoArgs;
  /** Outgoing mail. Default none. */
  readonly smtp?: LangfuseSmtpArgs;
  /** Enterprise licence key. Default none. */
  readonly licenseKey?: SecretKey;
  /**
   * Whether somebody unknown who signs in, also by single sign-on, gets an account. Default false: then there are the first user
   * and whoever is invited. Langfuse refuses new accounts of every provider while it is off.
   */
  readonly signUp?: boolean;
  /** Whether basic usage statistics go to Langfuse. Default false. */
  readonly telemetry?: boolean;
  /** More environment variables of web and worker; names that the platform sets are refused. Default none. */
  readonly environment?: Record<string, pulumi.Input<string>>;
  /** More environment variables whose values stay in Secrets. Default none. */
  readonly secretEnvironment?: Record<string, SecretKey>;
  /** The public way in. Default: none, the Service is all there is. */
  readonly ingress?: LangfuseIngressArgs;
  /** ServiceAccount of web and worker, made here; the pod identity names it. Default: the release's name. */
  readonly serviceAccountName?: string;
  /** Annotations of that ServiceAccount, e.g. the role under IRSA. Default none. */
  readonly serviceAccountAnnotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Placement of the Jobs: never nodes that may vanish, a migration cut short needs a hand to mend. Default anywhere. */
  readonly jobPlacement?: Placement;
  /** PriorityClass of every pod here but the smoke test's. Default none. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** PriorityClass of the smoke test, which can wait for room. Default `priorityClassName`. */
  readonly smokePriorityClassName?: pulumi.Input<string>;
  /** Where chart and images are taken from. Default: their public homes. */
  readonly mirrors?: Mirrors;
  /** Path of the post-renderer, relative to the project. Default `./components/langfuse/post-renderer.js`. */
  readonly postRenderer?: string;
  /** How long Helm waits for the release, in seconds. Default 1200. */
  readonly timeoutSeconds?: number;
  /** What exists before what. Default: nothing is waited for. */
  readonly gates?: LangfuseGates;
}

/** What exists before what; every gate is optional. */
export interface LangfuseGates {
  /** Postgres answers: login roles and migrations wait for it, and with them the release. */
  readonly postgresReady?: pulumi.Input<string>;
  /** ClickHouse answers: migrations wait for it, and with them the release. */
  readonly clickhouseReady?: pulumi.Input<string>;
  /** Redis and the buckets answer: the release waits for it. */
  readonly storesReady?: pulumi.Input<string>;
  /** Kubernetes Secrets exist. */
  readonly secretsReady?: pulumi.Input<string>;
  /** NetworkPolicies of the namespace are in place. */
  readonly policiesReady?: pulumi.Input<string>;
  /** The pods' identity works. */
  readonly identityReady?: pulumi.Input<string>;
  /** KEDA runs: the worker's ScaledObject waits for it. */
  readonly autoscalerReady?: pulumi.Input<string>;
  /** The ingress controller (and its issuer) runs: the Ingress waits for it. */
  readonly ingressReady?: pulumi.Input<string>;
  /** metrics-server answers: the release with its HorizontalPodAutoscaler waits for it. */
  readonly metricsReady?: pulumi.Input<string>;
  /** The nodes of `placement` exist. */
  readonly nodesReady?: pulumi.Input<string>;
}

/** The web application: interface and API. */
export interface LangfuseWebArgs {
  /** Fixed number of pods; exactly one of `replicas` and `autoscaling`. */
  readonly replicas?: number;
  /** By CPU, with a HorizontalPodAutoscaler. */
  readonly autoscaling?: LangfuseAutoscalingArgs;
  /**
   * Whether a Rollout runs the pods (component `WebRollout`): the chart's Deployment is their template then, and neither it nor an
   * autoscaler of the chart decides their number. Needs `autoscaling`. Default false.
   */
  readonly rollout?: boolean;
  /** Requests and limits; the heap limit is three quarters of the memory limit. */
  readonly resources: ContainerResources;
  /** Pods that voluntary disruptions leave running; less than the fewest pods. Default: one pod at a time may go. */
  readonly minAvailable?: number;
  /** Which nodes. Default anywhere. */
  readonly placement?: Placement;
  /** Seconds from the request to stop until the kill. Default 140: the image drains for 110 before it exits. */
  readonly terminationGraceSeconds?: number;
}

/** The worker: reads the queues and writes ClickHouse. */
export interface LangfuseWorkerArgs {
  /** Fixed number of pods; exactly one of `replicas` and `autoscaling`. */
  readonly replicas?: number;
  /** By the length of both ingestion queues, with CPU beside it, through KEDA. */
  readonly autoscaling?: LangfuseWorkerAutoscalingArgs;
  /** Requests and limits; the heap limit is three quarters of the memory limit. */
  readonly resources: ContainerResources;
  /** Pods that voluntary disruptions leave running; less than the fewest pods. Default: one pod at a time may go. */
  readonly minAvailable?: number;
  /** Which nodes. Default anywhere. */
  readonly placement?: Placement;
  /** Seconds from the request to stop until the kill; jobs cut off are tried again. Default 300. */
  readonly terminationGraceSeconds?: number;
}

/** Bounds and target of an autoscaler. */
export interface LangfuseAutoscalingArgs {
  /** Fewest pods. */
  readonly minReplicas: number;
  /** Most pods. */
  readonly maxReplicas: number;
  /** Average CPU in percent of the request, 10 to 100. */
  readonly cpuPercent: number;
  /**
   * For a release that ran with `replicas` before: the number of running pods, kept from then on. Helm removes a field that it
   * once rendered, and the API server then puts 1, whenever that happens; so each upgrade starts from this number instead.
   * Default, for a release that had autoscaling from its first `up`: the field is never rendered.
   */
  readonly adoptReplicas?: number;
}

/** The worker's bounds and targets. */
export interface LangfuseWorkerAutoscalingArgs {
  /** Fewest pods. */
  readonly minReplicas: number;
  /** Most pods. */
  readonly maxReplicas: number;
  /** Average CPU in percent of the request, 10 to 100. */
  readonly cpuPercent: number;
  /** As for the web application. */
  readonly adoptReplicas?: number;
  /** Waiting jobs per pod, for each of the two ingestion queues. */
  readonly queueLength: number;
}

/** Secrets of the application itself. */
export interface LangfuseAppSecretsArgs {
  /** Hashes API keys; losing it makes every key useless. */
  readonly salt: SecretKey;
  /** 64 hexadecimal characters; losing it loses what it encrypted. */
  readonly encryptionKey: SecretKey;
  /** Signs sessions. */
  readonly nextAuthSecret: SecretKey;
  /** Not a secret itself: any text that changes when a Secret does, so that the pods roll. */
  readonly revision?: pulumi.Input<string>;
}

/** The Ingress object. */
export interface LangfuseIngressArgs {
  /** Name of the IngressClass. */
  readonly className: pulumi.Input<string>;
  /** Annotations for the controller, rendered elsewhere from the neutral profile. Default none. */
  readonly annotations?: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Secret with the certificate. Default: none, TLS ends before the controller. */
  readonly tlsSecretName?: pulumi.Input<string>;
}
