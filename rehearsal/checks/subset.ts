import { runtime } from "@pulumi/pulumi";
import { sameAmount } from "../kubernetes/quantity";

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
  return runtime.isRpcSecret(value);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false || value === 0) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function sameScalar(sent: unknown, live: unknown): boolean {
  return sent === live || sameAmount(sent, live);
}
