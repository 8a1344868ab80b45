import type * as pulumi from "@pulumi/pulumi";
import type { AlbContext } from "../edge/ingress-profile";

/** Whether a caller meets the same replica again. */
export const ModelStickiness = {
  /** Each request goes where the least is under way. */
  None: "none",
  /** By the caller's address. Traefik alone. */
  ClientAddress: "clientAddress",
  /** By a cookie, for callers that keep cookies. */
  Cookie: "cookie",
} as const;
export type ModelStickiness = (typeof ModelStickiness)[keyof typeof ModelStickiness];

/** What is taken when an argument is not given. */
export const MODEL_GATEWAY_DEFAULTS = {
  requestsPerMinutePerClient: 100,
  requestTimeoutSeconds: 600,
  drainSeconds: 135,
} as const;

export interface ModelGatewayArgs {
  /** Namespace of the model servers and of everything that the gateway makes. A change replaces it. */
  readonly namespace: pulumi.Input<string>;
  /** Host name of the gateway: server `llama` answers at `https://<host>/llama/v1/…`. */
  readonly host: string;
  /** The model servers behind it. */
  readonly routes: ModelRouteArgs[];
  /** A router that chooses by the `model` of a request: `https://<host>/v1/…`. Default none. */
  readonly router?: ModelRouterRouteArgs;
  /** Requests a minute of one client address over all models, 1 (`alb`: 10) to 60000; what exceeds it is answered with 429. Default 100. */
  readonly requestsPerMinutePerClient?: number;
  /** Longest wait for an answer's first byte, and between two, in seconds, 30 to 3500. Default 600. */
  readonly requestTimeoutSeconds?: number;
  /**
   * Seconds that a leaving replica goes on answering what it has begun: `preStop` and `shutdown` of the slowest server
   * together. Read by `alb`, whose targets leave by themselves. 1 to 3600. Default 135.
   */
  readonly drainSeconds?: number;
  /** Default `none`. */
  readonly stickiness?: ModelStickiness;
  /** Origins whose pages may call, e.g. `https://app.example.com`; `*` is everybody. Traefik alone. Default none. */
  readonly corsOrigins?: string[];
  /** Behind Traefik. Exactly one of `traefik` and `alb`: other controllers count requests by pod, and each its own. */
  readonly traefik?: ModelGatewayTraefikArgs;
  /** Behind an Application Load Balancer. */
  readonly alb?: ModelGatewayAlbArgs;
}

/** A model server behind the gateway. */
export interface ModelRouteArgs {
  /** Name of the server: the first part of its paths, a DNS label of at most 40 characters. */
  readonly server: string;
  /** Its Service, on `MODEL_PORT`. */
  readonly serviceName: pulumi.Input<string>;
  /**
   * Whether `serviceName` is a TraefikService, by which a canary's controller splits requests; stickiness is that
   * controller's business then. Default false.
   */
  readonly weighted?: boolean;
}

/** The router behind the gateway. */
export interface ModelRouterRouteArgs {
  /** Its Service, on `MODEL_PORT`. */
  readonly serviceName: pulumi.Input<string>;
}

/** What the gateway needs of Traefik. */
export interface ModelGatewayTraefikArgs {
  /** Gate: Traefik serves IngressRoutes of the namespace (`IngressController.routeNamespaces`). */
  readonly controllerReady: pulumi.Input<string>;
  /** ClusterIssuer that signs the host's certificate. Default none: the Secret `MODEL_GATEWAY.certificateSecret` may be brought. */
  readonly issuerName?: pulumi.Input<string>;
  /** Gate: cert-manager runs and the issuer exists. */
  readonly issuerReady?: pulumi.Input<string>;
  /** Where all pods of Traefik count together. */
  readonly counter: ModelGatewayCounterArgs;
}

/** A Redis or Valkey server, cluster mode off, in which requests are counted. While it does not answer, neither do the models: 500. */
export interface ModelGatewayCounterArgs {
  /** Host name of the primary. */
  readonly host: pulumi.Input<string>;
  /** Default 6379. */
  readonly port?: pulumi.Input<number>;
  /** Whether the connection is encrypted; the server's certificate is checked against the public authorities. Default true. */
  readonly tls?: boolean;
  /** Number of the database; another one than the application's. Default 1. */
  readonly database?: number;
  /** Name and password, from which a Secret is made. At most one of `login` and `secretName`; neither is a server without password. */
  readonly login?: ModelGatewayLoginArgs;
  /** A Secret in the gateway's namespace with the entries `username` and `password`; somebody else's. */
  readonly secretName?: string;
  /** Gate: the server knows the password, so that a rotation arrives there first. */
  readonly ready?: pulumi.Input<string>;
}

/** A login of the counting server. */
export interface ModelGatewayLoginArgs {
  /** Default `default`. */
  readonly username?: pulumi.Input<string>;
  /** Its password; a change reaches Traefik within seconds, without a restart. */
  readonly password: pulumi.Input<string>;
}

/** What the gateway needs of an Application Load Balancer. */
export interface ModelGatewayAlbArgs {
  /** What all Ingresses of the load balancer's group agree in; its `idleTimeoutSeconds` is at least `requestTimeoutSeconds`. */
  readonly context: AlbContext;
  /** Gate: the AWS Load Balancer Controller works. */
  readonly controllerReady: pulumi.Input<string>;
}
