import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { after } from "../internal/gates";
import type { LangfuseArgs, LangfuseWorkerAutoscalingArgs } from "./langfuse-args";
import { chartPodLabels, langfuseNames } from "./langfuse-names";
import type { LangfuseRedisArgs } from "./langfuse-store-args";
import { text } from "./text";

/** Lists that fill when ingestion falls behind: SDKs of old write to the first, OTLP to the second. */
export const INGESTION_QUEUES = ["bull:ingestion-queue:wait", "bull:otel-ingestion-queue:wait"];

/**
 * Scales the worker by the length of both ingestion queues with its CPU beside them; the highest wish counts. KEDA reads Redis
 * itself, with the password from the Secret. While Redis cannot be read the pods stay as many as they are. Only what scales
 * waits for the release; the way into Redis is laid before.
 */
export function workerAutoscaling(
  name: string,
  args: LangfuseArgs,
  autoscaling: LangfuseWorkerAutoscalingArgs,
  released: pulumi.Input<string>,
  opts: pulumi.CustomResourceOptions,
): kubernetes.apiextensions.CustomResource {
  const release = args.releaseName ?? "langfuse";
  const gates = args.gates ?? {};
  const names = langfuseNames(release);
  const labels = chartPodLabels(release, "worker-autoscaling");
  const authentication = triggerAuthentication(name, args, {
    ...opts,
    dependsOn: after(gates.autoscalerReady, gates.secretsReady),
  });
  return new kubernetes.apiextensions.CustomResource(
    `${name}-worker-scaledobject`,
    {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: { namespace: args.namespace, name: names.scaledObject, labels },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: names.workerDeployment },
        ...bounds(autoscaling),
        triggers: [
          ...INGESTION_QUEUES.map((list) => redisTrigger(args.redis, list, autoscaling.queueLength, authentication)),
          { type: "cpu", metricType: "Utilization", metadata: { value: String(autoscaling.cpuPercent) } },
        ],
      },
    },
    { ...opts, dependsOn: after(gates.autoscalerReady, gates.secretsReady, released) },
  );
}

/** How far and how fast: a worker that is stopped in the middle of a batch repeats it, so pods leave slowly. */
function bounds({ minReplicas, maxReplicas }: LangfuseWorkerAutoscalingArgs) {
  const policies = [{ type: "Percent", value: 25, periodSeconds: 60 }];
  return {
    minReplicaCount: minReplicas,
    maxReplicaCount: maxReplicas,
    pollingInterval: 15,
    fallback: { failureThreshold: 4, replicas: minReplicas, behavior: "currentReplicasIfHigher" },
    advanced: {
      horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: 300, policies } } },
    },
  };
}

function triggerAuthentication(
  name: string,
  args: LangfuseArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.apiextensions.CustomResource | undefined {
  const password = args.redis.password;
  if (password === undefined) return undefined;
  const release = args.releaseName ?? "langfuse";
  return new kubernetes.apiextensions.CustomResource(
    `${name}-redis-trigger`,
    {
      apiVersion: "keda.sh/v1alpha1",
      kind: "TriggerAuthentication",
      metadata: {
        namespace: args.namespace,
        name: langfuseNames(release).triggerAuthentication,
        labels: chartPodLabels(release, "worker-autoscaling"),
      },
      spec: { secretTargetRef: [{ parameter: "password", name: password.secretName, key: password.key }] },
    },
    opts,
  );
}

function redisTrigger(
  redis: LangfuseRedisArgs,
  listName: string,
  queueLength: number,
  authentication: kubernetes.apiextensions.CustomResource | undefined,
) {
  return {
    type: "redis",
    metadata: {
      address: text`${redis.host}:${redis.port ?? 6379}`,
      listName,
      listLength: String(queueLength),
      databaseIndex: String(redis.database ?? 0),
      enableTLS: text`${redis.tls ?? true}`,
      ...(redis.password !== undefined && redis.username !== undefined ? { username: redis.username } : {}),
    },
    ...(authentication ? { authenticationRef: { name: authentication.metadata.name } } : {}),
  };
}
