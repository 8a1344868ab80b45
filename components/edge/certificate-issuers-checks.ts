import type { Problems } from "../internal/problems";
import type { CertificateIssuersArgs } from "./certificate-issuers";
import { isReservedDomain } from "./reserved-domains";

/** Notes what is wrong with the arguments of `CertificateIssuers`. */
export function checkCertificateIssuersArgs(problems: Problems, args: CertificateIssuersArgs): void {
  problems.exactlyOne("args", { letsEncrypt: args.letsEncrypt, selfSigned: args.selfSigned });
  const letsEncrypt = args.letsEncrypt;
  if (letsEncrypt === undefined) return;
  const { http01, route53, cloudflare, email } = letsEncrypt;
  problems.exactlyOne("letsEncrypt", { http01, route53, cloudflare });
  if (cloudflare) {
    problems.exactlyOne("letsEncrypt.cloudflare", {
      apiToken: cloudflare.apiToken,
      existingSecret: cloudflare.existingSecret,
    });
  }
  const domain = email?.split("@")[1];
  problems.check(email === undefined || (/^[^@\s]+@[^@\s]+$/.test(email) && domain !== undefined), {
    path: "letsEncrypt.email",
    rule: "must be an e-mail address",
    got: email,
    fix: "Correct it, or leave it out: an account needs no contact.",
  });
  problems.check(!args.enabled || domain === undefined || !isReservedDomain(domain), {
    path: "letsEncrypt.email",
    rule: "lies in a reserved domain, and Let's Encrypt refuses such accounts",
    got: email,
    fix: "Give an address of yours, or leave it out: an account needs no contact.",
  });
}
