import * as pulumi from "@pulumi/pulumi";
import { distance } from "fastest-levenshtein";
import { formatProblem, type Problem } from "../../components/internal/problems";
import { CREDENTIAL_RULES, type CredentialName } from "../../components/langfuse/credential-rules";
import { RULES } from "./rules";
import { FREE_SECRET_NAME, SECRET_NAMES, SECRET_PLACEHOLDER } from "./sections/secrets";
import { type ParsedSections, SECTIONS, type SectionName, type Settings } from "./settings";
import { problemsOf, unknownName } from "./translate";

/** What the settings are read for, besides themselves. */
export interface SettingsContext {
  /** Name of the stack, for messages. */
  readonly stack: string;
  /** Sections of which some part is encrypted in the stack file. Default none. */
  readonly secretSections?: readonly string[];
  /** Full names of configuration keys in other namespaces, e.g. `aws:profile`. Default none. */
  readonly otherKeys?: readonly string[];
  /** Whether the run only plans; encrypted values that nothing could decrypt then have something of their form in their place. Default false. */
  readonly planning?: boolean;
}

/** Settings, or everything that is wrong with them. */
export type ParseResult =
  | { readonly settings: Settings; readonly problems?: undefined }
  | { readonly settings?: undefined; readonly problems: Problem[] };

const STACK_NAME = /^[a-z0-9]([-a-z0-9]{0,38}[a-z0-9])?$/;
const NAMES = Object.keys(SECTIONS) as SectionName[];

/** Checks a stack's configuration, keyed by section. Rules across sections are judged wherever the sections that they read are sound. */
export function parseSettings(raw: Readonly<Record<string, unknown>>, context: SettingsContext): ParseResult {
  const problems: Problem[] = [...otherNamespaces(context.otherKeys ?? []), ...misplacedSecrets(context)];
  for (const name of Object.keys(raw)) {
    if (!Object.hasOwn(SECTIONS, name)) problems.push(unknownName(name, name, NAMES));
  }
  const sound: Partial<Record<SectionName, unknown>> = {};
  for (const name of NAMES) {
    const confidential = name === "secrets" || (context.secretSections ?? []).includes(name);
    const schema = SECTIONS[name];
    const result = schema.safeParse(raw[name]);
    const found = result.success
      ? []
      : problemsOf({ name, value: raw[name], schema, confidential }, result.error.issues);
    if (name === "secrets") found.push(...unknownSecrets(raw[name]));
    problems.push(...found);
    if (found.length === 0 && !confidential) sound[name] = result.data;
    if (found.length === 0 && name === "secrets") sound[name] = result.data;
  }
  const parsed = sound as ParsedSections;
  for (const { needs, check } of RULES) {
    if (needs.every((name) => Object.hasOwn(sound, name))) problems.push(...check(parsed));
  }
  if (sound.cluster !== undefined) problems.push(...unfitStackName(context.stack, parsed.cluster));
  return problems.length > 0 ? { problems } : { settings: sealed(parsed, context.planning ?? false) };
}

/** The one message of all problems. */
export function settingsMessage(stack: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.map((problem) => `  ${formatProblem(problem)}`);
  return [
    `Stack "${stack}" has ${count} in its settings (Pulumi.${stack}.yaml, keys below llm-platform:):`,
    ...lines,
  ].join("\n");
}

/** From here on secrets are Outputs: nothing prints them by accident. */
function sealed(parsed: ParsedSections, planning: boolean): Settings {
  const secrets = Object.entries(parsed.secrets).filter(([, value]) => value !== undefined);
  return {
    ...parsed,
    secrets: Object.fromEntries(
      secrets.map(([name, value]) => [name, pulumi.secret(planning ? plannable(name, String(value)) : String(value))]),
    ),
  };
}

/** Components refuse a value that has not its form, and the plan would stop there. */
function plannable(name: string, value: string): string {
  if (value !== SECRET_PLACEHOLDER) return value;
  const rule = Object.hasOwn(CREDENTIAL_RULES, name) ? CREDENTIAL_RULES[name as CredentialName] : undefined;
  return rule === undefined ? value : `${rule.prefix ?? ""}${"0".repeat(rule.length)}`;
}

/** A cluster and its load balancer are named after the stack. */
function unfitStackName(stack: string, cluster: ParsedSections["cluster"]): Problem[] {
  if (cluster.create === undefined || STACK_NAME.test(stack)) return [];
  return [
    {
      path: "stack",
      rule: "must have a name of at most 40 lower-case letters, digits and dashes, since the cluster is named after it",
      got: stack,
      fix: "Rename it by `pulumi stack rename`, and its file with it.",
    },
  ];
}

function unknownSecrets(given: unknown): Problem[] {
  if (given === null || typeof given !== "object") return [];
  return Object.keys(given)
    .filter((name) => !SECRET_NAMES.includes(name) && !FREE_SECRET_NAME.test(name))
    .map((name) => unknownName(`secrets.${name}`, name, SECRET_NAMES));
}

function misplacedSecrets({ secretSections = [] }: SettingsContext): Problem[] {
  return secretSections
    .filter((name) => name !== "secrets")
    .map((name) => ({
      path: name,
      rule: "must not hold encrypted values: they would reach the program as plain text",
      fix: "Move them under secrets, by `pulumi config set --secret --path llm-platform:secrets.<name>`.",
    }));
}

/** Where the settings of this program stand. */
const PROJECT = "llm-platform";
/** Letters that a slip of the fingers changes at most. */
const SLIPS = 3;

function otherNamespaces(keys: readonly string[]): Problem[] {
  const fixes: Readonly<Record<string, string>> = {
    "aws:profile":
      "Remove it, and set AWS_PROFILE in the environment or llm-platform:aws.assumeRoleArn: access to the cluster then uses the same identity.",
    "aws:region": "Remove it, and set llm-platform:aws.region.",
  };
  const refused = keys
    .filter((key) => Object.hasOwn(fixes, key))
    .map((key) => ({
      path: key,
      rule: "must not be set: it reaches neither the cluster's credentials nor the providers of this program",
      fix: fixes[key] ?? "Remove it.",
    }));
  const misspelt = keys
    .map((key) => ({ key, namespace: key.split(":")[0] ?? "" }))
    .filter(({ namespace }) => distance(namespace, PROJECT) <= SLIPS)
    .map(({ key, namespace }) => ({
      path: key,
      rule: "belongs to no program of that name, so that nothing reads it",
      fix: `Did you mean ${PROJECT}${key.slice(namespace.length)}?`,
    }));
  return [...refused, ...misspelt];
}
