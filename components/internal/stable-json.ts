import { createHash } from "node:crypto";

/** JSON with keys in alphabetical order at every depth, so that equal values give equal text on every run. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** The first `length` (default 8) hexadecimal digits of the SHA-256 of `value` as stable JSON. Never feed it a secret. */
export function shortHash(value: unknown, length = 8): string {
  return createHash("sha256").update(stableJson(value)).digest("hex").slice(0, length);
}
