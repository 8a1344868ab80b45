import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Problems } from "../internal/problems";
import { CREDENTIAL_RULES, type CredentialName, type CredentialRule } from "./credential-rules";
import type { LangfuseCredentialsArgs } from "./langfuse-credentials";
import { isRevision, slotRevision } from "./rotation";

/** Makes each value once: the user's own when given, a random one otherwise. */
export class CredentialSource {
  /** All values by name. */
  readonly values: Readonly<Record<CredentialName, pulumi.Output<string>>>;

  constructor(
    private readonly name: string,
    private readonly args: LangfuseCredentialsArgs,
    private readonly opts: pulumi.CustomResourceOptions,
  ) {
    const problems = new Problems();
    for (const [store, revision] of Object.entries(args.rotation ?? {})) {
      problems.check(revision === undefined || isRevision(revision), {
        path: `rotation.${store}`,
        rule: "must be a whole number from 0",
        got: revision,
        fix: "Raise it by one to rotate.",
      });
    }
    problems.throwIfAny("LangfuseCredentials", name);
    const keys = Object.keys(CREDENTIAL_RULES) as CredentialName[];
    const entries = keys.map((key) => [key, this.make(key, CREDENTIAL_RULES[key])] as const);
    this.values = Object.fromEntries(entries) as Record<CredentialName, pulumi.Output<string>>;
  }

  value(key: CredentialName): pulumi.Output<string> {
    return this.values[key];
  }

  all(): pulumi.Output<Record<string, string>> {
    return pulumi.secret(pulumi.all(this.values));
  }

  private make(key: CredentialName, rule: CredentialRule): pulumi.Output<string> {
    const given = this.args.given?.[key];
    if (given !== undefined) return pulumi.secret(given).apply((value) => accepted(key, value, rule));
    const generated = new random.RandomPassword(
      `${this.name}-${kebab(key)}`,
      {
        length: rule.length,
        // Not RandomBytes for hexadecimal ones: its resource id is the value itself, which state and log show in the clear.
        ...(rule.hexadecimal
          ? { upper: false, lower: false, numeric: true, special: true, overrideSpecial: "abcdef" }
          : { special: false, minLower: 1, minUpper: 1, minNumeric: 1 }),
        ...this.keepers(rule),
      },
      { ...this.opts, protect: rule.irreplaceable === true && this.args.durable },
    );
    return generated.result.apply((value) => `${rule.prefix ?? ""}${value}`);
  }

  /** A value is made anew exactly when its keepers change: at revisions of its own slot. */
  private keepers({ rotates }: CredentialRule): { keepers?: Record<string, string> } {
    if (rotates === undefined) return {};
    const revision = this.args.rotation?.[rotates.store] ?? 0;
    return { keepers: { revision: String(slotRevision(rotates.slot, revision)) } };
  }
}

function accepted(key: CredentialName, value: string, { form, rule }: CredentialRule): string {
  if (form.test(value)) return value;
  throw new pulumi.RunError(
    `given.${key}: ${rule} (the value is not shown). Give another value, or none to have one generated.`,
  );
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
