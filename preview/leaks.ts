import type { RecordedResource, Recording } from "./recorder";
import { leaves } from "./redaction";
import { encodedForms, SHORTEST_PATTERN, TextSearch } from "./text-search";

/** In an object that is secret as a whole, the members that are the reason for it. */
const CREDENTIAL = /pass|secret|token|key|salt|credential|auth|dsn|url/i;

/**
 * Secrets that stand in plain text somewhere: in inputs, Helm values, manifests, names or outputs, as they are or encoded.
 * One line for each place; none contains the secret.
 */
export function plaintextSecrets(recording: Recording): string[] {
  const search = new TextSearch(secretTexts(recording).flatMap(encodedForms));
  return recording.resources.flatMap((resource) => [
    ...(search.foundIn(resource.name) ? [`a ${resource.type}: its name holds a secret. Names are never secret.`] : []),
    ...openPaths(search, resource.inputs).map(
      (path) => `${resource.urn}: ${path} holds a secret in plain text. Keep it an Output, or refer to its Secret.`,
    ),
    ...openPaths(search, resource.outputs ?? {}).map(
      (path) =>
        `${resource.urn}: its output ${path} shows a secret in plain text. Wrap it in pulumi.secret, or leave it out.`,
    ),
  ]);
}

function openPaths(search: TextSearch, values: Record<string, unknown>): string[] {
  return [...leaves(values)]
    .filter(({ path, value, secret }) => !secret && (search.foundIn(String(value)) || search.foundIn(path)))
    .map(({ path }) => (search.foundIn(path) ? "a key" : path));
}

/** What must not be seen: secret outputs, secret settings, and every text that the program marked secret. */
function secretTexts(recording: Recording): string[] {
  const texts = recording.resources.flatMap((resource) => markedTexts(resource));
  return [...recording.secrets, ...texts].filter((text) => text.length >= SHORTEST_PATTERN);
}

function markedTexts(resource: RecordedResource): string[] {
  return [...leaves(resource.inputs)]
    .filter(({ path, secret, marked }) => marked || (secret && CREDENTIAL.test(path.split(/[.[]/).at(-1) ?? "")))
    .flatMap(({ value }) => (typeof value === "string" ? [value] : []));
}
