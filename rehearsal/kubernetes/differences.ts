import { UNKNOWN } from "../providers/provider";
import { sameQuantity } from "./quantity";

/** Where in a value something is. */
export type Path = readonly (string | number)[];

/** A place at which two values differ; what was there, or is now (undefined where there is nothing). */
export interface Difference {
  readonly path: Path;
  readonly before: unknown;
  readonly now: unknown;
}

/** Every place at which `now` is not `before`. What is not known yet always differs. */
export function differences(before: unknown, now: unknown, path: Path = []): Difference[] {
  if (Array.isArray(before) && Array.isArray(now)) {
    const indices = Array.from({ length: Math.max(before.length, now.length) }, (_, index) => index);
    return indices.flatMap((index) => differences(before[index], now[index], [...path, index]));
  }
  if (isMap(before) && isMap(now)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(now)]);
    return [...keys].flatMap((key) => differences(before[key], now[key], [...path, key]));
  }
  const equal = now !== UNKNOWN && (before === now || isEqual(before, now) || sameQuantity(path, before, now));
  return equal ? [] : [{ path, before, now }];
}

/** A path as the engine writes it: `spec.template.spec.containers[0].image`. */
export function pathText(path: Path): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (/[."[\]]/.test(part)) return `${text}["${part.replaceAll('"', '\\"')}"]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}

/** Whether a value is an object with named members. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** Members that are nothing (null, or empty all the way down) count as absent: the API server drops them. */
export function withoutEmptyMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyMembers);
  if (!isMap(value)) return value;
  const members = Object.entries(value).map(([key, member]) => [key, withoutEmptyMembers(member)] as const);
  return Object.fromEntries(members.filter(([, member]) => !isEmpty(member)));
}

/** Whether a value is nothing, or holds nothing. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isMap(value) && Object.keys(value).length === 0;
}

function isEqual(before: unknown, now: unknown): boolean {
  return isEmpty(before) && isEmpty(now);
}
