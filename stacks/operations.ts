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
  const { settings, mirrors } = context;
  const provided = settings.cluster.existing?.provides ?? [];
  const options = providers.kubernetes;

  const priorities = provided.includes("priorityClasses") ? undefined : new PriorityClasses("priorities", {}, options);
  const className = (rank: PriorityRank) =>
    pulumi.all([priorities?.ready ?? "ready"]).apply(() => priorityClassName(rank));
  // On a cluster of somebody else's nothing says that the driver of EBS volumes runs.
  const storage = foundation && createStorage(context, foundation, options);
  if (foundation && settings.autoscaling.clusterAutoscaler) createAutoscaler(context, foundation, options);
  const serviceMonitors = settings.monitoring.prometheus.enabled;
  const monitors =
    serviceMonitors && namespaces.monitoring
      ? new PrometheusOperatorCrds(
          "monitor-kinds",
          { namespace: namespaces.monitoring.namespaceName, mirrors },
          options,
        )
      : undefined;
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

function createStorage(
  { durable }: Context,
  { addons, sharedFileSystem }: ClusterFoundation,
  options: pulumi.ComponentResourceOptions,
): StorageClasses {
  return new StorageClasses(
    "storage",
    {
      durable,
      shared: sharedFileSystem !== undefined,
      fileSystemId: sharedFileSystem?.fileSystemId,
      volumeTags: volumeTags(),
      driversReady: allReady(addons.storageReady, addons.sharedStorageReady, sharedFileSystem?.ready),
    },
    options,
  );
}

function createAutoscaler(
  context: Context,
  { cluster, identities, addons }: ClusterFoundation,
  options: pulumi.ComponentResourceOptions,
): void {
  new ClusterAutoscaler(
    "cluster-autoscaler",
    {
      clusterName: cluster.clusterName,
      region: context.region,
      kubernetesVersion: context.settings.cluster.create?.kubernetesVersion ?? "",
      placement: context.placement("clusterAutoscaler"),
      identityReady: allReady(identities.clusterAutoscaler, addons.dnsReady),
      mirrors: context.mirrors,
    },
    options,
  );
}

/** Model servers and GPUs are measured every ten seconds, in histograms of many series. */
const PROMETHEUS_WITH_MODELS = {
  requests: { cpu: "500m", memory: "1Gi" },
  limits: { cpu: "2", memory: "4Gi" },
};

/** Prometheus, Alertmanager and Grafana, after what they lean on. */
export function createMonitoring(
  context: Context,
  namespaces: Namespaces,
  operations: Operations,
  edge: { readonly certManagerReady?: pulumi.Output<string> },
  foundation: ClusterFoundation | undefined,
  providers: Providers,
): Monitoring | undefined {
  const { cluster, monitoring } = context.settings;
  const { retentionDays, storageSize } = monitoring.prometheus;
  const storageClass = cluster.existing ? cluster.existing.storageClass : StorageClassName.General;
  if (!namespaces.monitoring || operations.monitorsReady === undefined) return undefined;
  return new Monitoring(
    "monitoring",
    {
      namespace: namespaces.monitoring.namespaceName,
      prometheus: { retentionDays, size: storageSize, storageClass },
      prometheusResources: context.settings.llm.enabled ? PROMETHEUS_WITH_MODELS : undefined,
      placement: context.placement("monitoring"),
      storagePlacement: context.placement("monitoringStores"),
      crdsReady: operations.monitorsReady,
      certManagerReady: edge.certManagerReady,
      storageReady: allReady(operations.storageReady, foundation?.poolsReady.data),
      policiesReady: allReady(namespaces.monitoring.policiesReady, foundation?.addons.dnsReady),
      mirrors: context.mirrors,
    },
    providers.kubernetes,
  );
}
