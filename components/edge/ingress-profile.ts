import * as pulumi from "@pulumi/pulumi";
import { Problems } from "../internal/problems";
import { IngressControllerKind } from "./ingress-contract";
import { checkIngressProfile } from "./ingress-profile-checks";

/** What an application asks of whatever stands in front of it, in no controller's words. Plain values. */
export interface IngressProfile {
  /** Largest request body, in MiB, 1 to 5120. */
  readonly maxBodySizeMiB: number;
  /** Longest pause between two parts of an answer, in seconds, 1 to 4000 (the most that an ALB waits). */
  readonly readTimeoutSeconds: number;
  /** Requests a minute of one client address, at least 1. Counted by each pod of the controller. Default no limit. */
  readonly requestsPerMinutePerClient?: number;
  /** Requests above that rate which pass at once, at least 0. Default 5 minutes' worth, as the annotations' own. */
  readonly burst?: number;
  /** Origins whose pages may call, e.g. `https://app.example.com`; `*` is everybody, then without credentials. Default none. */
  readonly corsOrigins?: string[];
  /** Whether plain HTTP is sent on to HTTPS. Default true. */
  readonly tlsRedirect?: boolean;
}

/** What the annotations need besides the profile. */
export interface IngressContext {
  /** Name of the cert-manager issuer that makes the Ingress' certificate; unused by `alb`. Default none. */
  readonly issuerName?: pulumi.Input<string>;
  /** Name of the F5 Policy object that holds `f5CorsPolicy`, in the Ingress' namespace; for `f5-nginx` with CORS. */
  readonly corsPolicyName?: string;
  /** What an Application Load Balancer needs; required by `alb`. */
  readonly alb?: AlbContext;
}

/** What an Application Load Balancer needs. */
export interface AlbContext {
  /**
   * Issued ACM certificate (`AcmCertificate.certificateArn`). Without it the load balancer serves plain HTTP alone: only for
   * names that nobody can get a certificate for, such as those of documentation.
   */
  readonly certificateArn?: pulumi.Input<string>;
  /** Subnets of the load balancer, in two zones at least; named so that adopted VPCs need no tags. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Ingresses of one group share a load balancer, and must then agree in everything that the profile and this say. */
  readonly groupName: string;
  /** IPv4 CIDRs that may connect. */
  readonly allowedCidrs: string[];
  /** Whether only the VPC reaches it. Default false. */
  readonly internal?: boolean;
  /** Whether the load balancer is protected from deletion; while it is, no Ingress of the group can go. Default false. */
  readonly durable?: boolean;
  /**
   * Seconds of silence after which a connection is closed, 1 to 4000: one figure for the whole group, the largest that any of
   * its Ingresses needs. Default the profile's `readTimeoutSeconds`.
   */
  readonly idleTimeoutSeconds?: number;
  /** Path of the health check. Default `/`. */
  readonly healthCheckPath?: string;
}

/** Annotations of an Ingress. */
export type IngressAnnotations = Record<string, pulumi.Input<string>>;

/** Headers and methods that CORS allows: those of ingress-nginx, so that a change of controller changes nothing. */
const CORS_METHODS = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"];
const CORS_HEADERS = ["Content-Type", "Authorization", "X-Requested-With", "Range", "Cache-Control"];

/**
 * The annotations that make `controller` do what the profile says, as far as it can: `effectiveLimits` says how far.
 * `traefik` and `ingress-nginx` read the same annotations, so the Ingress stays the same under both.
 * Throws an error that names everything in the profile that no controller can do.
 */
export function ingressAnnotations(
  controller: IngressControllerKind,
  profile: IngressProfile,
  context: IngressContext = {},
): IngressAnnotations {
  const problems = new Problems();
  checkIngressProfile(problems, "profile", profile);
  problems.throwIfAny("ingressAnnotations", controller);
  switch (controller) {
    case IngressControllerKind.Traefik:
    case IngressControllerKind.IngressNginx:
      return { ...nginxAnnotations(profile), ...issuer(context) };
    case IngressControllerKind.F5Nginx:
      return {
        ...f5Annotations(profile, context),
        ...issuer(context),
        // This controller serves one Ingress for each host, so challenges go into the Ingress itself.
        ...(context.issuerName === undefined ? {} : { "acme.cert-manager.io/http01-edit-in-place": "true" }),
      };
    case IngressControllerKind.Alb:
      return albAnnotations(profile, context);
  }
}

function issuer({ issuerName }: IngressContext): IngressAnnotations {
  return issuerName === undefined ? {} : { "cert-manager.io/cluster-issuer": issuerName };
}

function nginxAnnotations(profile: IngressProfile): IngressAnnotations {
  const origins = profile.corsOrigins ?? [];
  return prefixed("nginx.ingress.kubernetes.io", {
    "proxy-body-size": `${profile.maxBodySizeMiB}m`,
    // Traefik measures a body only while it buffers it, which is off there and on in ingress-nginx unless told.
    "proxy-request-buffering": "on",
    "proxy-read-timeout": `${profile.readTimeoutSeconds}`,
    "proxy-send-timeout": `${profile.readTimeoutSeconds}`,
    "ssl-redirect": `${profile.tlsRedirect ?? true}`,
    ...(profile.requestsPerMinutePerClient === undefined
      ? {}
      : {
          "limit-rpm": `${profile.requestsPerMinutePerClient}`,
          "limit-burst-multiplier": `${burstMultiplier(profile)}`,
        }),
    ...(origins.length === 0
      ? {}
      : {
          "enable-cors": "true",
          "cors-allow-origin": origins.join(", "),
          "cors-allow-methods": CORS_METHODS.join(", "),
          "cors-allow-headers": CORS_HEADERS.join(", "),
          // On unless told, and browsers refuse it together with `*`.
          "cors-allow-credentials": `${!origins.includes("*")}`,
        }),
  });
}

