import * as pulumi from "@pulumi/pulumi";
import {
  allReady,
  ClusterAutoscaler,
  Keda,
  Monitoring,
  PriorityClasses,
  PriorityRank,
  PrometheusOperatorCrds,
  priorityClassName,
  StorageClasses,
  StorageClassName,
} from "../components";
import { type ClusterFoundation, volumeTags } from "./cluster-foundation";
import type { Context, Providers } from "./context";
import type { Namespaces } from "./namespaces";

/** What every workload in the cluster may count on. */
export interface Operations {
  /** Class by rank, with the dependency on its existence. */
  readonly priorityClasses: Record<PriorityRank, pulumi.Output<string>>;
  /** Gate: storage classes with their drivers. */
  readonly storageReady: pulumi.Output<string>;
  /** Gate: KEDA scales. */
  readonly autoscalerReady: pulumi.Output<string>;
  /** Whether charts make ServiceMonitors. */
  readonly serviceMonitors: boolean;
  /** Gate: ServiceMonitors are a known kind; undefined when nobody makes any. */
  readonly monitorsReady?: pulumi.Output<string>;
}

/** Priorities, storage classes, the machines' autoscaler, KEDA, and the kinds that monitors are made of. */
export function createOperations(
  context: Context,
  foundation: ClusterFoundation | undefined,
  namespaces: Namespaces,
  providers: Providers,
): Operations {
  const { settings, durable, mirrors } = context;
  const provided = settings.cluster.existing?.provides ?? [];
  const options = providers.kubernetes;

  const priorities = provided.includes("priorityClasses") ? undefined : new PriorityClasses("priorities", {}, options);
  const className = (rank: PriorityRank) =>
    pulumi.all([priorities?.ready ?? "ready"]).apply(() => priorityClassName(rank));
  const storage = provided.includes("storageClasses")
    ? undefined
    : new StorageClasses(
        "storage",
        {
          durable,
          shared: foundation?.sharedFileSystem !== undefined,
          fileSystemId: foundation?.sharedFileSystem?.fileSystemId,
          volumeTags: volumeTags(),
          driversReady: allReady(
            foundation?.addons.storageReady,
            foundation?.addons.sharedStorageReady,
            foundation?.sharedFileSystem?.ready,
          ),
        },
        options,
      );
  if (foundation && settings.autoscaling.clusterAutoscaler) {
    new ClusterAutoscaler(
      "cluster-autoscaler",
      {
        clusterName: foundation.cluster.clusterName,
        region: context.region,
        kubernetesVersion: settings.cluster.create?.kubernetesVersion ?? "",
        placement: context.placement("clusterAutoscaler"),
        identityReady: allReady(foundation.identities.clusterAutoscaler, foundation.addons.dnsReady),
        mirrors,
      },
      options,
    );
  }
  const monitors =
    settings.monitoring.prometheus.enabled && namespaces.monitoring
      ? new PrometheusOperatorCrds(
          "monitor-kinds",
          { namespace: namespaces.monitoring.namespaceName, mirrors },
          options,
        )
      : undefined;
  const serviceMonitors = settings.monitoring.prometheus.enabled;
  const keda =
    namespaces.keda &&
    new Keda(
      "keda",
      {
        namespace: namespaces.keda.namespaceName,
        serviceMonitors,
        placement: context.placement("keda"),
        mirrors,
        monitorsReady: monitors?.ready,
        policiesReady: namespaces.keda.policiesReady,
      },
      options,
    );
  return {
    priorityClasses: {
      data: className(PriorityRank.Data),
      serving: className(PriorityRank.Serving),
      batch: className(PriorityRank.Batch),
    },
    storageReady: allReady(storage?.ready),
    autoscalerReady: allReady(keda?.ready),
    serviceMonitors,
    monitorsReady: monitors?.ready,
  };
}

/** Prometheus, Alertmanager and Grafana, after what they lean on. */
export function createMonitoring(
  context: Context,
  namespaces: Namespaces,
  operations: Operations,
  gates: { readonly certManagerReady?: pulumi.Output<string>; readonly dnsReady?: pulumi.Output<string> },
  providers: Providers,
): Monitoring | undefined {
  const { retentionDays, storageSize } = context.settings.monitoring.prometheus;
  if (!namespaces.monitoring || operations.monitorsReady === undefined) return undefined;
  return new Monitoring(
    "monitoring",
    {
      namespace: namespaces.monitoring.namespaceName,
      prometheus: { retentionDays, size: storageSize, storageClass: StorageClassName.General },
      placement: context.placement("monitoring"),
      crdsReady: operations.monitorsReady,
      certManagerReady: gates.certManagerReady,
      storageReady: operations.storageReady,
      policiesReady: allReady(namespaces.monitoring.policiesReady, gates.dnsReady),
      mirrors: context.mirrors,
    },
    providers.kubernetes,
  );
}
