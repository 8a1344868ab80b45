import { described, type KubernetesObject, type ObjectReference, referenceTo } from "../api/objects";
import { RELEASE } from "../kubernetes/kinds";
import type { Properties } from "../providers/provider";
import { notRun, type Verdict, verdict } from "../verdict";
import { type CheckContext, isPermissive, objectBasis, type PlannedObject, type ReleaseRecord } from "./context";
import type { Snapshot } from "./snapshot";
import { isClosed, missingPaths } from "./subset";

/** Every object of the stack is in the API server, as it was sent. For kinds with a permissive CRD the schema is not judged. */
export function checkAccepted(context: CheckContext): Verdict[] {
  const { snapshot, releases } = context;
  const objects = context.plannedObjects.filter(isKubernetesObject);
  const kinds = new Set(objects.map((planned) => referenceOf(planned).kind));
  const charts = releases.reduce((sum, release) => sum + release.objects.length, 0);
  const findings = [
    ...objects.flatMap((planned) => differences(planned, snapshot)),
    ...releases.flatMap((release) => lost(release, snapshot)),
  ];
  return [
    verdict(
      "the API server has every object as it was sent",
      `${objects.length} objects of ${kinds.size} kinds, and ${charts} of ${releases.length} charts`,
      findings,
      objectBasis(context, [...kinds]),
    ),
    ...[...kinds]
      .filter((kind) => isPermissive(context, kind))
      .map((kind) =>
        notRun(`schema of ${kind}`, "its CRD here accepts anything; give the folder of the real ones with --crds"),
      ),
  ];
}

/** `apiVersion Kind` of every Kubernetes object of the stack: what must be read of the cluster. */
export function plannedKinds(objects: readonly PlannedObject[]): string[] {
  const references = objects.filter(isKubernetesObject).map(referenceOf);
  return [...new Set(references.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))];
}

function isKubernetesObject({ type }: PlannedObject): boolean {
  return type.startsWith("kubernetes:") && type !== RELEASE;
}

function referenceOf({ type, name, inputs, outputs }: PlannedObject): ObjectReference {
  const [, token = "", kind = ""] = type.split(":");
  const metadata = { ...outputs.metadata, ...inputs.metadata };
  return {
    apiVersion: inputs.apiVersion ?? token.replace(/^core\//, ""),
    kind: inputs.kind ?? kind,
    name: metadata.name ?? name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
  };
}

function differences(planned: PlannedObject, snapshot: Snapshot): string[] {
  const reference = referenceOf(planned);
  const live = liveObject(snapshot, reference);
  if (live === undefined)
    return [`${described(reference)}: is not in the API server. Look at what its create answered.`];
  const paths = missingPaths(asStored(planned.inputs), live);
  if (paths.length === 0) return [];
  return [`${described(reference)}: ${paths.join(", ")} is not as it was sent. Find who changed or dropped it.`];
}

function lost(release: ReleaseRecord, snapshot: Snapshot): string[] {
  return release.objects
    .map((object) => withNamespace(object, release, snapshot))
    .filter((reference) => liveObject(snapshot, reference) === undefined && snapshot.all(reference.kind).length > 0)
    .map(
      (reference) => `${described(reference)}: release ${release.name} made it, but it is gone. Find who deleted it.`,
    );
}

/** Charts leave the release's own namespace out; cluster-scoped kinds never have one. */
function withNamespace(object: KubernetesObject, release: ReleaseRecord, snapshot: Snapshot): ObjectReference {
  const reference = referenceTo(object);
  const namespaced = snapshot.all(object.kind).some(({ metadata }) => metadata.namespace !== undefined);
  return namespaced ? { namespace: release.namespace, ...reference } : reference;
}

function liveObject(snapshot: Snapshot, { apiVersion, kind, name, namespace }: ObjectReference) {
  return snapshot
    .all(kind, namespace)
    .find((object) => object.metadata.name === name && groupOf(object.apiVersion) === groupOf(apiVersion));
}

/** Versions of a group show the same objects. */
function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.replace(/\/.*/, "") : "";
}

/** Inputs as the API server keeps them: without what only the provider reads, and with the text of Secrets encoded. */
function asStored(inputs: Properties): Properties {
  const { stringData, metadata, ...rest } = inputs;
  const annotations = Object.entries(metadata?.annotations ?? {}).filter(([key]) => !key.startsWith("pulumi.com/"));
  return {
    ...rest,
    metadata: { ...metadata, annotations: Object.fromEntries(annotations) },
    ...(isOpen(stringData) ? { data: { ...rest.data, ...encoded(stringData) } } : {}),
  };
}

function isOpen(stringData: unknown): stringData is Record<string, unknown> {
  return typeof stringData === "object" && stringData !== null && !isClosed(stringData);
}

function encoded(stringData: Record<string, unknown>): Properties {
  const texts = Object.entries(stringData).filter(([, value]) => typeof value === "string");
  return Object.fromEntries(texts.map(([key, value]) => [key, Buffer.from(String(value)).toString("base64")]));
}
