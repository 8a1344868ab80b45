import type * as pulumi from "@pulumi/pulumi";
import {
  allReady,
  isReservedDomain,
  type ModelAccess,
  ModelGateway,
  type ModelGatewayCounterArgs,
  ModelRouter,
  type ModelRouting,
  type ModelStickiness,
  modelServerNames,
} from "../../components";
import { routedServers } from "./access";
import type { LlmParts } from "./parts";

/** Routes of the models at their host, and the router where one is asked for. They lead to Services by name, so they need not wait for servers. */
export function createModelGateway(parts: LlmParts, access: ModelAccess): ModelGateway | undefined {
  const { llm, edge, namespaces, providers } = parts;
  const namespace = namespaces.models;
  if (namespace === undefined || llm.host === undefined) return undefined;
  const { requestsPerMinutePerClient, requestTimeoutSeconds, stickiness, corsOrigins } = llm.gateway;
  const router = llm.gateway.router.enabled ? createRouter(parts, access, namespace) : undefined;
  return new ModelGateway(
    "model-gateway",
    {
      namespace: namespace.namespaceName,
      host: llm.host,
      routes: Object.entries(llm.models).map(([server, { delivery, workload }]) => ({
        server,
        serviceName: modelServerNames(server, workload).service,
        weighted: edge.alb === undefined && delivery.canary !== undefined,
      })),
      router: router && { serviceName: router.serviceName },
      requestsPerMinutePerClient,
      requestTimeoutSeconds,
      drainSeconds: Math.max(...Object.values(llm.models).map(({ timing }) => timing.preStop + timing.shutdown)),
      stickiness: stickiness as ModelStickiness,
      corsOrigins,
      ...(edge.alb
        ? { alb: { context: edge.alb, controllerReady: edge.ingressReady } }
        : {
            traefik: {
              controllerReady: edge.ingressReady,
              // Nobody certifies a name that nobody owns.
              issuerName: isReservedDomain(llm.host) ? undefined : edge.issuerName,
              issuerReady: edge.ingressReady,
              counter: counter(parts),
            },
          }),
    },
    providers.both,
  );
}

/** Where Traefik counts: Langfuse's Redis, in a database of its own, by the login in use. */
function counter({ context, llm, stores }: LlmParts): ModelGatewayCounterArgs {
  const { redis } = context.settings;
  return {
    host: stores.redis.host,
    port: stores.redis.port,
    tls: redis.existing?.tls ?? true,
    ...(redis.existing
      ? { secretName: llm.gateway.redisSecretName }
      : { login: { username: stores.redis.username, password: stores.credentials.redisToken } }),
    ready: stores.redis.ready,
  };
}

function createRouter(
  { context, llm, operations, foundation, providers }: LlmParts,
  access: ModelAccess,
  namespace: { readonly namespaceName: pulumi.Output<string>; readonly policiesReady: pulumi.Output<string> },
): ModelRouter {
  const { routing, sessionHeader, replicas } = llm.gateway.router;
  const servers = routedServers(llm);
  const [first = ""] = servers;
  return new ModelRouter(
    "model-router",
    {
      namespace: namespace.namespaceName,
      servers,
      // All of them have the same key.
      apiKeySecretName: modelServerNames(first).apiKeySecret,
      routing: routing as ModelRouting,
      sessionHeader,
      replicas,
      requestTimeoutSeconds: llm.gateway.requestTimeoutSeconds,
      placement: context.placement("modelRouter"),
      priorityClassName: operations.priorityClasses.serving,
      mirrors: context.mirrors,
      policiesReady: allReady(namespace.policiesReady, foundation.addons.dnsReady),
      secretsReady: access.ready,
    },
    providers.kubernetes,
  );
}