function f5Annotations(profile: IngressProfile, context: IngressContext): IngressAnnotations {
  return prefixed("nginx.org", {
    "client-max-body-size": `${profile.maxBodySizeMiB}m`,
    "proxy-read-timeout": `${profile.readTimeoutSeconds}s`,
    "proxy-send-timeout": `${profile.readTimeoutSeconds}s`,
    "ssl-redirect": `${profile.tlsRedirect ?? true}`,
    ...(profile.requestsPerMinutePerClient === undefined
      ? {}
      : {
          "limit-req-rate": `${profile.requestsPerMinutePerClient}r/m`,
          "limit-req-key": "$binary_remote_addr",
          "limit-req-zone-size": "10M",
          ...(allowedBurst(profile) === 0
            ? {}
            : { "limit-req-burst": `${allowedBurst(profile)}`, "limit-req-no-delay": "true" }),
          "limit-req-reject-code": "429",
        }),
    ...(context.corsPolicyName === undefined || (profile.corsOrigins ?? []).length === 0
      ? {}
      : { policies: context.corsPolicyName }),
  });
}

function albAnnotations(profile: IngressProfile, { alb }: IngressContext): IngressAnnotations {
  if (alb === undefined) throw new pulumi.RunError("ingressAnnotations: the controller alb needs `context.alb`.");
  return prefixed("alb.ingress.kubernetes.io", {
    scheme: alb.internal === true ? "internal" : "internet-facing",
    "target-type": "ip",
    subnets: pulumi.output(alb.subnetIds).apply((ids) => ids.join(",")),
    "group.name": alb.groupName,
    "inbound-cidrs": alb.allowedCidrs.join(","),
    ...albListeners(profile, alb.certificateArn),
    "healthcheck-path": alb.healthCheckPath ?? "/",
    "load-balancer-attributes": [
      `deletion_protection.enabled=${alb.durable ?? false}`,
      `idle_timeout.timeout_seconds=${alb.idleTimeoutSeconds ?? profile.readTimeoutSeconds}`,
    ].join(","),
  });
}

function albListeners(profile: IngressProfile, certificateArn: pulumi.Input<string> | undefined): IngressAnnotations {
  const redirect = profile.tlsRedirect ?? true;
  const origin = singleOrigin(profile);
  const cors = (listener: string): IngressAnnotations =>
    origin === undefined
      ? {}
      : {
          [`listener-attributes.${listener}`]: `routing.http.response.access_control_allow_origin.header_value=${origin}`,
        };
  if (certificateArn === undefined) return { "listen-ports": '[{"HTTP": 80}]', ...cors("HTTP-80") };
  return {
    "certificate-arn": certificateArn,
    "ssl-policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
    "listen-ports": redirect ? '[{"HTTP": 80}, {"HTTPS": 443}]' : '[{"HTTPS": 443}]',
    ...(redirect ? { "ssl-redirect": "443" } : {}),
    ...cors("HTTPS-443"),
  };
}

/**
 * The `spec` of the F5 Policy (`k8s.nginx.org/v1`) that CORS needs under `f5-nginx`, which has no annotation for it;
 * undefined when the profile names no origins.
 */
export function f5CorsPolicy(profile: IngressProfile) {
  const origins = profile.corsOrigins ?? [];
  if (origins.length === 0) return undefined;
  return {
    cors: {
      allowOrigin: origins,
      allowMethods: CORS_METHODS,
      allowHeaders: CORS_HEADERS,
      allowCredentials: !origins.includes("*"),
    },
  };
}

/** The burst that `controller` really allows: ingress-nginx' annotations take it as whole multiples of the rate. */
export function effectiveBurst(controller: IngressControllerKind, profile: IngressProfile): number {
  return controller === IngressControllerKind.F5Nginx
    ? allowedBurst(profile)
    : burstMultiplier(profile) * (profile.requestsPerMinutePerClient ?? 0);
}

/** Requests above the rate that pass at once: five minutes' worth unless told. */
function allowedBurst(profile: IngressProfile): number {
  return profile.burst ?? (profile.requestsPerMinutePerClient ?? 0) * 5;
}

function burstMultiplier(profile: IngressProfile): number {
  return Math.max(1, Math.round(allowedBurst(profile) / (profile.requestsPerMinutePerClient ?? 1)));
}

/** An ALB answers with one origin for all. */
function singleOrigin(profile: IngressProfile): string | undefined {
  return profile.corsOrigins?.length === 1 ? profile.corsOrigins[0] : undefined;
}

function prefixed(prefix: string, annotations: IngressAnnotations): IngressAnnotations {
  return Object.fromEntries(Object.entries(annotations).map(([key, value]) => [`${prefix}/${key}`, value]));
}
