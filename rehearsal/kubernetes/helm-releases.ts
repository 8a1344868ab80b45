import type { KubernetesApi } from "../api/api";
import type { KubernetesObject } from "../api/objects";
import { referenceTo } from "../api/objects";
import { type ChartInstaller, chartName, type ReleaseObjects, type ReleaseRequest } from "../charts/chart-installer";
import { PartialFailure, type Properties, type ResourceState } from "../providers/provider";
import { optionsOf, requestOf, stateOf } from "./helm-inputs";
import { awaitGone, awaitReady, bringTo, installDefinitions, refuseForeign, removeAll } from "./helm-objects";
import { isKept, owned, sameObject } from "./helm-ownership";
import {
  history,
  manifestOf,
  marked,
  objectsIn,
  type ReleaseRecord,
  type ReleaseStatus,
  secretOf,
} from "./helm-record";
import type { Patience } from "./patience";

/** A release that was installed or upgraded, with all that its chart consists of. */
export interface InstalledRelease {
  readonly request: ReleaseRequest;
  readonly objects: ReleaseObjects;
}

/** What an operation on releases needs. */
export interface HelmSurroundings {
  readonly api: KubernetesApi;
  readonly patience: Patience;
}

/** Installs, upgrades and uninstalls releases as Helm 3 does, its records and its refusals included. */
export class HelmReleases {
  /** By `namespace/name`. */
  readonly installed = new Map<string, InstalledRelease>();

  constructor(private readonly charts: ChartInstaller) {}

  /** A new release: refused when its name is taken, recorded as pending until its objects are ready. */
  async install(at: HelmSurroundings, inputs: Properties): Promise<ResourceState> {
    const request = requestOf(inputs);
    const last = (await history(at.api, request.namespace, request.name)).at(-1);
    if (last !== undefined) {
      const { version, info } = last;
      const found = `revision ${version} of ${request.namespace}/${request.name} is ${info.status}`;
      throw new Error(`cannot re-use a name that is still in use (${found})`);
    }
    const chart = await this.charts.objectsOf(request);
    const { skipCrds } = optionsOf(inputs);
    if (!skipCrds) await installDefinitions(at.api, chart.customResourceDefinitions, at.patience);
    const objects = chart.objects.map((object) => owned(object, request));
    await refuseForeign(at.api, objects, request, "install");
    const record = recordOf(request, objects, 1, "pending-install");
    await at.api.create(secretOf(record));
    this.installed.set(keyOf(request), { request, objects: chart });
    return { id: keyOf(request), state: await this.carriedOut(at, inputs, record, []) };
  }

  /** The next revision of a release: refused while another operation is under way, or seems to be after a kill. */
  async upgrade(at: HelmSurroundings, inputs: Properties): Promise<Properties> {
    const request = requestOf(inputs);
    const revisions = await history(at.api, request.namespace, request.name);
    const current = revisionToUpgrade(request.name, revisions);
    const chart = await this.charts.objectsOf(request);
    const objects = chart.objects.map((object) => owned(object, request));
    const before = objectsIn(current.manifest);
    const added = objects.filter((one) => !before.some((other) => sameObject(referenceTo(one), referenceTo(other))));
    await refuseForeign(at.api, added, request, "update");
    const revision = (revisions.at(-1)?.version ?? 0) + 1;
    const record = recordOf(request, objects, revision, "pending-upgrade");
    await at.api.create(secretOf(record));
    this.installed.set(keyOf(request), { request, objects: chart });
    const state = await this.carriedOut(at, inputs, record, before);
    for (const { version, info } of revisions) {
      const deployed = revisions.find((one) => one.version === version && info.status === "deployed");
      if (deployed !== undefined) await marked(at.api, deployed, "superseded", info.description);
    }
    await forget(at.api, [...revisions, record], optionsOf(inputs).maxHistory);
    return state;
  }

