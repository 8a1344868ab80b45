import type * as pulumi from "@pulumi/pulumi";
import type { Mirrors } from "../internal/mirrors";
import type { ContainerResources, Placement } from "../internal/pods";
import type { IngressContract } from "./ingress-contract";

/** What the values of every ingress controller depend on, after defaults. */
export interface IngressControllerSettings {
  readonly replicas: number;
  readonly uploadTimeoutSeconds: number;
  readonly finishSeconds: number;
  readonly routeNamespaces: string[];
  readonly resources: ContainerResources;
  readonly serviceMonitors: boolean;
  readonly statusAddress?: pulumi.Input<string>;
  readonly proxyProtocolFrom?: pulumi.Input<pulumi.Input<string>[]>;
  readonly priorityClassName?: pulumi.Input<string>;
  readonly placement?: Placement;
  readonly mirrors?: Mirrors;
}

/** Seconds that a leaving pod has for what it has begun, unless told. */
export const FINISH_SECONDS = 30;

/** The load balancer's deregistration, which lasts an hour at most, covers both parts of a drain. */
export const MOST_FINISH_SECONDS = 3540;

/**
 * How a pod leaves: the load balancer needs up to a minute to stop sending new connections to a pod that goes, so the pod
 * keeps accepting them that long, then finishes what it has.
 */
export function drain(finishSeconds: number = FINISH_SECONDS) {
  const acceptSeconds = 60;
  return { acceptSeconds, finishSeconds, graceSeconds: acceptSeconds + finishSeconds + 10 };
}

/** Spreads the pods over zones and nodes as far as there are any; never keeps a pod from starting. */
export function ingressSpread(contract: IngressContract) {
  return ["topology.kubernetes.io/zone", "kubernetes.io/hostname"].map((topologyKey) => ({
    maxSkew: 1,
    topologyKey,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: contract.podLabels },
    // Pods of the version that is being replaced do not count.
    matchLabelKeys: ["pod-template-hash"],
  }));
}

/** At most one pod at a time is taken away on purpose; with a single pod nothing is promised, or nodes could never drain. */
export function ingressDisruptionBudget(replicas: number): { enabled: boolean; maxUnavailable?: number } {
  return replicas > 1 ? { enabled: true, maxUnavailable: 1 } : { enabled: false };
}
