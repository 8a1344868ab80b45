import type * as pulumi from "@pulumi/pulumi";
import {
  allReady,
  type ClickHouse,
  type ClientCertificate,
  Langfuse,
  type LangfuseSecrets,
  type LangfuseWebArgs,
} from "../components";
import type { ClusterFoundation } from "./cluster-foundation";
import type { Context, Providers } from "./context";
import type { DataStores } from "./data";
import type { Edge } from "./edge";
import { LANGFUSE_SERVICE_ACCOUNT } from "./identities";
import { langfuseApplication } from "./langfuse-application";
import { langfuseStores } from "./langfuse-stores";
import type { Namespaces } from "./namespaces";
import type { Operations } from "./operations";
import type { Settings } from "./settings";

/** Everything that Langfuse stands on. */
export interface LangfuseParts {
  readonly context: Context;
  readonly foundation?: ClusterFoundation;
  readonly namespaces: Namespaces;
  readonly operations: Operations;
  readonly edge: Edge;
  readonly stores: DataStores;
  readonly clickhouse?: ClickHouse;
  /** Trust in ClickHouse's certificate, where it has one. */
  readonly clickhouseTrust?: ClientCertificate;
  readonly secrets: LangfuseSecrets;
  /** Gate: the Secrets of the application are filled, also when somebody else fills them. */
  readonly secretsReady: pulumi.Output<string>;
  /** Gate: web and worker may use their buckets; undefined where keys in Secrets do that. */
  readonly identityReady?: pulumi.Output<string>;
  readonly providers: Providers;
}

/** Langfuse on its stores, behind its Ingress. */
export function createLangfuse(parts: LangfuseParts): Langfuse | undefined {
  const { context, foundation, namespaces, operations, edge, stores, clickhouse, providers } = parts;
  const { settings, mirrors } = context;
  const namespace = namespaces.langfuse;
  if (namespace === undefined) return undefined;
  const { web, worker, version, webVersion, host, telemetry } = settings.langfuse;
  return new Langfuse(
    "langfuse",
    {
      namespace: namespace.namespaceName,
      version,
      webVersion,
      host,
      telemetry,
      signUp: settings.langfuse.signUp ?? !settings.langfuse.passwordSignIn,
      tls: edge.tls,
      web: { ...webPods(web), placement: context.placement("langfuseWeb") },
      worker: { ...worker, placement: context.placement("langfuseWorker") },
      ...langfuseStores(parts),
      ...langfuseApplication(settings, parts.secrets, stores.credentials.revisions),
      ingress: {
        className: edge.ingressClassName,
        annotations: edge.langfuseAnnotations,
        tlsSecretName: edge.tlsSecretName,
      },
      serviceAccountName: LANGFUSE_SERVICE_ACCOUNT,
      jobPlacement: context.placement("langfuseJobs"),
      priorityClassName: operations.priorityClasses.serving,
      smokePriorityClassName: operations.priorityClasses.batch,
      mirrors,
      gates: {
        postgresReady: stores.postgres.ready,
        clickhouseReady: clickhouse?.ready,
        storesReady: allReady(stores.redis.ready, ...bucketGates(stores)),
        secretsReady: parts.secretsReady,
        policiesReady: namespace.policiesReady,
        identityReady: parts.identityReady,
        autoscalerReady: operations.autoscalerReady,
        ingressReady: edge.ingressReady,
        metricsReady: allReady(foundation?.addons.metricsReady, foundation?.addons.dnsReady),
        nodesReady: foundation?.poolsReady.cpu,
      },
    },
    providers.kubernetes,
  );
}

/**
 * Who decides the number of web pods: the chart's autoscaler, or a Rollout. Where a Rollout was, the chart's Deployment stands at
 * 0, from which no autoscaler wakes it: then the release itself brings the pods back, before the Rollout goes.
 */
function webPods({ rollout, autoscaling, resources, minAvailable }: Settings["langfuse"]["web"]): LangfuseWebArgs {
  const pods = { resources, minAvailable };
  if (rollout === undefined) return { ...pods, autoscaling };
  if (rollout.enabled) return { ...pods, autoscaling, rollout: true };
  const adoptReplicas = rollout.startReplicas ?? autoscaling.minReplicas;
  return { ...pods, autoscaling: { ...autoscaling, adoptReplicas } };
}

function bucketGates({ buckets }: DataStores): pulumi.Output<string>[] {
  return [buckets.events.ready, buckets.media.ready, buckets.exports.ready];
}
