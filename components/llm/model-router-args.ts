import type * as pulumi from "@pulumi/pulumi";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";

/** By what the router chooses among the replicas of a model. */
export const ModelRouting = {
  /** The replica that has computed the longest equal beginning of the prompt. */
  PrefixAware: "prefixAware",
  /** The same replica for each value of a header. */
  Session: "session",
  /** One after the other. */
  RoundRobin: "roundRobin",
} as const;
export type ModelRouting = (typeof ModelRouting)[keyof typeof ModelRouting];

export interface ModelRouterArgs {
  /** Namespace of the model servers and of the router. A change replaces everything. */
  readonly namespace: pulumi.Input<string>;
  /** Names of the model servers that it sends to, at least one; a request names the model, not the server. */
  readonly servers: string[];
  /**
   * Secret with the API key that all of these servers have (entry `api-key`): the router asks them for their models by it.
   * Callers still show the key themselves.
   */
  readonly apiKeySecretName: pulumi.Input<string>;
  /** Default `prefixAware`. */
  readonly routing?: ModelRouting;
  /** Header that tells sessions apart; for `session`. Default `x-session-id`. */
  readonly sessionHeader?: string;
  /** Pods; each learns beginnings of prompts for itself. Default 2. */
  readonly replicas?: number;
  /** Longest answer that a leaving pod still passes on, in seconds; `requestTimeoutSeconds` of the gateway. Default 600. */
  readonly requestTimeoutSeconds?: number;
  /** Requests and limits of each pod. Default 500m/1Gi to 2/2Gi. */
  readonly resources?: ContainerResources;
  /** Where the pods run. Default anywhere. */
  readonly placement?: Placement;
  /** PriorityClass of the pods. Default the cluster's. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Where the image comes from. Default its public home. */
  readonly mirrors?: Mirrors;
  /** Gate: policies that let the router reach the API server and the model servers are in place. */
  readonly policiesReady?: pulumi.Input<string>;
  /** Gate: the Secret with the API key exists. */
  readonly secretsReady?: pulumi.Input<string>;
}
