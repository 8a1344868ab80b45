import type { KubernetesApi } from "../api/api";
import type { KubernetesObject } from "../api/objects";
import { type LabelSelector, selects } from "./selectors";

/** What is read of a cluster, as `apiVersion Kind`. What is missing here no check can see, except for kinds that the stack itself makes. */
const KINDS = [
  ..."Namespace Node Pod Service ServiceAccount Secret ConfigMap PersistentVolume PersistentVolumeClaim Event LimitRange ResourceQuota"
    .split(" ")
    .map((kind) => `v1 ${kind}`),
  ..."Deployment StatefulSet DaemonSet ReplicaSet".split(" ").map((kind) => `apps/v1 ${kind}`),
  ..."Job CronJob".split(" ").map((kind) => `batch/v1 ${kind}`),
  ..."NetworkPolicy Ingress IngressClass".split(" ").map((kind) => `networking.k8s.io/v1 ${kind}`),
  ..."Role RoleBinding ClusterRole ClusterRoleBinding".split(" ").map((kind) => `rbac.authorization.k8s.io/v1 ${kind}`),
  "policy/v1 PodDisruptionBudget",
  "autoscaling/v2 HorizontalPodAutoscaler",
  "autoscaling.k8s.io/v1 VerticalPodAutoscaler",
  "scheduling.k8s.io/v1 PriorityClass",
  "storage.k8s.io/v1 StorageClass",
  ..."PodMonitor ServiceMonitor PrometheusRule Prometheus Alertmanager"
    .split(" ")
    .map((kind) => `monitoring.coreos.com/v1 ${kind}`),
  ..."ScaledObject TriggerAuthentication ClusterTriggerAuthentication"
    .split(" ")
    .map((kind) => `keda.sh/v1alpha1 ${kind}`),
  ..."Certificate Issuer ClusterIssuer".split(" ").map((kind) => `cert-manager.io/v1 ${kind}`),
  "elbv2.k8s.aws/v1beta1 TargetGroupBinding",
  // Flagger's, never the stack's own.
  "traefik.io/v1alpha1 TraefikService",
  "clickhouse.altinity.com/v1 ClickHouseInstallation",
  "clickhouse-keeper.altinity.com/v1 ClickHouseKeeperInstallation",
];

/** What a cluster held at one moment. */
export class Snapshot {
  private readonly byKind = new Map<string, KubernetesObject[]>();

  constructor(readonly objects: readonly KubernetesObject[]) {
    for (const object of objects) this.byKind.set(object.kind, [...this.all(object.kind), object]);
  }

  /** Objects of a kind, in all namespaces or in one. */
  all(kind: string, namespace?: string): KubernetesObject[] {
    const objects = this.byKind.get(kind) ?? [];
    return namespace === undefined ? objects : objects.filter(({ metadata }) => metadata.namespace === namespace);
  }

  /** The object of that kind and name; undefined when there is none. */
  find(kind: string, name: string, namespace?: string): KubernetesObject | undefined {
    return this.all(kind, namespace).find(({ metadata }) => metadata.name === name);
  }

  /** Objects of a kind in one namespace that the selector takes in. */
  selected(
    kind: string,
    selector: LabelSelector | null | undefined,
    namespace: string | undefined,
  ): KubernetesObject[] {
    return this.all(kind, namespace).filter(({ metadata }) => selects(selector, metadata.labels));
  }

  /** Names of the namespaces that a namespace selector takes in. */
  namespacesOf(selector: LabelSelector | null | undefined): string[] {
    return this.all("Namespace")
      .filter(({ metadata }) => selects(selector, { "kubernetes.io/metadata.name": metadata.name, ...metadata.labels }))
      .map(({ metadata }) => metadata.name);
  }
}

/** Reads all that checks look at, and the kinds in `further` (`apiVersion Kind`). */
export async function readCluster(api: KubernetesApi, further: readonly string[] = []): Promise<Snapshot> {
  const kinds = [...new Set([...KINDS, ...further])];
  const lists = await Promise.all(
    kinds.map(async (line) => {
      const [apiVersion = "", kind = ""] = line.split(" ");
      // Items of a list do not repeat what the list is of.
      return (await api.list(apiVersion, kind)).map((item) => ({ ...item, apiVersion, kind }));
    }),
  );
  return new Snapshot(lists.flat());
}
