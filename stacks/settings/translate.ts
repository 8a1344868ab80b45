import { closest, distance } from "fastest-levenshtein";
import type * as z from "zod";
import type { Problem } from "../../components/internal/problems";
import { descriptionOf, keysOf, schemaAt } from "./schema-walk";
import { SECRET_NAMES } from "./sections/secrets";

/** A section as it is judged: its name, what was given, and its schema. */
export interface Judged {
  readonly name: string;
  readonly value: unknown;
  readonly schema: z.ZodType;
  /** Whether anything in it may be a secret; then no value is repeated. */
  readonly confidential: boolean;
}

type Issue = z.core.$ZodIssue;

/** Everything that the schema found wrong, in our words. */
export function problemsOf(section: Judged, issues: readonly Issue[]): Problem[] {
  const ofWrongType = new Set(
    issues.filter(({ code }) => code === "invalid_type").map(({ path }) => pathText("", path)),
  );
  // A value of the wrong type also fails checks that were meant for the right one.
  const meaningful = issues.filter(({ code, path }) => code === "invalid_type" || !ofWrongType.has(pathText("", path)));
  return meaningful.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => unknownKey(section, issue.path, key))
      : [problemOf(section, issue)],
  );
}

/** The problem of a key that nobody knows. */
export function unknownName(path: string, key: string, known: readonly string[]): Problem {
  return { path, rule: "is not a known setting", fix: suggestion(key, known) };
}

/** A path as the user wrote it: `nodePools.gpu.taints[0].key`. */
export function pathText(name: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return /^[\w-]+$/.test(String(step)) ? `${text}.${String(step)}` : `${text}["${String(step)}"]`;
  }, name);
}

function unknownKey(section: Judged, path: readonly PropertyKey[], key: string): Problem {
  const known = keysOf(schemaAt(section.schema, path));
  const problem = unknownName(pathText(section.name, [...path, key]), key, known);
  if (looksSecret(key) && section.name !== "secrets") {
    return {
      ...problem,
      fix: "Secrets have their place under llm-platform:secrets; see settings.schema.json for their names.",
    };
  }
  const value = valueAt(section.value, [...path, key]);
  const scalar = value === null || typeof value !== "object";
  return section.confidential || !scalar ? problem : { ...problem, got: value };
}

/** Whether a key may hold a secret: then its value is not repeated, whatever is wrong with it. */
function looksSecret(key: string): boolean {
  return SECRET_NAMES.includes(key) || /password|secret|token|credential|salt|private|key|url|licen[cs]e/i.test(key);
}

function problemOf(section: Judged, issue: Issue): Problem {
  const path = pathText(section.name, issue.path);
  const value = valueAt(section.value, issue.path);
  const { rule, fix, got = shown(value) } = judgement(section, issue, value);
  const hidden = section.confidential || (typeof got === "string" && isCredential(String(issue.path.at(-1))));
  return hidden ? { path, rule, fix } : { path, rule, got, fix };
}

/** Whether a key, known or not, is one that people give a credential. */
function isCredential(key: string): boolean {
  return /^(.*(password|passphrase|token)|secret|credentials?|api_?key|privateKey)$/i.test(key);
}

interface Judgement {
  readonly rule: string;
  readonly fix: string;
  readonly got?: unknown;
}