  /** Takes a release away. Its records go even when some of its objects do not, as with Helm; CRDs stay. */
  async uninstall(at: HelmSurroundings, state: Properties): Promise<void> {
    const { name, namespace } = requestOf(state);
    const { skipAwait, timeoutSeconds: seconds } = optionsOf(state);
    const revisions = await history(at.api, namespace, name);
    const last = revisions.at(-1);
    if (last === undefined) throw new Error(`uninstall: Release not loaded: ${name}: release: not found`);
    await marked(at.api, last, "uninstalling", "Deletion in progress (or silently failed)");
    const objects = objectsIn(last.manifest).filter((object) => !isKept(object));
    const failure = await removeAll(at.api, objects)
      .then(() => (skipAwait ? undefined : awaitGone(at.api, objects, { patience: at.patience, seconds })))
      .then(
        () => undefined,
        (error: Error) => error,
      );
    await forget(at.api, revisions, undefined);
    this.installed.delete(keyOf({ name, namespace }));
    if (failure !== undefined)
      throw new Error(`uninstallation of ${namespace}/${name} completed with 1 error(s): ${failure.message}`);
  }

  /** How a release is; undefined when there is no record of it. */
  async read(at: HelmSurroundings, inputs: Properties, state: Properties) {
    const { name, namespace } = requestOf(state);
    const last = (await history(at.api, namespace, name)).at(-1);
    return last === undefined ? undefined : { inputs, state: stateOf({ ...inputs, values: last.config }, last) };
  }

  /** Makes the objects of a pending record and waits for them; what fails is recorded as failed. */
  private async carriedOut(
    { api, patience }: HelmSurroundings,
    inputs: Properties,
    record: ReleaseRecord,
    before: readonly KubernetesObject[],
  ): Promise<Properties> {
    const { timeoutSeconds: seconds, skipAwait, waitForJobs: jobs, cleanupOnFail } = optionsOf(inputs);
    const objects = objectsIn(record.manifest);
    const created: KubernetesObject[] = [];
    const upgrades = record.info.status === "pending-upgrade";
    try {
      await bringTo(api, before, objects, created);
      if (!skipAwait) await awaitReady(api, objects, { patience, seconds, jobs });
      const description = upgrades ? "Upgrade complete" : "Install complete";
      return stateOf(inputs, await marked(api, record, "deployed", description));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const failed = await marked(api, record, "failed", message);
      // Helm cleans up after a failed upgrade alone.
      if (upgrades && cleanupOnFail) await removeAll(api, created);
      const id = keyOf(record);
      const what = upgrades ? "failed to initialize completely" : "was created, but failed to initialize completely";
      const text = `Helm release "${id}" ${what}. Use Helm CLI to investigate: failed to become available: ${message}`;
      throw new PartialFailure(text, id, stateOf(inputs, failed));
    }
  }
}

/** The revision whose objects are there: the deployed one, else the last one if that failed. */
export function revisionToUpgrade(name: string, revisions: readonly ReleaseRecord[]): ReleaseRecord {
  const last = revisions.at(-1);
  if (last?.info.status.startsWith("pending-")) {
    const remedy = `delete the Secret ${secretOf(last).metadata.name} in ${last.namespace} if no operation is under way`;
    throw new Error(`another operation (install/upgrade/rollback) is in progress: ${last.info.status}; ${remedy}`);
  }
  const deployed = revisions.findLast(({ info }) => info.status === "deployed");
  const usable = last?.info.status === "failed" || last?.info.status === "superseded" ? last : undefined;
  const found = deployed ?? usable;
  if (found === undefined) throw new Error(`"${name}" has no deployed releases`);
  return found;
}

function recordOf(
  request: ReleaseRequest,
  objects: readonly KubernetesObject[],
  version: number,
  status: ReleaseStatus,
): ReleaseRecord {
  const { name, namespace, values } = request;
  const description = version === 1 ? "Initial install underway" : "Preparing upgrade";
  return {
    name,
    namespace,
    version,
    info: { status, description, last_deployed: new Date().toISOString() },
    chart: { metadata: { name: chartName(request), version: request.version } },
    config: values,
    manifest: manifestOf(objects),
  };
}

/** Deletes the oldest records until `most` are left; 0 keeps all, undefined none. */
async function forget(api: KubernetesApi, records: readonly ReleaseRecord[], most: number | undefined): Promise<void> {
  const count = most === undefined ? records.length : most === 0 ? 0 : Math.max(0, records.length - most);
  for (const record of records.slice(0, count)) await api.delete(referenceTo(secretOf(record)), "Background");
}

function keyOf({ name, namespace }: { readonly name: string; readonly namespace: string }): string {
  return `${namespace}/${name}`;
}
