import * as z from "zod";
import { CREDENTIAL_RULES, type CredentialName } from "../../../components/langfuse/credential-rules";
import { says } from "../fields";
import { SSO_SECRETS } from "./sso";

/** Stands for a value that a stack file holds encrypted, wherever nothing can decrypt it. Every check lets it pass. */
export const SECRET_PLACEHOLDER = "[secret]";

const secret = (description: string, holds: (value: string) => boolean, rule: string, fix: string) =>
  z
    .string()
    .refine((value) => value === SECRET_PLACEHOLDER || holds(value), says(rule, fix))
    .optional()
    .describe(description);

/** The generated values: a recovery copy can be given back name by name. */
const credentials = Object.fromEntries(
  Object.entries(CREDENTIAL_RULES).map(([name, { purpose, form, rule }]) => [
    name,
    secret(
      `${purpose}. Default: generated.`,
      (value) => form.test(value),
      rule,
      "Give the value of the installation that you move or recover, or leave it out to have one generated.",
    ),
  ]),
) as Record<CredentialName, ReturnType<typeof secret>>;

const given = (description: string) =>
  secret(description, (value) => value.trim().length > 0, "must not be empty", "Set it, or take the key out.");

const ssoSecrets = Object.fromEntries(
  Object.values(SSO_SECRETS).map((name) => [name, given("Client secret of the identity provider.")]),
) as Record<(typeof SSO_SECRETS)[keyof typeof SSO_SECRETS], ReturnType<typeof given>>;

/** `secrets`: everything that must not be read by others, set by `pulumi config set --secret --path`. */
export const secretsSection = z
  .strictObject({
    kubeconfig: given("Kubeconfig of an existing cluster (cluster.existing)."),
    cloudflareToken: given("Cloudflare API token that may edit the zone (certificates.dnsProvider cloudflare)."),
    smtpConnectionUrl: secret(
      "URL of the mail server with its credentials, e.g. smtps://user:password@host:465 (langfuse.smtp).",
      (value) => /^(smtps?|ses):\/\/\S+$/.test(value),
      "must be a URL that begins with smtp://, smtps:// or ses://",
      "Write it like smtps://user:password@host:465.",
    ),
    langfuseLicenseKey: given("Licence key of Langfuse's commercial edition."),
    argoCdRepositoryPassword: given("Password or token of the repository of manifests (delivery.argoCd.repository)."),
    argoCdRepositoryKey: given("Private SSH key of the repository of manifests (delivery.argoCd.repository)."),
    huggingFaceToken: given(
      "Token by which guarded models are fetched from Hugging Face (llm.models.<server>.source).",
    ),
    modelApiKey: secret(
      "API key of all model servers. Default: generated, one for each.",
      (value) => /^[\x21-\x7e]{16,}$/.test(value),
      "must be 16 printable characters or more, without blanks",
      "Give another, or leave it out to have keys generated.",
    ),
    ...credentials,
    ...ssoSecrets,
  })
  .catchall(z.string().min(1))
  .prefault({})
  .describe("Secrets, flat, by name; `pulumi config set --secret --path llm-platform:secrets.<name>`. Default none.");

/** Names under `secrets` besides the known ones: values of `langfuse.secretEnvironment`. */
export const FREE_SECRET_NAME = /^env[A-Z][A-Za-z0-9]*$/;

/** The names that the platform knows. */
export const SECRET_NAMES: readonly string[] = Object.keys(secretsSection.unwrap().shape);
