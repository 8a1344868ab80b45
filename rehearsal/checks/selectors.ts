/** A label selector as objects carry it. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly LabelExpression[];
}

/** One requirement of a label selector. */
export interface LabelExpression {
  readonly key: string;
  /** `In`, `NotIn`, `Exists` or `DoesNotExist`. */
  readonly operator: string;
  readonly values?: readonly string[];
}

/** Whether the selector takes in an object with these labels. An empty selector takes in all, a missing one none, as in Kubernetes. */
export function selects(
  selector: LabelSelector | null | undefined,
  labels: Readonly<Record<string, string>> = {},
): boolean {
  if (selector === undefined || selector === null) return false;
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value) &&
    (selector.matchExpressions ?? []).every((expression) => holds(expression, labels))
  );
}

/** The selector as one reads it: `app=web, tier in (a, b)`. */
export function selectorText({ matchLabels = {}, matchExpressions = [] }: LabelSelector): string {
  const parts = [
    ...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`),
    ...matchExpressions.map(({ key, operator, values }) =>
      values?.length ? `${key} ${operator} (${values.join(", ")})` : `${key} ${operator}`,
    ),
  ];
  return parts.length === 0 ? "everything" : parts.join(", ");
}

function holds({ key, operator, values = [] }: LabelExpression, labels: Readonly<Record<string, string>>): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      // Node selectors know two more.
      return value !== undefined && compares(operator, Number(value), Number(values[0]));
  }
}

function compares(operator: string, value: number, limit: number): boolean {
  if (operator === "Gt") return value > limit;
  if (operator === "Lt") return value < limit;
  throw new Error(`A selector has the operator ${operator}, which Kubernetes does not know. Mend the selector.`);
}
