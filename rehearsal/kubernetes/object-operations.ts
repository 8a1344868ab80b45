import { ApiError, type KubernetesApi } from "../api/api";
import { described, type KubernetesObject, referenceTo } from "../api/objects";
import { SECOND } from "../clock";
import { type CallOptions, PartialFailure, type Properties, type ResourceState } from "../providers/provider";
import { allowedSeconds, propagation, steering } from "./annotations";
import { FIELD_MANAGER, takeOverFields } from "./field-managers";
import { idOf, objectOf, referenceOf } from "./kinds";
import { comparable, kept, liveInputs } from "./live-shape";
import { type Patience, READY, waiting } from "./patience";
import { podTroubles } from "./pod-troubles";
import { readiness, relatedTo } from "./readiness";
import { waitedFor } from "./wait-for";

/** How often, and after how many seconds each time, a creation is repeated whose namespace or kind does not exist yet. */
const CREATION_PAUSES = [1, 2, 4, 8, 16];

/** What operations on single objects need. */
export interface Surroundings {
  readonly api: KubernetesApi;
  readonly patience: Patience;
}

/** Creates an object and waits until it is ready. */
export async function createObject(at: Surroundings, inputs: Properties, options: CallOptions): Promise<ResourceState> {
  const created = await posted(at, objectOf(comparable(inputs)));
  return { id: idOf(created), state: await settled(at, created, inputs, options) };
}

/** Brings an object to its new inputs by server-side apply and waits until it is ready. */
export async function updateObject(at: Surroundings, now: Properties, options: CallOptions): Promise<Properties> {
  const object = objectOf(comparable(now));
  const reference = referenceTo(object);
  const live = await at.api.read(reference);
  if (live === undefined) throw new Error(`update of ${described(reference)} failed: it is not in the cluster`);
  let applied: KubernetesObject;
  try {
    await takeOverFields(at.api, reference);
    applied = await at.api.apply(object, FIELD_MANAGER);
  } catch (error) {
    throw new PartialFailure(`update of ${described(reference)} failed: ${text(error)}`, idOf(live), kept(live));
  }
  return settled(at, applied, now, options);
}

/** Deletes an object and waits until it is gone. */
export async function deleteObject(
  at: Surroundings,
  token: string,
  id: string,
  state: Properties,
  options: CallOptions,
): Promise<void> {
  const reference = referenceOf(token, id);
  if (!(await at.api.delete(reference, propagation(state)))) return;
  if (steering(state, "skipAwait") === "true" && DELETED_UNAWAITED.has(reference.kind)) return;
  await at.patience.until(
    `deletion of ${described(reference)}`,
    allowedSeconds(state, options.timeoutSeconds),
    async () => {
      const left = await at.api.read(reference);
      if (left === undefined || left.metadata.uid !== (state.metadata?.uid ?? left.metadata.uid)) return READY;
      const { finalizers = [] } = left.metadata;
      return waiting(
        finalizers.length === 0 ? "it is still there" : `its finalizers are left: ${finalizers.join(", ")}`,
      );
    },
  );
}

/** What is there of an object, and the inputs that it amounts to; undefined when it is gone. */
export async function readObject(
  { api }: Surroundings,
  token: string,
  id: string,
  inputs: Properties,
): Promise<{ readonly inputs: Properties; readonly state: Properties } | undefined> {
  const live = await api.read(referenceOf(token, id));
  if (live === undefined) return undefined;
  // Without inputs this is an import: everything that is there becomes an input.
  const words = inputs.kind === undefined ? importedInputs(live) : liveInputs(live, inputs);
  return { inputs: words, state: kept(live) };
}

/** Kinds whose deletion `pulumi.com/skipAwait` does not wait for. */
const DELETED_UNAWAITED: ReadonlySet<string> = new Set([
  "DaemonSet",
  "Deployment",
  "Job",
  "Namespace",
  "Pod",
  "ReplicationController",
  "StatefulSet",
]);

async function posted(at: Surroundings, object: KubernetesObject, pauses = CREATION_PAUSES): Promise<KubernetesObject> {
  try {
    return await at.api.create(object);
  } catch (error) {
    const [pause, ...later] = pauses;
    const absent = error instanceof ApiError && error.code === 404;
    if (!absent || pause === undefined || at.patience.ended) {
      const what = described(referenceTo(object));
      throw new Error(`${what} was not successfully created by the Kubernetes API server: ${text(error)}`);
    }
    await at.patience.pause(pause * SECOND * 1000);
    return posted(at, object, later);
  }
}

/** Waits until a made object is ready; what is not ready in time is in the state all the same. */
async function settled(
  at: Surroundings,
  made: KubernetesObject,
  inputs: Properties,
  options: CallOptions,
): Promise<Properties> {
  let live = made;
  const reference = referenceTo(made);
  const annotation = steering(inputs, "waitFor");
  const probe = async () => {
    live = (await at.api.read(reference)) ?? live;
    if (annotation !== undefined) return waitedFor(live, annotation);
    return readiness(live, await relatedTo(at.api, live));
  };
  try {
    if (steering(inputs, "skipAwait") !== "true")
      await at.patience.until(described(reference), allowedSeconds(inputs, options.timeoutSeconds), probe);
  } catch (error) {
    const troubles = await podTroubles(at.api, live);
    const message =
      `${described(reference)} was successfully created or changed, but the Kubernetes API server reported that it ` +
      `failed to fully initialize or become live: ${text(error)}${troubles === "" ? "" : ` (${troubles})`}`;
    throw new PartialFailure(message, idOf(live), kept(live));
  }
  return kept(live);
}

function importedInputs(live: KubernetesObject): Properties {
  const { status, metadata, ...rest } = live;
  const { name, namespace, labels, annotations } = metadata;
  return { ...rest, metadata: { name, namespace, labels, annotations } };
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
