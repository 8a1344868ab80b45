import type { DiffResult, Properties } from "../providers/provider";
import { DEFAULTED, isObject, type ResourceRules } from "./resource";

/** Lists whose order AWS keeps; all other lists of scalars are sets to it. */
const ORDERED = ["instanceTypes"];

/** Types of AWS whose inputs no table lists are changed in place, whatever changes. */
const UNKNOWN_RULES: ResourceRules = { replaces: [] };

/** What changing `before` into `now` takes. */
export function difference(before: Properties, now: Properties, rules: ResourceRules = UNKNOWN_RULES): DiffResult {
  const paths = changedPaths(before, now);
  const { name, renames } = rules;
  const forcing = ["region", ...rules.replaces, ...(name === undefined || renames ? [] : [name.property])];
  const replaces = paths.filter((path) => forcing.some((forced) => touches(path, forced)));
  const between = rules.replacesBetween?.(before, now) ?? [];
  return {
    changes: [...new Set(paths.map((path) => path.replace(/[.[].*$/, "")))],
    replaces: [...new Set([...replaces, ...between])],
    paths,
    deleteBeforeReplace: name !== undefined && keepsExplicitName(name.property, before, now),
  };
}

/** A name that the program gives and keeps must be free before the new resource can have it. */
function keepsExplicitName(property: string, before: Properties, now: Properties): boolean {
  const automatic = (now[DEFAULTED] ?? []).includes(property);
  return !automatic && now[property] !== undefined && before[property] === now[property];
}

/** Whether a changed path lies at, in or around one that forces a replacement. */
function touches(path: string, forced: string): boolean {
  const plain = path.replace(/\[\d+\]/g, "");
  return plain === forced || plain.startsWith(`${forced}.`) || forced.startsWith(`${plain}.`);
}

/** Paths at which two values differ as AWS sees it. */
export function changedPaths(before: unknown, now: unknown, path = ""): string[] {
  if (isEmpty(before) && isEmpty(now)) return [];
  if (Array.isArray(before) && Array.isArray(now)) return changedInLists(before, now, path);
  if (isObject(before) && isObject(now)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((key) => key !== DEFAULTED);
    return keys.flatMap((key) => changedPaths(before[key], now[key], path === "" ? key : `${path}.${key}`));
  }
  return sameScalar(before, now) ? [] : [path];
}

function changedInLists(before: unknown[], now: unknown[], path: string): string[] {
  const ordered = ORDERED.some((name) => path === name || path.endsWith(`.${name}`));
  if (!ordered && canonical(before) === canonical(now)) return [];
  if (before.length !== now.length) return [path];
  if (!before.every(isObject) || !now.every(isObject)) {
    return ordered && JSON.stringify(before) === JSON.stringify(now) ? [] : [path];
  }
  return before.flatMap((element, index) => changedPaths(element, now[index], `${path}[${index}]`));
}

/** A list as a set. */
function canonical(list: readonly unknown[]): string {
  return JSON.stringify(list.map((element) => JSON.stringify(sorted(element))).sort());
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  );
}

/** Nothing, an empty list and an empty object are one and the same to AWS. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "object" && Object.keys(value).length === 0);
}

/** Documents are compared by what they say, and numbers by value, as in `"1"` and `1`. */
function sameScalar(before: unknown, now: unknown): boolean {
  if (before === now) return true;
  if (typeof before !== "string" || typeof now !== "string") {
    return !isObject(before) && !isObject(now) && String(before) === String(now);
  }
  const [old, fresh] = [before, now].map(documentOf);
  return old !== undefined && fresh !== undefined && changedPaths(old, fresh).length === 0;
}

function documentOf(text: string): unknown {
  if (!text.startsWith("{")) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
