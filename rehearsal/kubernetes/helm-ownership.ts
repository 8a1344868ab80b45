import { described, type KubernetesObject, type ObjectReference, referenceTo } from "../api/objects";
import { isNamespaced } from "./kinds";

/** Which release is meant. */
export interface ReleaseName {
  readonly name: string;
  readonly namespace: string;
}

/** An object as Helm sends it: in the release's namespace unless it says otherwise, and marked as the release's own. */
export function owned(object: KubernetesObject, { name, namespace }: ReleaseName): KubernetesObject {
  const { metadata } = object;
  const place = isNamespaced(object.apiVersion, object.kind) ? { namespace: metadata.namespace ?? namespace } : {};
  const labels = { ...metadata.labels, "app.kubernetes.io/managed-by": "Helm" };
  const annotations = {
    ...metadata.annotations,
    "meta.helm.sh/release-name": name,
    "meta.helm.sh/release-namespace": namespace,
  };
  return { ...object, metadata: { ...metadata, ...place, labels, annotations } };
}

/** Why Helm does not take over an object that exists already; undefined when it is the release's own. */
export function ownershipProblem(live: KubernetesObject, { name, namespace }: ReleaseName): string | undefined {
  const { labels = {}, annotations = {} } = live.metadata;
  const wanted: [string, string, string | undefined][] = [
    ["label app.kubernetes.io/managed-by", "Helm", labels["app.kubernetes.io/managed-by"]],
    ["annotation meta.helm.sh/release-name", name, annotations["meta.helm.sh/release-name"]],
    ["annotation meta.helm.sh/release-namespace", namespace, annotations["meta.helm.sh/release-namespace"]],
  ];
  const wrong = wanted.filter(([, value, found]) => value !== found);
  if (wrong.length === 0) return undefined;
  const reasons = wrong.map(
    ([what, value, found]) => `${what} must be "${value}" (is ${JSON.stringify(found ?? null)})`,
  );
  return (
    `${described(referenceTo(live))} exists and cannot be imported into the current release: ` +
    `invalid ownership metadata; ${reasons.join("; ")}`
  );
}

/** Whether two references mean the same object, whatever the version of its kind. */
export function sameObject(one: ObjectReference, other: ObjectReference): boolean {
  const key = ({ apiVersion, kind, name, namespace }: ObjectReference) =>
    [apiVersion.includes("/") ? apiVersion.split("/")[0] : "", kind, namespace, name].join(" ");
  return key(one) === key(other);
}

/** Whether Helm leaves an object in place when its release no longer has it. */
export function isKept({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.["helm.sh/resource-policy"] === "keep";
}
