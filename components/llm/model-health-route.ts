import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ALB_INGRESS_CLASS, IngressControllerKind, ingressClassNameOf } from "../edge/ingress-contract";
import { type AlbContext, ingressAnnotations } from "../edge/ingress-profile";
import { after, ready } from "../internal/gates";
import { HOST_NAME } from "../internal/names";
import { Problems } from "../internal/problems";
import { ENGINE_PATHS } from "./engine-flags";
import { MODEL_PORT } from "./model-names";

export interface ModelHealthRouteArgs {
  /** Namespace of the model server. A change replaces the route. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the model server, whose health is the region's; part of the route's name. A change replaces it. */
  readonly server: string;
  /** The server's Service, on `MODEL_PORT`. */
  readonly serviceName: pulumi.Input<string>;
  /** Host name of this region alone, `GlobalEndpoint`'s `<region>.<host>`; another one than the gateway's. */
  readonly host: string;
  /** Behind Traefik. Exactly one of `traefik` and `alb`. */
  readonly traefik?: ModelHealthTraefikArgs;
  /** Behind an Application Load Balancer. */
  readonly alb?: ModelHealthAlbArgs;
}

/** What the route needs of Traefik. */
export interface ModelHealthTraefikArgs {
  /** Gate: Traefik serves IngressRoutes of the namespace. */
  readonly controllerReady: pulumi.Input<string>;
}

/** What the route needs of an Application Load Balancer. */
export interface ModelHealthAlbArgs {
  /** What all Ingresses of the load balancer's group agree in, `idleTimeoutSeconds` included. */
  readonly context: AlbContext;
  /** Gate: the AWS Load Balancer Controller works. */
  readonly controllerReady: pulumi.Input<string>;
}

/** As model servers are named. */
const SERVER_NAME = /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/;

/**
 * Shows the world whether a model server answers: `https://<host>/health` and nothing else, without a key, by the region's own
 * load balancer. For the health checks of a `GlobalEndpoint`, which compare no certificates: none is made. With no pod ready the
 * answer is an error.
 */
export class ModelHealthRoute extends pulumi.ComponentResource {
  /** What health checks ask. */
  readonly url: pulumi.Output<string>;
  /** Gate: the route exists. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ModelHealthRouteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ModelHealthRoute", name, {}, opts);
    checkModelHealthRouteArgs(name, args);
    const { traefik, alb } = args;
    const routes = [
      ...(traefik === undefined ? [] : [traefikRoute(name, args, traefik, { parent: this })]),
      ...(alb === undefined ? [] : [albRoute(name, args, alb, { parent: this })]),
    ];
    this.ready = ready(routes);
    this.url = this.ready.apply(() => `https://${args.host}${ENGINE_PATHS.health}`);
    this.registerOutputs({ url: this.url, ready: this.ready });
  }
}

function traefikRoute(
  name: string,
  args: ModelHealthRouteArgs,
  { controllerReady }: ModelHealthTraefikArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.apiextensions.CustomResource {
  return new kubernetes.apiextensions.CustomResource(
    `${name}-route`,
    {
      apiVersion: "traefik.io/v1alpha1",
      kind: "IngressRoute",
      metadata: { name: `${args.server}-health`, namespace: args.namespace },
      spec: {
        ingressClassName: ingressClassNameOf(IngressControllerKind.Traefik),
        entryPoints: ["websecure"],
        routes: [
          {
            kind: "Rule",
            match: `Host(\`${args.host}\`) && Path(\`${ENGINE_PATHS.health}\`) && Method(\`GET\`)`,
            services: [{ kind: "Service", name: args.serviceName, port: MODEL_PORT }],
          },
        ],
        tls: {},
      },
    },
    { ...opts, dependsOn: after(controllerReady) },
  );
}

function albRoute(
  name: string,
  args: ModelHealthRouteArgs,
  { context, controllerReady }: ModelHealthAlbArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.networking.v1.Ingress {
  const path = ENGINE_PATHS.health;
  const service = { name: args.serviceName, port: { number: MODEL_PORT } };
  return new kubernetes.networking.v1.Ingress(
    `${name}-route`,
    {
      metadata: {
        name: `${args.server}-health`,
        namespace: args.namespace,
        annotations: {
          // A server that sleeps has no pods, and Pulumi would wait for one in vain.
          "pulumi.com/skipAwait": "true",
          ...ingressAnnotations(
            IngressControllerKind.Alb,
            { maxBodySizeMiB: 1, readTimeoutSeconds: context.idleTimeoutSeconds ?? 60, tlsRedirect: true },
            { alb: { ...context, healthCheckPath: path } },
          ),
        },
      },
      spec: {
        ingressClassName: ALB_INGRESS_CLASS,
        rules: [{ host: args.host, http: { paths: [{ path, pathType: "Exact", backend: { service } }] } }],
      },
    },
    { ...opts, dependsOn: after(controllerReady) },
  );
}

function checkModelHealthRouteArgs(name: string, args: ModelHealthRouteArgs): void {
  const problems = new Problems();
  problems.exactlyOne("args", { traefik: args.traefik, alb: args.alb });
  problems.check(HOST_NAME.test(args.host), {
    path: "host",
    rule: "must be a lower-case host name without scheme or port",
    got: args.host,
    fix: "Write it like us-east-1.api.example.com.",
  });
  problems.check(SERVER_NAME.test(args.server), {
    path: "server",
    rule: "must be a DNS label of at most 40 characters",
    got: args.server,
    fix: "Take the model server's name.",
  });
  problems.throwIfAny("ModelHealthRoute", name);
}
