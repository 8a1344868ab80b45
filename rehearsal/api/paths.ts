import type { ListFilter } from "./api";
import type { ResourceKind } from "./discovery";

/** Where the server lists the kinds of a group: the core group is older than groups. */
export function groupPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

/** Path of a kind's objects: those of one namespace, or of all when none is given. Namespaces mean nothing to cluster-wide kinds. */
export function collectionPath(apiVersion: string, kind: ResourceKind, namespace: string | undefined): string {
  const inNamespace = kind.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${groupPath(apiVersion)}${inNamespace}/${kind.plural}`;
}

/** Path of one object; without a namespace it is looked for in `default`, as kubectl does. */
export function objectPath(
  apiVersion: string,
  kind: ResourceKind,
  { name, namespace = "default" }: { readonly name: string; readonly namespace?: string },
): string {
  return `${collectionPath(apiVersion, kind, namespace)}/${encodeURIComponent(name)}`;
}

/** `?labelSelector=app%3Dweb`, or nothing. */
export function listQuery({ labelSelector, fieldSelector }: ListFilter): string {
  return query({
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(fieldSelector === undefined ? {} : { fieldSelector }),
  });
}

/** `?a=1&b=2`, or nothing. */
export function query(parameters: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(parameters).toString();
  return text === "" ? "" : `?${text}`;
}
