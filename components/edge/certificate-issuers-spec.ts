import type { CloudflareSecretArgs, LetsEncryptArgs } from "./certificate-issuers";

const DIRECTORIES: Record<string, string> = {
  letsencrypt: "https://acme-v02.api.letsencrypt.org/directory",
  "letsencrypt-staging": "https://acme-staging-v02.api.letsencrypt.org/directory",
};

/** The `spec` of a Let's Encrypt ClusterIssuer with the one solver that is given. */
export function letsEncryptSpec(issuer: string, args: LetsEncryptArgs, token: CloudflareSecretArgs) {
  return {
    acme: {
      server: DIRECTORIES[issuer],
      ...(args.email === undefined ? {} : { email: args.email }),
      privateKeySecretRef: { name: `${issuer}-account` },
      solvers: [solver(args, token)],
    },
  };
}

function solver(args: LetsEncryptArgs, token: CloudflareSecretArgs) {
  if (args.http01) {
    // The default, NodePort, would open a port on every node while a challenge runs.
    return { http01: { ingress: { ingressClassName: args.http01.ingressClassName, serviceType: "ClusterIP" } } };
  }
  if (args.route53) {
    // Neither key nor role: the credentials are those of cert-manager's own pod.
    return { dns01: { route53: { region: args.route53.region, hostedZoneID: args.route53.zoneId } } };
  }
  return { dns01: { cloudflare: { apiTokenSecretRef: { name: token.name, key: token.key } } } };
}
