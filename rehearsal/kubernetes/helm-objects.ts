import { ApiError, type KubernetesApi } from "../api/api";
import { described, type KubernetesObject, referenceTo } from "../api/objects";
import { isKept, ownershipProblem, type ReleaseName, sameObject } from "./helm-ownership";
import { threeWayPatch } from "./merge-patch";
import { type Patience, READY, type Readiness, waiting } from "./patience";
import { podTroubles } from "./pod-troubles";
import { hasAddress, readiness } from "./readiness";
import { conditionStatus } from "./wait-for";

/** Makes the CRDs of a chart's own folder that do not exist yet; those that do are never upgraded. */
export async function installDefinitions(
  api: KubernetesApi,
  definitions: readonly KubernetesObject[],
  patience: Patience,
): Promise<void> {
  for (const definition of definitions) {
    if ((await api.read(referenceTo(definition))) === undefined) await api.create(definition);
  }
  for (const definition of definitions) {
    const reference = referenceTo(definition);
    await patience.until(described(reference), 60, async () => {
      const live = await api.read(reference);
      return live !== undefined && isEstablished(live) ? READY : waiting("it is not established");
    });
  }
}

/** Throws when one of `objects` exists and is not the release's own. */
export async function refuseForeign(
  api: KubernetesApi,
  objects: readonly KubernetesObject[],
  release: ReleaseName,
  action: "install" | "update",
): Promise<void> {
  for (const object of objects) {
    const live = await api.read(referenceTo(object));
    const problem = live === undefined ? undefined : ownershipProblem(live, release);
    if (problem !== undefined) throw new Error(`Unable to continue with ${action}: ${problem}`);
  }
}

/** Brings the cluster from `before` to `now`; those that had to be made are added to `created` as soon as they are. */
export async function bringTo(
  api: KubernetesApi,
  before: readonly KubernetesObject[],
  now: readonly KubernetesObject[],
  created: KubernetesObject[],
): Promise<void> {
  for (const object of now) {
    const reference = referenceTo(object);
    const live = await api.read(reference);
    if (live === undefined) {
      await api.create(object).catch((error) => {
        throw new Error(`failed to create ${described(reference)}: ${error.message}`);
      });
      created.push(object);
      continue;
    }
    const original = before.find((one) => sameObject(referenceTo(one), reference));
    const patch = threeWayPatch(original, object, live);
    if (patch === undefined) continue;
    await api.patch(reference, patch).catch((error) => {
      throw new Error(`cannot patch "${reference.name}" with kind ${reference.kind}: ${error.message}`);
    });
  }
  await removeAll(api, vanished(before, now));
}

/** Objects that `now` no longer has, except those that ask to be kept. */
export function vanished(before: readonly KubernetesObject[], now: readonly KubernetesObject[]): KubernetesObject[] {
  const stays = (object: KubernetesObject) => now.some((one) => sameObject(referenceTo(one), referenceTo(object)));
  return before.filter((object) => !stays(object) && !isKept(object));
}

/** Deletes objects in the background, the last made first. Those that are gone, or whose kind is, are fine. */
export async function removeAll(api: KubernetesApi, objects: readonly KubernetesObject[]): Promise<void> {
  for (const object of [...objects].reverse()) {
    await api.delete(referenceTo(object), "Background").catch((error) => {
      if (!(error instanceof ApiError && error.code === 404)) throw error;
    });
  }
}

/** Waits until workloads, claims, load balancers and CRDs are ready, and Jobs complete if asked for. */
export async function awaitReady(
  api: KubernetesApi,
  objects: readonly KubernetesObject[],
  { patience, seconds, jobs }: { readonly patience: Patience; readonly seconds: number; readonly jobs: boolean },
): Promise<void> {
  const awaited = objects.filter(({ kind }) => AWAITED.has(kind) || (jobs && kind === "Job"));
  // All waits run at the same time, so that they share one limit as in Helm.
  const waits = awaited.map(async (object) => {
    const reference = referenceTo(object);
    let last = object;
    const probe = async () => {
      last = (await api.read(reference)) ?? last;
      return helmReadiness(last);
    };
    await patience.until(described(reference), seconds, probe).catch(async (error) => {
      const troubles = await podTroubles(api, last);
      throw new Error(`${error.message}${troubles === "" ? "" : ` (${troubles})`}`);
    });
  });
  const failures = (await Promise.allSettled(waits)).filter((one) => one.status === "rejected");
  if (failures.length > 0) throw new Error(failures.map(({ reason }) => reason.message).join("; "));
}

/** Waits until objects are gone. */
export async function awaitGone(
  api: KubernetesApi,
  objects: readonly KubernetesObject[],
  { patience, seconds }: { readonly patience: Patience; readonly seconds: number },
): Promise<void> {
  const what = `deletion of ${objects.length} objects`;
  await patience.until(what, seconds, async () => {
    const left = await Promise.all(objects.map((object) => api.read(referenceTo(object))));
    const present = left.filter((object) => object !== undefined);
    const names = present.slice(0, 5).map((object) => described(referenceTo(object)));
    return present.length === 0 ? READY : waiting(`still there: ${names.join(", ")}`);
  });
}

const AWAITED: ReadonlySet<string> = new Set([
  "CustomResourceDefinition",
  "DaemonSet",
  "Deployment",
  "PersistentVolumeClaim",
  "Pod",
  "Service",
  "StatefulSet",
]);

/** Helm is stricter with claims than the provider, and does not look at the addresses behind a Service. */
function helmReadiness(object: KubernetesObject): Readiness {
  switch (object.kind) {
    case "CustomResourceDefinition":
      return isEstablished(object) ? READY : waiting("it is not established");
    case "Service":
      return object.spec?.type !== "LoadBalancer" || hasAddress(object)
        ? READY
        : waiting("it was not given an address");
    default:
      return readiness(object);
  }
}

function isEstablished(definition: KubernetesObject): boolean {
  return conditionStatus(definition, "Established") === "True";
}