function judgement(section: Judged, issue: Issue, value: unknown): Judgement {
  switch (issue.code) {
    case "invalid_type":
      return value === undefined ? missing(section, issue) : wrongType(issue.expected, value);
    case "invalid_value": {
      if (value === undefined) return missing(section, issue);
      const names = issue.values.map(String);
      if (typeof value !== "string") {
        const { rule, fix } = wrongType("string", value);
        return { rule: `${rule}, ${oneOf(names)}`, fix };
      }
      const nearest = nearestOf(value, names);
      return {
        rule: `must be ${oneOf(names)}`,
        fix: nearest === undefined ? "Choose one of them." : `Did you mean ${nearest}?`,
      };
    }
    case "too_small":
      return issue.origin === "array"
        ? { rule: `must have at least ${issue.minimum} entries`, fix: "Add to the list." }
        : issue.origin === "string"
          ? { rule: "must not be empty", fix: "Write something, or take the key out." }
          : issue.inclusive === false
            ? { rule: `must be above ${issue.minimum}`, fix: "Raise it." }
            : { rule: `must be at least ${issue.minimum}`, fix: `Raise it to ${issue.minimum} or more.` };
    case "too_big":
      return issue.origin === "array"
        ? { rule: `must have at most ${issue.maximum} entries`, fix: "Shorten the list." }
        : { rule: `must be at most ${issue.maximum}`, fix: `Lower it to ${issue.maximum} or less.` };
    case "invalid_key":
      return { ...spoken(issue.issues[0]?.message ?? issue.message), got: String(issue.path.at(-1)) };
    case "custom":
      return { ...spoken(issue.message), ...(issue.params?.got === undefined ? {} : { got: issue.params.got }) };
    default:
      return spoken(issue.message);
  }
}

function missing(section: Judged, issue: Issue): Judgement {
  const description = descriptionOf(schemaAt(section.schema, issue.path)) ?? "See settings.schema.json.";
  return { rule: "is required", fix: `Add it: ${description}` };
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "text",
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  array: "a list",
  object: "an object of keys",
  record: "an object of keys",
};

function wrongType(expected: string, value: unknown): Judgement {
  const rule = `must be ${TYPE_NAMES[expected] ?? expected}`;
  const loss = typeof value === "number" ? ", and 1.30 becomes 1.3" : "";
  if (expected === "string" && (typeof value === "number" || typeof value === "boolean")) {
    return { rule, fix: `Put it in quotes: without them YAML reads a ${typeof value}${loss}.` };
  }
  if (typeof value === "string" && ["int", "number"].includes(expected)) {
    return { rule, fix: "Write it without quotes." };
  }
  if (expected === "boolean") return { rule, fix: "Write true or false, without quotes." };
  if (expected === "array") return { rule, fix: "Write it in brackets, or one entry a line behind a dash." };
  if (expected === "object" || expected === "record") return { rule, fix: "Indent its keys below it." };
  return { rule, fix: `Write ${TYPE_NAMES[expected] ?? expected}.` };
}

/** Splits a message made by `says`. */
function spoken(message: string): Judgement {
  const [rule = message, fix = "See settings.schema.json."] = message.split("\n");
  return { rule, fix };
}

function suggestion(name: string, known: readonly string[]): string {
  if (known.length === 0) return "Take it out.";
  const nearest = nearestOf(name, known);
  return nearest === undefined ? `Known here: ${known.join(", ")}.` : `Did you mean ${nearest}?`;
}

/** The known name that `name` was probably meant to be. Numbers resemble each other too easily. */
function nearestOf(name: string, known: readonly string[]): string | undefined {
  if (known.length === 0 || /^[\d.]*$/.test(name)) return undefined;
  const nearest = closest(name, [...known]);
  const tolerated = Math.max(2, Math.floor(name.length / 3));
  return distance(name.toLowerCase(), nearest.toLowerCase()) <= tolerated ? nearest : undefined;
}

function oneOf(names: readonly string[]): string {
  return names.length <= 1 ? names.join() : `one of ${names.join(", ")}`;
}

/** What of a value is repeated: objects may hold anything, so only their keys are. */
function shown(value: unknown): unknown {
  if (Array.isArray(value))
    return value.some((entry) => entry !== null && typeof entry === "object") ? "a list" : value;
  if (value !== null && typeof value === "object") return `an object of ${Object.keys(value).join(", ") || "nothing"}`;
  return value;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      inner !== null && typeof inner === "object" ? (inner as Record<PropertyKey, unknown>)[step] : undefined,
    value,
  );
}
