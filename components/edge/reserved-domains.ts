/** Domains that documentation and tests may use and nobody can own (RFC 2606, RFC 6761). */
const RESERVED = ["example.com", "example.net", "example.org", "example", "test", "invalid", "localhost"];

/** Whether `domain` lies in a domain that nobody can own, so that no public authority issues a certificate for it. */
export function isReservedDomain(domain: string): boolean {
  const lower = domain.toLowerCase();
  return RESERVED.some((reserved) => lower === reserved || lower.endsWith(`.${reserved}`));
}
