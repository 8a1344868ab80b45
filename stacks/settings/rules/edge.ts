import { rule, when } from "./rule";

const retired = rule(["ingress", "allow"], ({ ingress, allow }) =>
  when(ingress.controller === "ingress-nginx" && !allow.includes("retiredIngressNginx"), {
    path: "ingress.controller",
    rule: "must not be ingress-nginx, which was retired in March 2026 and gets no security fixes",
    got: ingress.controller,
    fix: "Choose traefik, which understands the same annotations, or add retiredIngressNginx to allow.",
  }),
);

const host = rule(["langfuse", "dns"], ({ langfuse, dns }) =>
  when(dns !== undefined && langfuse.host !== dns.domain && !langfuse.host.endsWith(`.${dns.domain}`), {
    path: "langfuse.host",
    rule: `must be a name inside the zone's domain ${dns?.domain} (dns.domain)`,
    got: langfuse.host,
    fix: `Write it like langfuse.${dns?.domain}, or correct dns.domain.`,
  }),
);

const parent = rule(["dns"], ({ dns }) =>
  when(dns?.create?.parentZoneId !== undefined && dns.domain.split(".").length < 3, {
    path: "dns.domain",
    rule: "must have three labels or more with dns.create.parentZoneId: nobody has a zone of its parent, a top-level domain",
    got: dns?.domain,
    fix: "Write it like platform.example.com, or leave parentZoneId out and delegate at the registrar.",
  }),
);

const solver = rule(["certificates", "dns", "cluster"], ({ certificates, dns, cluster }) =>
  when(
    !cluster.existing?.provides.includes("certManager") &&
      certificates.issuer.startsWith("letsencrypt") &&
      certificates.solver === "dns01" &&
      certificates.dnsProvider === "route53" &&
      dns === undefined,
    {
      path: "certificates.solver",
      rule: "must not be dns01 by route53 without a zone (dns)",
      got: "dns01",
      fix: "Add dns, choose http01, or set certificates.dnsProvider to cloudflare.",
    },
  ),
);

const cloudflare = rule(["certificates", "secrets"], ({ certificates, secrets }) => {
  const used =
    certificates.issuer.startsWith("letsencrypt") &&
    certificates.solver === "dns01" &&
    certificates.dnsProvider === "cloudflare";
  return [
    ...when(used && secrets.cloudflareToken === undefined, {
      path: "secrets.cloudflareToken",
      rule: "is required by certificates.dnsProvider cloudflare",
      fix: "Run `pulumi config set --secret --path llm-platform:secrets.cloudflareToken`.",
    }),
    ...when(!used && secrets.cloudflareToken !== undefined, {
      path: "secrets.cloudflareToken",
      rule: "serves nothing unless Let's Encrypt proves domains by dns01 at cloudflare",
      fix: "Set certificates.dnsProvider to cloudflare, or remove the secret.",
    }),
  ];
});

const privately = rule(["ingress", "certificates"], ({ ingress, certificates }) =>
  when(ingress.internal && certificates.issuer.startsWith("letsencrypt") && certificates.solver === "http01", {
    path: "certificates.solver",
    rule: "must not be http01 behind an internal load balancer, which Let's Encrypt cannot reach",
    got: "http01",
    fix: "Choose dns01, or an issuer of selfSigned or none.",
  }),
);

const narrowed = rule(["ingress", "certificates"], ({ ingress, certificates }) =>
  when(
    !ingress.internal &&
      !ingress.allowedCidrs.includes("0.0.0.0/0") &&
      certificates.issuer.startsWith("letsencrypt") &&
      certificates.solver === "http01",
    {
      path: "certificates.solver",
      rule: "must not be http01 when ingress.allowedCidrs leaves Let's Encrypt out, which asks from anywhere",
      got: "http01",
      fix: "Choose dns01, or an issuer of selfSigned or none.",
    },
  ),
);

const alb = rule(["cluster", "ingress", "dns"], ({ cluster, ingress, dns }) =>
  when(cluster.create !== undefined && ingress.controller === "alb" && dns === undefined, {
    path: "dns",
    rule: "is required by ingress.controller alb: its certificate is proved by a record in the zone",
    fix: "Add dns, or choose another controller.",
  }),
);

export const EDGE_RULES = [retired, host, parent, solver, cloudflare, privately, narrowed, alb];
