import * as z from "zod";
import { MAX_CLIENT_CIDRS } from "../../../components/internal/cidr";
import { HOST_NAME } from "../../../components/internal/names";
import { choice, cidr, distinct, exactlyOne, flag, text, whole } from "../fields";

/** `ingress`: what stands between the world and the applications. */
export const ingressSection = z
  .strictObject({
    controller: choice(
      "traefik, f5-nginx, alb (AWS's load balancer itself) or ingress-nginx (retired in March 2026; needs allow: [retiredIngressNginx]). Default traefik.",
      ["traefik", "f5-nginx", "alb", "ingress-nginx"],
    ).default("traefik"),
    replicas: whole("Pods of the controller. Default 3.", 1, 50).default(3),
    allowedCidrs: distinct(z.array(cidr("An IPv4 range.")).min(1).max(MAX_CLIENT_CIDRS))
      .default(["0.0.0.0/0"])
      .describe("Who may connect; merge neighbouring ranges when there are more than 30. Default everybody."),
    internal: flag("Put the load balancer on private addresses only. Default false.", false),
  })
  .prefault({})
  .describe("The ingress controller and its load balancer.");

const zoneId = (description: string) =>
  text(
    description,
    /^Z[A-Z0-9]{7,31}$/,
    "must be the id of a Route 53 zone",
    "Copy it from `aws route53 list-hosted-zones`, without /hostedzone/.",
  );

/** `dns`: the zone in which host names live. */
export const dnsSection = exactlyOne(
  z.strictObject({
    domain: text(
      "The zone's domain.",
      HOST_NAME,
      "must be a DNS domain in lower case",
      "Write it like example.com, without a final dot.",
    ),
    zoneId: zoneId("Id of a Route 53 zone that exists, which this stack writes records into.").optional(),
    create: z
      .strictObject({
        parentZoneId: zoneId(
          "Route 53 zone of the parent domain, into which the delegation is written. Default: somebody delegates by hand.",
        ).optional(),
        delegated: flag(
          "Set it to true once the parent's owner delegates to the zone: issuers and certificates, which need that, are then made. Needless with parentZoneId. Default false.",
          false,
        ),
      })
      .optional()
      .describe("Make a Route 53 zone."),
  }),
  ["zoneId", "create"],
)
  .optional()
  .describe("The DNS zone of the host names. Left out: records are somebody else's business.");

/** `certificates`: where TLS certificates come from. */
export const certificatesSection = z
  .strictObject({
    issuer: choice(
      "letsencrypt, letsencryptStaging (untrusted, for trials), selfSigned or none (then the ingress serves its own). Default letsencrypt.",
      ["letsencrypt", "letsencryptStaging", "selfSigned", "none"],
    ).default("letsencrypt"),
    solver: choice("How a domain is proved: dns01 (a record) or http01 (an answer on port 80). Default dns01.", [
      "http01",
      "dns01",
    ]).default("dns01"),
    dnsProvider: choice(
      "Where dns01 writes its record: route53 or cloudflare (with secrets.cloudflareToken). Default route53.",
      ["route53", "cloudflare"],
    ).default("route53"),
    email: text(
      "Where expiry notices go. Default nowhere.",
      /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>"]+$/,
      "must be an e-mail address",
      "Write the address alone, such as platform@example.com.",
    ).optional(),
  })
  .prefault({})
  .describe("TLS certificates. With the alb controller they are ACM's instead.");
