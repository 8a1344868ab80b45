import { isSecretValue } from "../../preview/recorder";

/** One member of a tree of values, with where it stands. */
export interface Member {
  /** `spec.env[0].value` */
  readonly path: string;
  /** The last step of the path; empty for a member of a list. */
  readonly key: string;
  readonly value: unknown;
}

/** Every member of `value` at any depth, itself first; looks into secrets, and into text that is JSON. */
export function* members(value: unknown, path = "", key = ""): Generator<Member> {
  if (isSecretValue(value)) return yield* members(value.value, path, key);
  yield { path, key, value };
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) yield* members(inner, `${path}[${index}]`);
  } else if (value !== null && typeof value === "object") {
    for (const [name, inner] of Object.entries(value))
      yield* members(inner, path === "" ? name : `${path}.${name}`, name);
  } else if (typeof value === "string" && /^\s*\{[\s\S]*\}\s*$/.test(value)) {
    const opened = json(value);
    if (opened !== undefined) yield* members(opened, `${path} (JSON)`);
  }
}

/** Whether a value is an object with named members. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
