import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ALB_INGRESS_CLASS, IngressControllerKind } from "../edge/ingress-contract";
import { type IngressAnnotations, ingressAnnotations } from "../edge/ingress-profile";
import { after } from "../internal/gates";
import {
  MODEL_GATEWAY_DEFAULTS,
  type ModelGatewayAlbArgs,
  type ModelGatewayArgs,
  ModelStickiness,
} from "./model-gateway-args";
import { idleSecondsFor } from "./model-gateway-limits";
import { MODEL_PATHS, MODEL_ROUTER, ROUTER_PATHS } from "./model-gateway-names";
import { MODEL_PORT } from "./model-names";

/** A way from paths of the host to a Service. */
interface AlbRoute {
  /** Name of the Ingress. */
  readonly name: string;
  readonly serviceName: pulumi.Input<string>;
  readonly paths: readonly string[];
  /** Seconds that a leaving pod goes on answering. */
  readonly drainSeconds: number;
  /** What is taken off the paths. */
  readonly prefix?: string;
}

/** The web ACL and the Ingresses of a gateway behind an Application Load Balancer. */
export function albGateway(
  name: string,
  args: ModelGatewayArgs,
  alb: ModelGatewayAlbArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const acl = new aws.wafv2.WebAcl(`${name}-limit`, webAcl(args), opts);
  const ingresses = albRoutes(args).map(
    (route) =>
      new kubernetes.networking.v1.Ingress(
        `${name}-route-${route.name}`,
        {
          metadata: {
            name: route.name,
            namespace: args.namespace,
            annotations: pulumi
              .all([route.serviceName, pulumi.all(annotations(args, alb, acl.arn, route.drainSeconds))])
              .apply(([service, shared]) => ({
                // A server that sleeps has no pods, and Pulumi would wait for one in vain.
                "pulumi.com/skipAwait": "true",
                ...shared,
                ...(route.prefix === undefined
                  ? {}
                  : { [`alb.ingress.kubernetes.io/transforms.${service}`]: without(route.prefix) }),
              })),
          },
          spec: {
            ingressClassName: ALB_INGRESS_CLASS,
            rules: [{ host: args.host, http: { paths: route.paths.map((path) => exact(path, route.serviceName)) } }],
          },
        },
        { ...opts, dependsOn: after(alb.controllerReady) },
      ),
  );
  return [acl, ...ingresses];
}

function albRoutes(args: ModelGatewayArgs): AlbRoute[] {
  const servers = args.routes.map(({ server, serviceName }) => ({
    name: server,
    serviceName,
    paths: MODEL_PATHS.map((path) => `/${server}${path}`),
    drainSeconds: args.drainSeconds ?? MODEL_GATEWAY_DEFAULTS.drainSeconds,
    prefix: server,
  }));
  const { router } = args;
  if (router === undefined) return servers;
  // The router holds answers of all servers, and lets each come to its end.
  const drainSeconds = idleSecondsFor(args.requestTimeoutSeconds ?? MODEL_GATEWAY_DEFAULTS.requestTimeoutSeconds);
  return [...servers, { name: MODEL_ROUTER, serviceName: router.serviceName, paths: ROUTER_PATHS, drainSeconds }];
}

function exact(path: string, serviceName: pulumi.Input<string>) {
  return { path, pathType: "Exact", backend: { service: { name: serviceName, port: { number: MODEL_PORT } } } };
}

/** Takes the first part off a path. */
function without(prefix: string): string {
  const rewrites = [{ regex: `^/${prefix}/(.+)$`, replace: "/$1" }];
  return JSON.stringify([{ type: "url-rewrite", urlRewriteConfig: { rewrites } }]);
}

function annotations(
  args: ModelGatewayArgs,
  { context }: ModelGatewayAlbArgs,
  aclArn: pulumi.Input<string>,
  drainSeconds: number,
): IngressAnnotations {
  const readTimeoutSeconds = args.requestTimeoutSeconds ?? MODEL_GATEWAY_DEFAULTS.requestTimeoutSeconds;
  return {
    ...ingressAnnotations(
      IngressControllerKind.Alb,
      // An ALB limits no bodies, and the web ACL reads none: prompts of any size pass.
      { maxBodySizeMiB: 1, readTimeoutSeconds, tlsRedirect: true },
      { alb: { ...context, healthCheckPath: "/health" } },
    ),
    "alb.ingress.kubernetes.io/wafv2-acl-arn": aclArn,
    "alb.ingress.kubernetes.io/target-group-attributes": Object.entries(targetGroupAttributes(args, drainSeconds))
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
  };
}

function targetGroupAttributes(args: ModelGatewayArgs, drainSeconds: number): Record<string, string> {
  return {
    // As long as a leaving pod goes on answering: what is left then is cut off.
    "deregistration_delay.timeout_seconds": `${drainSeconds}`,
    "load_balancing.algorithm.type": "least_outstanding_requests",
    ...(args.stickiness === ModelStickiness.Cookie
      ? {
          "stickiness.enabled": "true",
          "stickiness.type": "lb_cookie",
          "stickiness.lb_cookie.duration_seconds": "3600",
        }
      : // Said, because the controller leaves alone what an annotation no longer names.
        { "stickiness.enabled": "false" }),
  };
}

/** Counts requests to the gateway's host by client address, and lets everything else of the load balancer alone. */
function webAcl(args: ModelGatewayArgs): aws.wafv2.WebAclArgs {
  const limit = args.requestsPerMinutePerClient ?? MODEL_GATEWAY_DEFAULTS.requestsPerMinutePerClient;
  const visible = (metricName: string) => ({
    cloudwatchMetricsEnabled: true,
    metricName,
    // Samples would hold requests' headers, and with them keys.
    sampledRequestsEnabled: false,
  });
  return {
    description: `Requests to ${args.host}`,
    scope: "REGIONAL",
    defaultAction: { allow: {} },
    rules: [
      {
        name: "requests-per-client",
        priority: 0,
        action: {
          block: { customResponse: { responseCode: 429, responseHeaders: [{ name: "Retry-After", value: "60" }] } },
        },
        statement: {
          rateBasedStatement: {
            limit,
            evaluationWindowSec: 60,
            aggregateKeyType: "IP",
            scopeDownStatement: { byteMatchStatement: toHost(args.host) },
          },
        },
        visibilityConfig: visible("model-requests-per-client"),
      },
    ],
    visibilityConfig: visible("model-gateway"),
  };
}

/** A host header may carry a port and capitals, neither of which may lead around the limit. */
function toHost(host: string) {
  return {
    fieldToMatch: { singleHeader: { name: "host" } },
    positionalConstraint: "STARTS_WITH",
    searchString: host,
    textTransformations: [{ priority: 0, type: "LOWERCASE" }],
  };
}
