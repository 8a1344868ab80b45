import type { KubernetesObject } from "../api/objects";
import { isMap } from "./differences";
import { READY, type Readiness, waiting } from "./patience";

/** The conditions that an annotation `pulumi.com/waitFor` states: one, or a JSON list of which all must hold. */
export function conditionsOf(annotation: string): string[] {
  const conditions = listIn(annotation) ?? [annotation];
  if (conditions.length === 0) throw new Error("pulumi.com/waitFor: at least one condition must be given.");
  for (const condition of conditions) {
    if (!/^(jsonpath|condition)=/.test(condition))
      throw new Error(`pulumi.com/waitFor: a condition starts with "jsonpath=" or "condition=" (got "${condition}").`);
  }
  return conditions;
}

/** Whether every condition of the annotation holds. */
export function waitedFor(object: KubernetesObject, annotation: string): Readiness {
  if (isStale(object)) return waiting("its controller has not seen the change yet");
  const unmet = conditionsOf(annotation).find((condition) => !holds(object, condition));
  return unmet === undefined ? READY : waiting(`${unmet} does not hold (found ${foundFor(object, unmet)})`);
}

/** Whether the controller has yet to see the object's latest change; those that do not say are taken to have. */
export function isStale(object: KubernetesObject): boolean {
  const observed: unknown = object.status?.observedGeneration;
  return typeof observed === "number" && observed < (object.metadata.generation ?? 0);
}

/** Status of a condition of the object (`True`, `False`, `Unknown`); undefined when it has none. */
export function conditionStatus(object: KubernetesObject, type: string): string | undefined {
  const conditions: unknown = object.status?.conditions;
  const found = Array.isArray(conditions) ? conditions.find((one) => sameWord(one?.type, type)) : undefined;
  return found?.status;
}

/** Values at a JSONPath as kubectl writes it: `{.status.conditions[?(@.type=="Ready")].status}`. */
export function valuesAt(object: unknown, jsonPath: string): unknown[] {
  const inner = /^\{(.*)\}$/.exec(jsonPath)?.[1];
  const steps = inner === undefined ? null : inner.match(STEP);
  if (inner === undefined || steps === null || steps.join("") !== inner)
    throw new Error(`pulumi.com/waitFor: the JSONPath ${jsonPath} cannot be read; write it like {.status.phase}.`);
  return steps.reduce<unknown[]>((values, step) => values.flatMap((value) => after(value, step)), [object]);
}

const STEP = /\.[A-Za-z_][\w-]*|\[\d+\]|\['[^']+'\]|\[\*\]|\[\?\(@\.[\w.]+==['"][^'"]*['"]\)\]/g;

function after(value: unknown, step: string): unknown[] {
  const filter = /^\[\?\(@\.([\w.]+)==['"]([^'"]*)['"]\)\]$/.exec(step);
  if (filter !== null && Array.isArray(value)) {
    const [, path = "", wanted] = filter;
    return value.filter((element) => String(valuesAt(element, `{.${path}}`)[0]) === wanted);
  }
  if (step === "[*]") return Array.isArray(value) ? value : [];
  const key = step.replace(/^\.|^\['?|'?\]$/g, "");
  if (Array.isArray(value)) return Number(key) in value ? [value[Number(key)]] : [];
  return isMap(value) && key in value ? [value[key]] : [];
}

function holds(object: KubernetesObject, condition: string): boolean {
  const { path, type, wanted } = parts(condition);
  if (type !== undefined) return sameWord(conditionStatus(object, type), wanted ?? "True");
  const [value] = valuesAt(object, path);
  return wanted === undefined ? value !== undefined : value !== undefined && String(value) === wanted;
}

function foundFor(object: KubernetesObject, condition: string): string {
  const { path, type } = parts(condition);
  const value = type === undefined ? valuesAt(object, path)[0] : conditionStatus(object, type);
  return value === undefined ? "nothing" : JSON.stringify(value);
}

function parts(condition: string): { readonly path: string; readonly type?: string; readonly wanted?: string } {
  if (condition.startsWith("condition=")) {
    const [, type = "", wanted] = condition.split("=");
    return { path: "", type, ...(wanted === undefined ? {} : { wanted }) };
  }
  const [, path = "", wanted] = /^jsonpath=(\{.*?\})(?:=(.*))?$/.exec(condition) ?? [];
  return { path, ...(wanted === undefined ? {} : { wanted }) };
}

function listIn(annotation: string): string[] | undefined {
  try {
    const parsed: unknown = JSON.parse(annotation);
    return Array.isArray(parsed) ? parsed.map(String) : undefined;
  } catch {
    return undefined;
  }
}

function sameWord(one: unknown, other: string): boolean {
  return String(one).toLowerCase() === other.toLowerCase();
}
