import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";

/** A release of a chart whose workloads stand in for the chart. */
export interface StandInRelease {
  readonly name: string;
  readonly namespace: string;
  /** Name of the chart. */
  readonly chart: string;
  readonly version: string;
  readonly values: Properties;
}

/** What stands in for a chart: what is applied, and what is only recorded. */
export interface StandInObjects {
  readonly objects: readonly KubernetesObject[];
  /** Webhook configurations and aggregated APIs. */
  readonly recorded?: readonly KubernetesObject[];
}

/** Makes a chart's workloads from a release's values, under the chart's own names and labels. */
export type StandIn = (release: StandInRelease) => StandInObjects;

/** Labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** The prefix of a release's names. */
export function fullName({ name, values }: StandInRelease): string {
  return values.fullnameOverride ?? name;
}

/** What most charts select their pods by. */
export function selectorLabels({ name }: StandInRelease, application: string, component?: string): Labels {
  return {
    "app.kubernetes.io/name": application,
    "app.kubernetes.io/instance": name,
    ...(component === undefined ? {} : { "app.kubernetes.io/component": component }),
  };
}

/** What most charts put on all of their objects, beside the selecting labels. */
export function chartLabels({ chart, version }: StandInRelease): Labels {
  return {
    "app.kubernetes.io/managed-by": "Helm",
    "helm.sh/chart": `${chart}-${version}`,
  };
}
