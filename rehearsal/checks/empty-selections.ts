import { type LabelSelector, selectorText } from "./selectors";

/** Something that nothing need match while the platform rests, by labels that its selector asks for. */
interface Exception {
  readonly labels: Readonly<Record<string, string>>;
  readonly reason: string;
}

/** What may select nothing, each with the reason. */
const EMPTY_AT_REST: readonly Exception[] = [
  {
    labels: { "acme.cert-manager.io/http01-solver": "true" },
    reason: "cert-manager makes the pod for the minutes of a challenge",
  },
];

/**
 * What is wrong when a selector takes in `count` objects: nothing is selected and no exception says why, or there is an
 * exception and it is not needed. `subject` begins the sentence, `what` is what it selects.
 */
export function selectionFindings(subject: string, what: string, selector: LabelSelector, count: number): string[] {
  const labels = selector.matchLabels ?? {};
  const exception = EMPTY_AT_REST.find((one) =>
    Object.entries(one.labels).every(([key, value]) => labels[key] === value),
  );
  if (count === 0 && exception === undefined) {
    return [`${subject}: selects no ${what} (${selectorText(selector)}). Mend the labels, or leave it out.`];
  }
  if (count > 0 && exception !== undefined) {
    return [`${subject}: selects ${count}, but is excused (${exception.reason}). Take it off the list of exceptions.`];
  }
  return [];
}
