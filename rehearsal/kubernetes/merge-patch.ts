import { isMap } from "./differences";

/** `base` with a JSON merge patch applied: null removes a member, lists are replaced as a whole. */
export function merged(base: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const members = Object.entries(isMap(base) ? base : {}).filter(([key]) => patch[key] !== null);
  const result = Object.fromEntries(members);
  for (const [key, change] of Object.entries(patch)) {
    if (change !== null) result[key] = merged(result[key], change);
  }
  return result;
}

/**
 * The merge patch that brings `live` to `wanted` and removes what `original` stated and `wanted` no longer does, as Helm
 * computes it; undefined when there is nothing to change. Members that only `live` has are left alone.
 */
export function threeWayPatch(original: unknown, wanted: unknown, live: unknown): Record<string, unknown> | undefined {
  const patch: Record<string, unknown> = {};
  const [was, wants, is] = [original, wanted, live].map((value) => (isMap(value) ? value : {}));
  for (const [key, value] of Object.entries(wants ?? {})) {
    const there = is?.[key];
    if (isMap(value) && isMap(there)) {
      const inner = threeWayPatch(was?.[key], value, there);
      if (inner !== undefined) patch[key] = inner;
    } else if (!covers(there, value)) {
      patch[key] = value;
    }
  }
  for (const key of Object.keys(was ?? {})) {
    if (!(key in (wants ?? {})) && key in (is ?? {})) patch[key] = null;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** Whether a live value says all that is wanted; in lists, defaults that the API server added do not count. */
function covers(live: unknown, wanted: unknown): boolean {
  if (Array.isArray(live) && Array.isArray(wanted)) {
    return live.length === wanted.length && wanted.every((element, index) => covers(live[index], element));
  }
  if (isMap(live) && isMap(wanted)) return Object.entries(wanted).every(([key, value]) => covers(live[key], value));
  return live === wanted || (live === undefined && wanted === null);
}
