/** Whether labels satisfy a selector as kubectl writes it: `app=web,tier!=db,zone in (a, b),!canary`. */
export function selects(selector: string, labels: Readonly<Record<string, string>>): boolean {
  const requirements = selector.split(/,(?![^(]*\))/).map((requirement) => requirement.trim());
  return requirements.filter((requirement) => requirement !== "").every((requirement) => meets(requirement, labels));
}

function meets(requirement: string, labels: Readonly<Record<string, string>>): boolean {
  const [, setKey, not, values = ""] =
    /^(\S+)\s+(not)?in\s+\(([^)]*)\)$/.exec(requirement.replace("notin", "not in")) ?? [];
  if (setKey !== undefined) {
    const isIn = values.split(",").some((value) => value.trim() === labels[setKey]);
    return isIn !== (not !== undefined);
  }
  const [, key = "", operator, value] = /^([^=!]+?)\s*(!=|==?)\s*(.*)$/.exec(requirement) ?? [];
  if (operator !== undefined) return (labels[key] === value) === (operator !== "!=");
  return requirement.startsWith("!") ? !(requirement.slice(1) in labels) : requirement in labels;
}

/** Whether an object's fields satisfy a field selector: `status.phase=Running,spec.nodeName!=`. */
export function fieldsMatch(selector: string, object: object): boolean {
  return selector.split(",").every((requirement) => {
    const [path = "", value = ""] = requirement.split(/!?==?/);
    const found = path.split(".").reduce<unknown>((at, key) => Object(at)[key], object);
    return (String(found ?? "") === value) === !requirement.includes("!=");
  });
}
