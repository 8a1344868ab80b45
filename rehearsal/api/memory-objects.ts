import { merged } from "../kubernetes/merge-patch";
import { type KubernetesObject, type ObjectReference, referenceTo } from "./objects";

/** The key of an object, whatever the version of its kind. */
export function keyOf({ apiVersion, kind, namespace, name }: ObjectReference): string {
  const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
  return [group, kind, namespace ?? "", name].join("|");
}

/** `object` as the API server stores it: a Secret's text is encoded. */
export function stored(object: KubernetesObject): KubernetesObject {
  const { stringData, ...rest } = structuredClone(object);
  if (object.kind !== "Secret" || stringData === undefined)
    return { ...rest, ...(stringData ? { stringData } : {}) } as KubernetesObject;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(String(text)).toString("base64")]);
  return { ...rest, data: { ...object.data, ...Object.fromEntries(encoded) } } as KubernetesObject;
}

/**
 * `live` after one manager applied `wanted` where it had applied `before`: what it no longer states is gone, what others set
 * stays. Lists are taken as a whole.
 */
export function applied(live: KubernetesObject, before: KubernetesObject, wanted: KubernetesObject): KubernetesObject {
  return merged(merged(live, removals(before, wanted)), wanted) as KubernetesObject;
}

/** A merge patch that removes what `before` has and `now` has not. */
function removals(before: unknown, now: unknown): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(Object(before))) {
    const kept: unknown = Object(now)[key];
    if (kept === undefined) patch[key] = null;
    else if (isMap(value) && isMap(kept)) patch[key] = removals(value, kept);
  }
  return patch;
}

/** Whether two objects ask for the same: metadata and status aside. */
export function asksForTheSame(one: KubernetesObject, other: KubernetesObject): boolean {
  const asked = ({ metadata, status, ...rest }: KubernetesObject) => JSON.stringify(rest);
  return asked(one) === asked(other);
}

/** The slice of addresses behind a Service that has a selector: one pod that is ready. */
export function endpointSliceFor(service: KubernetesObject): KubernetesObject | undefined {
  const { name, namespace = "default", uid = "" } = service.metadata;
  if (service.kind !== "Service" || service.spec?.selector === undefined) return undefined;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    addressType: "IPv4",
    metadata: {
      name: `${name}-memory`,
      namespace,
      labels: { "kubernetes.io/service-name": name },
      ownerReferences: [{ ...referenceTo(service), uid }],
    },
    endpoints: [{ addresses: ["10.0.0.1"], conditions: { ready: true } }],
  };
}

function isMap(value: unknown): boolean {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}
