import { DNS_LABEL } from "../internal/names";
import { Problems } from "../internal/problems";
import type { ExternalSecretsArgs } from "./external-secrets";

/** Throws one error with everything that is wrong. */
export function checkExternalSecretsArgs(name: string, args: ExternalSecretsArgs): void {
  const problems = new Problems();
  const { replicas, storeName } = args;
  problems.check(replicas === undefined || (Number.isInteger(replicas) && replicas >= 1), {
    path: "replicas",
    rule: "must be a whole number of at least 1",
    got: replicas,
    fix: "Use 2 to survive the loss of a node.",
  });
  problems.check(storeName === undefined || DNS_LABEL.test(storeName), {
    path: "storeName",
    rule: "must be a DNS label",
    got: storeName,
    fix: "Use lower-case letters, digits and dashes.",
  });
  problems.check(Object.keys(args.secrets).length > 0, {
    path: "secrets",
    rule: "must name at least one Secret",
    got: "none",
    fix: "Add one, or leave External Secrets out: a store without namespaces would be open to all of them.",
  });
  for (const [key, secret] of Object.entries(args.secrets)) {
    problems.check(Object.keys(secret.keys).length > 0, {
      path: `secrets.${key}.keys`,
      rule: "must name at least one key",
      got: "none",
      fix: "Map a key of the Kubernetes Secret to a property of the source.",
    });
  }
  problems.throwIfAny("ExternalSecrets", name);
}
