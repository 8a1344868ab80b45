import * as pulumi from "@pulumi/pulumi";
import { IngressControllerKind, ingressClassNameOf } from "../edge/ingress-contract";
import {
  MODEL_GATEWAY_DEFAULTS,
  type ModelGatewayArgs,
  type ModelGatewayCounterArgs,
  ModelStickiness,
} from "./model-gateway-args";
import { effectiveModelBurst } from "./model-gateway-limits";
import { MODEL_GATEWAY, MODEL_PATHS, MODEL_ROUTER, ROUTER_PATHS } from "./model-gateway-names";
import { MODEL_PORT } from "./model-names";

/** A `spec` of one of Traefik's kinds, by the object's name. */
export type TraefikSpecs = Record<string, Record<string, unknown>>;

/** The Middlewares of the gateway. */
export function modelMiddlewares(
  args: ModelGatewayArgs,
  counter: ModelGatewayCounterArgs,
  secretName?: string,
): TraefikSpecs {
  const origins = args.corsOrigins ?? [];
  return {
    [MODEL_GATEWAY.limit]: { rateLimit: limit(args, counter, secretName) },
    // The name of a server is the first part of a path, and nothing but names of servers is routed.
    [MODEL_GATEWAY.prefix]: { stripPrefixRegex: { regex: ["^/[a-z0-9-]+"] } },
    ...(origins.length === 0 ? {} : { [MODEL_GATEWAY.origins]: { headers: cors(origins) } }),
  };
}

function limit(args: ModelGatewayArgs, counter: ModelGatewayCounterArgs, secretName?: string) {
  const rate = args.requestsPerMinutePerClient ?? MODEL_GATEWAY_DEFAULTS.requestsPerMinutePerClient;
  return {
    average: rate,
    period: "1m",
    burst: effectiveModelBurst(rate),
    // The address that the connection has: the load balancer keeps it, or says it by the PROXY protocol, and no header of a
    // client's own can stand for it.
    sourceCriterion: { ipStrategy: { depth: 0 } },
    redis: {
      endpoints: [hostAndPort(counter)],
      db: counter.database ?? 1,
      ...(secretName === undefined ? {} : { secret: secretName }),
      ...((counter.tls ?? true) ? { tls: { insecureSkipVerify: false } } : {}),
      // A server that is away is told within a second rather than after Traefik's five.
      dialTimeout: "1s",
      readTimeout: "1s",
      writeTimeout: "1s",
    },
  };
}

function hostAndPort({ host, port }: ModelGatewayCounterArgs): pulumi.Output<string> {
  return pulumi.interpolate`${host}:${port ?? 6379}`;
}

function cors(origins: readonly string[]) {
  return {
    accessControlAllowOriginList: origins,
    accessControlAllowMethods: ["GET", "POST", "OPTIONS"],
    accessControlAllowHeaders: ["Authorization", "Content-Type"],
    // Callers show a key in a header; cookies of other sites are nobody's business here.
    accessControlAllowCredentials: false,
    accessControlMaxAge: 600,
    addVaryHeader: true,
  };
}

/** How Traefik speaks to servers: an answer in one piece comes when all of it is generated. */
export function modelTransport(args: ModelGatewayArgs): Record<string, unknown> {
  const timeout = args.requestTimeoutSeconds ?? MODEL_GATEWAY_DEFAULTS.requestTimeoutSeconds;
  return {
    forwardingTimeouts: {
      dialTimeout: "5s",
      responseHeaderTimeout: `${timeout}s`,
      // Less than what servers close a silent connection after, another image's five seconds included: a request on one that is
      // being closed is lost.
      idleConnTimeout: "4s",
    },
  };
}

/** The IngressRoutes of the gateway: one a server, and one of the router. */
export function modelRoutes(args: ModelGatewayArgs): TraefikSpecs {
  const shared = [...((args.corsOrigins ?? []).length === 0 ? [] : [MODEL_GATEWAY.origins]), MODEL_GATEWAY.limit];
  const route = (paths: readonly string[], middlewares: readonly string[], service: Record<string, unknown>) => ({
    ingressClassName: ingressClassNameOf(IngressControllerKind.Traefik),
    // Plain HTTP is not routed: a redirect would come after the key has been said aloud.
    entryPoints: ["websecure"],
    routes: [
      {
        kind: "Rule",
        match: `Host(\`${args.host}\`) && (${paths.map((path) => `Path(\`${path}\`)`).join(" || ")})`,
        middlewares: middlewares.map((name) => ({ name })),
        services: [service],
      },
    ],
    tls: { secretName: MODEL_GATEWAY.certificateSecret },
  });
  const servers = args.routes.map(({ server, serviceName, weighted }) => [
    server,
    route(
      MODEL_PATHS.map((path) => `/${server}${path}`),
      [...shared, MODEL_GATEWAY.prefix],
      weighted === true
        ? { kind: "TraefikService", name: serviceName }
        : { ...backend(serviceName), ...balancing(args.stickiness, server, `/${server}`) },
    ),
  ]);
  const { router } = args;
  return {
    ...Object.fromEntries(servers),
    ...(router === undefined ? {} : { [MODEL_ROUTER]: route(ROUTER_PATHS, shared, backend(router.serviceName)) }),
  };
}

function backend(name: pulumi.Input<string>) {
  return { kind: "Service", name, port: MODEL_PORT, serversTransport: MODEL_GATEWAY.transport };
}

function balancing(stickiness: ModelStickiness | undefined, server: string, path: string) {
  if (stickiness === ModelStickiness.ClientAddress) return { strategy: "hrw" };
  // Of two replicas, the one with less under way: requests to models differ in length by orders of magnitude.
  const strategy = "p2c";
  if (stickiness !== ModelStickiness.Cookie) return { strategy };
  // A cookie for each server, since one name would stand for replicas of several.
  const cookie = { name: `replica-${server}`, path, secure: true, httpOnly: true, sameSite: "strict", maxAge: 3600 };
  return { strategy, sticky: { cookie } };
}

/** The Certificate of the gateway's host. */
export function modelCertificate(host: string, issuerName: pulumi.Input<string>): Record<string, unknown> {
  return {
    secretName: MODEL_GATEWAY.certificateSecret,
    dnsNames: [host],
    // A share of the lifetime, because authorities shorten it.
    renewBeforePercentage: 33,
    privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
    issuerRef: { name: issuerName, kind: "ClusterIssuer", group: "cert-manager.io" },
  };
}
