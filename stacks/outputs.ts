import * as pulumi from "@pulumi/pulumi";
import {
  API_KEY_ENTRY,
  type ClickHouse,
  LANGFUSE_SECRETS,
  type Langfuse,
  type LangfuseSecrets,
  type Monitoring,
  modelServerNames,
} from "../components";
import type { ClusterFoundation } from "./cluster-foundation";
import type { Context } from "./context";
import { BUCKET_USES, type DataStores } from "./data";
import type { Edge } from "./edge";
import type { Models } from "./llm/models";
import { NAMESPACES } from "./namespaces";

/**
 * What a stack tells its users and the stacks that refer to it; no credential is among it, and the kubeconfig is secret. What a
 * stack does not have is left out.
 */
export interface PlatformOutputs {
  /** Where Langfuse answers. */
  readonly url?: pulumi.Output<string>;
  /** Base URL of the API by model server, as clients of OpenAI's API take it. */
  readonly modelUrls?: Record<string, pulumi.Output<string>>;
  /** Shell command by model server that shows the key which callers send. */
  readonly modelKeyCommands?: Record<string, pulumi.Output<string>>;
  /** Bucket of the models' weights. */
  readonly modelStoreBucketName?: pulumi.Output<string>;
  readonly clusterName?: pulumi.Output<string>;
  readonly kubeconfig: pulumi.Output<string>;
  /** Shell command that gives `kubectl` access. */
  readonly connectCommand: pulumi.Output<string>;
  /** Host and port by store. */
  readonly endpoints: Record<string, pulumi.Output<string>>;
  /** Name by use. */
  readonly bucketNames: Record<string, pulumi.Output<string>>;
  /** Name of the Kubernetes Secret (namespace `langfuse`) with the first user's password; undefined when there is no first user. */
  readonly firstUserSecretName?: pulumi.Output<string>;
  /** Shell command that shows that password. */
  readonly firstUserPasswordCommand?: pulumi.Output<string>;
  /** Name of the Kubernetes Secret (namespace `monitoring`) with Grafana's administrator. */
  readonly grafanaSecretName?: pulumi.Output<string>;
  /** Secrets Manager entry with the recovery copy of the generated secrets. */
  readonly recoverySecretArn?: pulumi.Output<string>;
  /** DNS name of the load balancer, for names outside the zone. */
  readonly loadBalancerDnsName?: pulumi.Output<string>;
  /** Name servers to enter at the registrar, when the zone was made here without a parent. */
  readonly nameServers?: pulumi.Output<string[]>;
}

/** The components that outputs come from. */
interface OutputParts {
  readonly context: Context;
  readonly foundation?: ClusterFoundation;
  readonly stores: DataStores;
  readonly clickhouse?: ClickHouse;
  readonly langfuse?: Langfuse;
  readonly secrets: LangfuseSecrets;
  readonly edge: Edge;
  readonly monitoring?: Monitoring;
  readonly models?: Models;
}

/** Collects the outputs. */
export function platformOutputs(parts: OutputParts): PlatformOutputs {
  const { context, foundation, stores, clickhouse, langfuse, secrets, edge, monitoring, models } = parts;
  const { settings, region } = context;
  const firstUser = settings.langfuse.initialization?.user;
  const { userPassword } = LANGFUSE_SECRETS.initialization.keys;
  const role = settings.aws.assumeRoleArn === undefined ? "" : ` --role-arn ${settings.aws.assumeRoleArn}`;
  return onlyDefined({
    url: langfuse?.url,
    ...modelOutputs(context, models),
    clusterName: foundation?.cluster.clusterName,
    kubeconfig: pulumi.secret(foundation?.cluster.kubeconfig ?? settings.secrets.kubeconfig ?? ""),
    connectCommand: foundation
      ? pulumi.interpolate`aws eks update-kubeconfig --region ${region} --name ${foundation.cluster.clusterName}${role}`
      : pulumi.output(
          "pulumi stack output kubeconfig --show-secrets > kubeconfig && export KUBECONFIG=$PWD/kubeconfig",
        ),
    endpoints: {
      postgres: pulumi.interpolate`${stores.postgres.host}:${stores.postgres.port}`,
      redis: pulumi.interpolate`${stores.redis.host}:${stores.redis.port}`,
      clickhouse: clickhouse
        ? pulumi.interpolate`${clickhouse.host}:${clickhouse.httpPort}`
        : pulumi.output(`${settings.clickhouse.existing?.host}:${settings.clickhouse.existing?.httpPort}`),
    },
    bucketNames: Object.fromEntries(BUCKET_USES.map((use) => [use, stores.buckets[use].bucketName])),
    firstUserSecretName: firstUser && secrets.initializationSecretName,
    firstUserPasswordCommand:
      firstUser &&
      pulumi.interpolate`kubectl --namespace ${NAMESPACES.langfuse} get secret ${secrets.initializationSecretName} --output go-template='{{index .data "${userPassword}" | base64decode}}'`,
    grafanaSecretName: monitoring?.grafanaSecretName,
    recoverySecretArn: stores.recoverySecret?.secretArn,
    loadBalancerDnsName: edge.publicEntry?.dnsName,
    nameServers: settings.dns?.create && edge.zone?.nameServers,
  });
}

/** How callers reach models. */
function modelOutputs({ settings: { llm } }: Context, models: Models | undefined): Partial<PlatformOutputs> {
  if (models === undefined) return {};
  const { gateway } = models;
  const servers = Object.keys(llm.models);
  const byServer = <T>(value: (server: string) => T) =>
    Object.fromEntries(servers.map((server) => [server, value(server)]));
  return {
    modelUrls: gateway && byServer((server) => pulumi.interpolate`${gateway.url}/${server}/v1`),
    modelKeyCommands: byServer((server) =>
      pulumi.output(
        `kubectl --namespace ${NAMESPACES.models} get secret ${modelServerNames(server).apiKeySecret} --output go-template='{{index .data "${API_KEY_ENTRY}" | base64decode}}'`,
      ),
    ),
    modelStoreBucketName: models.store.bucketName,
  };
}

/** Pulumi warns of outputs that are undefined. */
function onlyDefined(outputs: PlatformOutputs): PlatformOutputs {
  return Object.fromEntries(
    Object.entries(outputs).filter(([, value]) => value !== undefined),
  ) as unknown as PlatformOutputs;
}
