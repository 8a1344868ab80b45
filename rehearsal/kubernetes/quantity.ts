import type { Path } from "./differences";

const UNITS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Members whose values are amounts of something, by name. */
const HOLDERS: ReadonlySet<string> = new Set(["requests", "limits", "hard", "capacity", "default", "defaultRequest"]);

/**
 * Whether two values at `path` are the same amount in two spellings (`1000m` and `1`): the API server rewrites amounts
 * in its own spelling, and nobody should be shown a change for that.
 */
export function sameQuantity(path: Path, before: unknown, now: unknown): boolean {
  const isAmount =
    path.slice(0, -1).some((part) => HOLDERS.has(String(part))) ||
    ["sizeLimit", "averageValue"].includes(String(path.at(-1)));
  return isAmount && sameAmount(before, now);
}

/** Whether two values are one amount, in whatever spelling; false when one of them is none. */
export function sameAmount(before: unknown, now: unknown): boolean {
  const [was, is] = [amountOf(before), amountOf(now)];
  return was !== undefined && is !== undefined && Math.abs(was - is) <= Math.abs(was) * 1e-9;
}

/** The number behind any of Kubernetes' quantities; undefined for what is none. */
function amountOf(value: unknown): number | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const [, number, unit = ""] = /^([+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?)([A-Za-z]{0,2})$/.exec(String(value)) ?? [];
  const factor = UNITS[unit];
  return number === undefined || factor === undefined ? undefined : Number(number) * factor;
}
