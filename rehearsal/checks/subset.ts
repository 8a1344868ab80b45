/** Key under which the engine closes a secret in exported state. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";

/**
 * Paths at which `live` lacks what was sent as `sent`. The API server may add fields and list items, write quantities another way
 * (`1000m` is `1`), and leave out what is empty or zero. Closed secrets are not compared.
 */
export function missingPaths(sent: unknown, live: unknown, path = ""): string[] {
  if (isEmpty(sent) && isEmpty(live)) return [];
  if (Array.isArray(sent)) return missingItems(sent, live, path);
  if (typeof sent === "object" && sent !== null) {
    if (isClosed(sent)) return missingSecret(sent, live, path);
    const fields = typeof live === "object" && live !== null ? (live as Record<string, unknown>) : {};
    return Object.entries(sent).flatMap(([key, value]) =>
      missingPaths(value, fields[key], path === "" ? key : `${path}.${key}`),
    );
  }
  return sameScalar(sent, live) ? [] : [path];
}

function missingItems(sent: readonly unknown[], live: unknown, path: string): string[] {
  const items = Array.isArray(live) ? live : [];
  return sent.flatMap((item, index) =>
    items.some((other) => missingPaths(item, other).length === 0)
      ? []
      : // Where the place of the item is plain, the path goes on into it.
        closest(item, items, index, `${path}[${index}]`),
  );
}

function closest(item: unknown, items: readonly unknown[], index: number, path: string): string[] {
  const name = (item as { name?: unknown } | null)?.name;
  const namesake = items.find((one) => name !== undefined && (one as { name?: unknown } | null)?.name === name);
  const other = namesake ?? items[index];
  return other === undefined ? [path] : missingPaths(item, other, path);
}

function missingSecret(sent: object, live: unknown, path: string): string[] {
  const { plaintext } = sent as { plaintext?: string };
  return plaintext === undefined ? [] : missingPaths(JSON.parse(plaintext), live, path);
}

/** Whether the engine has closed the value: it stands for a secret. */
export function isClosed(value: object): boolean {
  return SIGNATURE in value;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function sameScalar(sent: unknown, live: unknown): boolean {
  if (sent === live) return true;
  const [one, other] = [quantity(sent), quantity(live)];
  return one !== undefined && other !== undefined && Math.abs(one - other) <= Math.abs(one) * 1e-9;
}

const SUFFIXES: Readonly<Record<string, number>> = { "": 1, n: 1e-9, u: 1e-6, m: 1e-3 };
for (const [index, letter] of ["k", "M", "G", "T", "P", "E"].entries()) {
  Object.assign(SUFFIXES, { [letter]: 1000 ** (index + 1), [`${letter.toUpperCase()}i`]: 1024 ** (index + 1) });
}

/** The number behind any of Kubernetes' quantities; undefined for what is none. */
function quantity(value: unknown): number | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const [, amount, suffix = ""] = /^([+-]?\d+(?:\.\d+)?(?:e\d+)?)([A-Za-z]{0,2})$/.exec(String(value)) ?? [];
  const factor = SUFFIXES[suffix];
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor;
}
