import { isClusterScoped } from "../../preview/checks";
import type { KubernetesObject, ObjectReference } from "../api/objects";
import type { Properties } from "../providers/provider";

/** Type of a Helm release in a program; every other type of the package is a Kubernetes kind. */
export const RELEASE = "kubernetes:helm.sh/v3:Release";

/** What a type token of the package names: `kubernetes:apps/v1:Deployment`, `kubernetes:core/v1:Secret`. */
export function kindOfToken(token: string): { readonly apiVersion: string; readonly kind: string } {
  const [, groupVersion = "", kind = ""] = token.split(":");
  return { apiVersion: groupVersion.replace(/^core\//, ""), kind };
}

/** Whether objects of the kind live in a namespace; kinds that are not known are taken to. */
export function isNamespaced(apiVersion: string, kind: string): boolean {
  const groupVersion = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
  return !isClusterScoped(`kubernetes:${groupVersion}:${kind}`);
}

/** Whether the API server itself defines the kind: it then knows quantities and drops empty members. */
export function isBuiltIn(apiVersion: string): boolean {
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
  return !group.includes(".") || group.endsWith(".k8s.io");
}

/** Inputs of a resource that are fully known, as the object to send. */
export function objectOf(inputs: Properties): KubernetesObject {
  const { apiVersion, kind, metadata } = inputs;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof metadata?.name !== "string")
    throw new Error(
      `An object needs apiVersion, kind and metadata.name (got ${apiVersion}, ${kind}, ${metadata?.name}).`,
    );
  return { ...inputs, apiVersion, kind, metadata };
}

/** The id that the engine keeps: `namespace/name`, or the name alone outside namespaces. */
export function idOf({ metadata: { name, namespace } }: KubernetesObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Which object an id of a resource of type `token` means. */
export function referenceOf(token: string, id: string): ObjectReference {
  const [first = "", name] = id.split("/");
  return name === undefined
    ? { ...kindOfToken(token), name: first }
    : { ...kindOfToken(token), name, namespace: first };
}
