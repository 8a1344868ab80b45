/** The value at a path such as `controller.service.type` inside Helm values; undefined where the path ends early. */
export function dig(values: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((inner, key) => (inner as Record<string, unknown> | undefined)?.[key], values);
}
