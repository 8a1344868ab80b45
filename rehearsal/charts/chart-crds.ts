import type { KubernetesObject } from "../api/objects";
import { type CustomKind, permissiveCrd, undefinedKinds } from "../cluster/crds";
import { type ChartInstaller, chartName } from "./chart-installer";

/** API groups whose kinds come to a cluster with a chart, in its `crds/` folder or among its templates. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  "altinity-clickhouse-operator": ["clickhouse.altinity.com", "clickhouse-keeper.altinity.com"],
  "aws-load-balancer-controller": ["elbv2.k8s.aws", "aga.k8s.aws"],
  "cert-manager": ["cert-manager.io", "acme.cert-manager.io"],
  "external-secrets": ["external-secrets.io"],
  flagger: ["flagger.app"],
  keda: ["keda.sh", "eventing.keda.sh"],
  lws: ["leaderworkerset.x-k8s.io", "disaggregatedset.x-k8s.io"],
  "prometheus-operator-crds": ["monitoring.coreos.com"],
  traefik: ["traefik.io"],
  "vertical-pod-autoscaler": ["autoscaling.k8s.io"],
};

/** The definitions that there are of custom kinds. */
export interface Definitions {
  /** Those of `kinds` that had none accept anything. */
  readonly crds: readonly KubernetesObject[];
  /** Kinds whose objects nothing judges. */
  readonly permissive: readonly CustomKind[];
}

/** `crds`, and permissive ones for the kinds that they leave out. */
export function definitionsOf(kinds: readonly CustomKind[], crds: readonly KubernetesObject[]): Definitions {
  const permissive = undefinedKinds(kinds, crds);
  return { crds: [...crds, ...permissive.map(permissiveCrd)], permissive };
}

/** Definitions that no chart brings: an add-on does, or the cluster has them. */
export function withoutChart({ crds }: Definitions): KubernetesObject[] {
  const groups = Object.values(GROUPS).flat();
  return crds.filter(({ spec }) => !groups.includes(spec.group));
}

/**
 * An installer whose releases bring the definitions that their charts bring, unless the rendered chart has its own: a custom
 * resource that does not wait for its chart then fails, as it does in a new cluster.
 */
export function withDefinitions(installer: ChartInstaller, { crds }: Definitions): ChartInstaller {
  return {
    objectsOf: async (request) => {
      const release = await installer.objectsOf(request);
      const groups = GROUPS[chartName(request)] ?? [];
      const own = new Set(release.customResourceDefinitions.map(({ metadata }) => metadata.name));
      const missing = crds.filter(({ metadata, spec }) => groups.includes(spec.group) && !own.has(metadata.name));
      return { ...release, customResourceDefinitions: [...release.customResourceDefinitions, ...missing] };
    },
  };
}
