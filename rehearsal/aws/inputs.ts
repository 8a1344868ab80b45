import { AUTONAME_SUFFIX, PHYSICAL_NAME_LIMITS } from "../../components/internal/names";
import type { CheckResult, Properties, ResourceIdentity } from "../providers/provider";
import { freshHex } from "./identifiers";
import { DEFAULTED, type NameRule, type ResourceRules } from "./resource";

const LONGEST = 255;

/** Inputs with the provider's defaults and automatic name, and what is wrong with them. */
export function checkedInputs(
  { type, name }: ResourceIdentity,
  before: Properties | undefined,
  now: Properties,
  rules: ResourceRules,
): CheckResult {
  const inputs: Properties = { ...now };
  const filled = Object.keys(rules.defaults ?? {}).filter((key) => isMissing(now[key]));
  for (const key of filled) inputs[key] = rules.defaults?.[key];
  const failures = [...(rules.check?.(now) ?? [])];
  if (rules.name !== undefined) {
    const { property } = rules.name;
    if (isMissing(now[property])) {
      inputs[property] = formerName(before, property) ?? automaticName(name, rules.name);
      filled.push(property);
    }
    const longest = PHYSICAL_NAME_LIMITS[type] ?? rules.name.longest ?? LONGEST;
    failures.push(...checkLength(inputs[property], longest, rules.name, filled.includes(property)));
  }
  return { inputs: { ...inputs, [DEFAULTED]: filled.sort() }, failures };
}

function isMissing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** The automatic name that the resource has already. A name that the program gave and gives no more does not stay. */
function formerName(before: Properties | undefined, property: string): string | undefined {
  return before?.[DEFAULTED]?.includes(property) ? before[property] : undefined;
}

function automaticName(logicalName: string, { lowerCase }: NameRule): string {
  const name = `${logicalName}-${freshHex(AUTONAME_SUFFIX - 1)}`;
  return lowerCase ? name.toLowerCase() : name;
}

/** Too long is an error and not a cut. */
function checkLength(
  name: unknown,
  longest: number,
  { property }: NameRule,
  automatic: boolean,
): CheckResult["failures"] {
  if (typeof name !== "string" || name.length <= longest) return [];
  const fix = automatic ? "shorten the logical name" : "shorten it";
  return [{ property, reason: `${name} has ${name.length} characters, and at most ${longest} are allowed: ${fix}` }];
}
