import type { KubernetesObject } from "../api/objects";

/** What a Secret that somebody makes up is known by. */
export interface StandInSecret {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly keys: readonly string[];
  /** Default `Opaque`. */
  readonly type?: string;
}

/** A Secret with these keys, whose values nobody can do anything with. */
export function standInSecret({ name, namespace = "", keys, type = "Opaque" }: StandInSecret): KubernetesObject {
  const data = Object.fromEntries(keys.map((key) => [key, Buffer.from(`stands in for ${key}`).toString("base64")]));
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, type, data };
}
