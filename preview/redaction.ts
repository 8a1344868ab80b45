import { isSecretValue } from "./recorder";

/** What stands in every file and on the page where a secret would. */
export const SECRET = "[secret]";

/** A copy of `value` in which every secret is `[secret]`; of a secret object the keys stay readable, never the values. */
export function redacted(value: unknown): unknown {
  return copied(value, false);
}

function copied(value: unknown, secret: boolean): unknown {
  if (isSecretValue(value)) return copied(value.value, true);
  if (Array.isArray(value)) return value.map((inner) => copied(inner, secret));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copied(inner, secret)]));
  }
  return secret ? SECRET : value;
}

/** One value inside a tree of inputs. */
export interface Leaf {
  /** `spec.env[0].value` */
  readonly path: string;
  readonly value: unknown;
  /** Whether it lies in a secret's envelope. */
  readonly secret: boolean;
  /** Whether the envelope is its own: the value itself was marked secret, not an object around it. */
  readonly marked: boolean;
}

/** Every scalar in `value`, with its path as the author of the inputs would write it: envelopes do not show in it. */
export function* leaves(value: unknown, path = "", secret = false, marked = false): Generator<Leaf> {
  if (isSecretValue(value)) {
    yield* leaves(value.value, path, true, true);
  } else if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) yield* leaves(inner, `${path}[${index}]`, secret);
  } else if (value !== null && typeof value === "object") {
    for (const [key, inner] of Object.entries(value))
      yield* leaves(inner, path === "" ? key : `${path}.${key}`, secret);
  } else {
    yield { path, value, secret, marked };
  }
}

/** Paths of everything in `value` for which `matches` holds; does not look inside what matched, nor inside secrets. */
export function pathsWhere(value: unknown, matches: (value: unknown) => boolean, path = ""): string[] {
  if (matches(value)) return [path];
  if (isSecretValue(value)) return [];
  if (Array.isArray(value)) return value.flatMap((inner, index) => pathsWhere(inner, matches, `${path}[${index}]`));
  if (value !== null && typeof value === "object") {
    return Object.entries(value).flatMap(([key, inner]) =>
      pathsWhere(inner, matches, path === "" ? key : `${path}.${key}`),
    );
  }
  return [];
}
