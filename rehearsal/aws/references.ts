import { type Properties, UNKNOWN } from "../providers/provider";
import type { Cloud } from "./cloud";
import { textsAt } from "./paths";
import { refusal } from "./refusal";
import { type LiveResource, label, type Reference, type RuleTable } from "./resource";

/** A policy of AWS' own, which every account has. */
const MANAGED_POLICY = /^arn:[a-z-]+:iam::aws:policy\//;

/** Throws the service's error when `inputs` refer to something that is not there (any more). */
export function checkReferences(rules: RuleTable, type: string, inputs: Properties, cloud: Cloud): void {
  for (const [path, reference] of Object.entries(rules[type]?.references ?? {})) {
    for (const value of textsAt(inputs, path)) checkReference(rules, reference, value, path, cloud);
  }
}

/**
 * What was never made here is taken to be there already, since stacks use zones, networks and roles of others; but not where
 * the program could know the name beforehand, and not when the value has the wrong form.
 */
function checkReference(rules: RuleTable, reference: Reference, value: string, path: string, cloud: Cloud): void {
  const { to, strict } = reference;
  const target = rules[to];
  if (cloud.find(to, value) !== undefined || cloud.isAdopted(value) || MANAGED_POLICY.test(value)) return;
  const malformed = target?.idPrefix !== undefined && !value.startsWith(target.idPrefix);
  if (strict || malformed || cloud.wasHere(to, value)) {
    throw new Error(target?.missing?.(value) ?? `ResourceNotFoundException: ${path}: ${to} ${value} does not exist`);
  }
  cloud.assumed.add(`${to} ${value}`);
}

/** Living resources whose references to `resource` keep it from being deleted. */
function holdersOf(rules: RuleTable, resource: LiveResource, cloud: Cloud): LiveResource[] {
  const names = new Set(
    [resource.id, resource.physicalName, resource.computed.arn].filter((name) => name !== undefined),
  );
  return cloud.all().filter((holder) => {
    if (holder === resource || holder.ownedBy === resource.id) return false;
    return Object.entries(rules[holder.type]?.references ?? {}).some(([path, { to, holds }]) => {
      if (to !== resource.type || !holds) return false;
      if (!textsAt(holder.inputs, path).some((value) => names.has(value))) return false;
      return typeof holds === "function" ? holds(holder, cloud) : true;
    });
  });
}

/** Throws the service's error when something still needs `resource`. */
export function checkUnused(rules: RuleTable, resource: LiveResource, cloud: Cloud): void {
  const holders = holdersOf(rules, resource, cloud);
  if (holders.length === 0) return;
  const message = rules[resource.type]?.inUse?.(resource, holders);
  const reason = message ?? `DependencyViolation: resource ${resource.id} has a dependent object`;
  throw new Error(`${reason} (in use by ${holders.map(label).join(", ")}: delete it first)`);
}

/** Throws when a name, or what a type can have only one of, is taken. */
export function checkFree(
  rules: RuleTable,
  draft: { type: string; logicalName: string; physicalName: string; inputs: Properties },
  cloud: Cloud,
): void {
  const { type, physicalName, inputs } = draft;
  const { name, unique } = rules[type] ?? {};
  const taken = name === undefined ? undefined : cloud.takenBy(type, physicalName);
  const message = unique?.message(draft);
  if (taken !== undefined) {
    throw unique === undefined || message === undefined
      ? refusal("AlreadyExistsException", `${type} ${physicalName} already exists (${taken})`)
      : new Error(`${message} (${taken})`);
  }
  if (unique === undefined || message === undefined) return;
  const key = unique.key(inputs);
  const other = cloud.all(type).find((resource) => unique.key(resource.inputs) === key);
  if (other !== undefined && !key.includes(UNKNOWN)) throw new Error(`${message} (${label(other)})`);
}
