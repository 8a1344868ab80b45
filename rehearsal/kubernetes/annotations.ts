import type { Properties } from "../providers/provider";

/** Ends of the annotations `pulumi.com/…` that steer the provider. */
export type Steering =
  | "autonamed"
  | "skipAwait"
  | "waitFor"
  | "timeoutSeconds"
  | "replaceUnready"
  | "deletionPropagationPolicy";

/** The value of an annotation; undefined when it is absent or not known. */
export function steering(object: Properties, name: Steering): string | undefined {
  const value: unknown = object.metadata?.annotations?.[`pulumi.com/${name}`];
  return typeof value === "string" ? value : undefined;
}

/** Seconds that an operation may take: the program's customTimeouts, else the annotation, else ten minutes. */
export function allowedSeconds(object: Properties, customTimeout: number | undefined): number {
  if (customTimeout !== undefined) return customTimeout;
  const annotated = Number.parseInt(steering(object, "timeoutSeconds") ?? "", 10);
  return Number.isNaN(annotated) ? 600 : annotated;
}

/** How dependents of a deleted object go: before it, unless an annotation says otherwise. */
export function propagation(object: Properties): "Background" | "Foreground" | "Orphan" {
  const policy = steering(object, "deletionPropagationPolicy")?.toLowerCase();
  if (policy === "background") return "Background";
  return policy === "orphan" ? "Orphan" : "Foreground";
}
