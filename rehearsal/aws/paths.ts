import { type Properties, UNKNOWN } from "../providers/provider";

/** The known texts at `path` of `properties`; `[]` behind a step goes into each element of a list. */
export function textsAt(properties: Properties, path: string): string[] {
  let values: unknown[] = [properties];
  for (const step of path.split(".")) {
    const name = step.replace(/\[\]$/, "");
    values = values.map((value) => (value as Properties | undefined)?.[name]);
    if (step.endsWith("[]")) values = values.flat();
    values = values.filter((value) => value !== undefined && value !== null);
  }
  return values.filter((value): value is string => typeof value === "string" && value !== "" && value !== UNKNOWN);
}
