import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after, allReady, ready } from "../internal/gates";
import { albGateway } from "./model-gateway-alb";
import type { ModelGatewayArgs, ModelGatewayCounterArgs, ModelGatewayTraefikArgs } from "./model-gateway-args";
import { checkModelGatewayArgs } from "./model-gateway-checks";
import { MODEL_GATEWAY } from "./model-gateway-names";
import { modelCertificate, modelMiddlewares, modelRoutes, modelTransport } from "./model-gateway-traefik";

/**
 * The way from the world to model servers: one host with TLS, the paths of `MODEL_PATHS` for each server and no others, one
 * limit for each client over all of it, and timeouts that let streams live. It makes no load balancer: routes join the
 * ingress controller's, or the group of Ingresses of an Application Load Balancer. Keys are checked by the servers
 * themselves; the DNS record is `PublicEntry`'s or external-dns'.
 */
export class ModelGateway extends pulumi.ComponentResource {
  /** `https://<host>`, without a certificate of an ALB `http://<host>`; a server's name and `/v1` follow. */
  readonly url: pulumi.Output<string>;
  /** Gate: the routes exist. On destruction they go before their controller. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ModelGatewayArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ModelGateway", name, {}, opts);
    checkModelGatewayArgs(name, args);
    const children = { parent: this };
    const { traefik, alb } = args;
    this.ready = allReady(
      traefik && ready(traefikGateway(name, args, traefik, children)),
      alb && ready(albGateway(name, args, alb, children)),
    );
    const scheme = alb && alb.context.certificateArn === undefined ? "http" : "https";
    this.url = this.ready.apply(() => `${scheme}://${args.host}`);
    this.registerOutputs({ url: this.url, ready: this.ready });
  }
}

/** Certificate, limit and routes of a gateway behind Traefik. */
function traefikGateway(
  name: string,
  args: ModelGatewayArgs,
  { controllerReady, issuerName, issuerReady, counter }: ModelGatewayTraefikArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const custom = (apiVersion: string, kind: string, key: string, spec: object, gate: pulumi.Input<string>) =>
    new kubernetes.apiextensions.CustomResource(
      `${name}-${kind.toLowerCase()}-${key}`,
      { apiVersion, kind, metadata: { name: key, namespace: args.namespace }, spec },
      { ...opts, dependsOn: after(gate) },
    );
  const secret = limitSecret(name, args.namespace, counter, opts);
  const secretName = counter.secretName ?? (secret && MODEL_GATEWAY.limit);
  const secretReady = allReady(controllerReady, secret && ready([secret]));
  const made = (kind: string, specs: Record<string, object>, gate: pulumi.Input<string>) =>
    Object.entries(specs).map(([key, spec]) => custom("traefik.io/v1alpha1", kind, key, spec, gate));
  // A route whose middleware is missing is not served, so the limit is never left out.
  const parts = [
    ...made("Middleware", modelMiddlewares(args, counter, secretName), secretReady),
    ...made("ServersTransport", { [MODEL_GATEWAY.transport]: modelTransport(args) }, controllerReady),
  ];
  const certificates =
    issuerName === undefined
      ? []
      : [
          custom(
            "cert-manager.io/v1",
            "Certificate",
            MODEL_GATEWAY.certificateSecret,
            modelCertificate(args.host, issuerName),
            allReady(issuerReady),
          ),
        ];
  const routes = made("IngressRoute", modelRoutes(args), allReady(controllerReady, ready(parts)));
  return [...(secret ? [secret] : []), ...parts, ...certificates, ...routes];
}

/** The login of the counting server, after the server has learnt it. */
function limitSecret(
  name: string,
  namespace: pulumi.Input<string>,
  { login, ready: known }: ModelGatewayCounterArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret | undefined {
  if (login === undefined) return undefined;
  const encoded = (value: pulumi.Input<string>) =>
    pulumi.output(value).apply((text) => Buffer.from(text, "utf8").toString("base64"));
  return new kubernetes.core.v1.Secret(
    `${name}-secret-${MODEL_GATEWAY.limit}`,
    {
      metadata: { name: MODEL_GATEWAY.limit, namespace },
      type: "Opaque",
      data: { username: encoded(login.username ?? "default"), password: encoded(pulumi.secret(login.password)) },
    },
    { ...opts, dependsOn: after(known) },
  );
}
