import type { KubernetesApi } from "../api/api";
import { type KubernetesObject, referenceTo } from "../api/objects";
import { isReady } from "../checks/pods";
import { readiness } from "../kubernetes/readiness";
import { type Family, type Host, hostsOf, KEEPERS, SERVERS, scopeLabels } from "./clickhouse-hosts";
import { commonObjects, hostObjects, sharedServices } from "./clickhouse-objects";
import { dataTemplate, statefulSetOf } from "./clickhouse-pods";
import { type OperatorSettings, settingsOf } from "./clickhouse-settings";
import { unlessGone } from "./loop";
import type { Operator, Work } from "./operator";

/** Kinds of what the operator makes; claims apart. */
const MADE = [
  ["apps/v1", "StatefulSet"],
  ["v1", "Service"],
  ["v1", "ConfigMap"],
  ["policy/v1", "PodDisruptionBudget"],
] as const;

/** The Altinity operator: hosts of ClickHouse and of Keeper, one after the other. No query is ever answered. */
export class ClickHouseOperator implements Operator {
  readonly name = "clickhouse-operator";
  readonly pods = "app.kubernetes.io/name=altinity-clickhouse-operator";
  readonly kinds = [SERVERS, KEEPERS].map(({ apiVersion, kind }) => [apiVersion, kind] as const);
  /** What each installation asked for when it was completed last, by uid. */
  private readonly completed = new Map<string, string>();

  finalizer(installation: KubernetesObject): string {
    return familyOf(installation).finalizer;
  }

  async reconcile(installation: KubernetesObject, work: Work): Promise<void> {
    const family = familyOf(installation);
    const settings = await settingsOf(work.api, work.controller);
    const { namespace = "", uid = "" } = installation.metadata;
    // Nothing tells that an installation lies where the operator does not look: it stays without a status.
    if (settings.namespaces.length > 0 && !settings.namespaces.includes(namespace)) return;
    await markReadyPods(work.api, family, installation);
    const asked = JSON.stringify([installation.spec, installation.metadata.labels, installation.metadata.annotations]);
    if (this.completed.get(uid) === asked) return;
    const reference = referenceTo(installation);
    if (installation.status?.status !== "InProgress") await work.api.patchStatus(reference, { status: "InProgress" });
    if (!(await hostsAreUp(family, installation, settings, work))) return;
    await prune(work.api, family, installation);
    await work.api.patchStatus(reference, completedStatus(family, installation));
    this.completed.set(uid, asked);
  }

  async finalize(installation: KubernetesObject, { api }: Work): Promise<boolean> {
    const family = familyOf(installation);
    await deleteMade(api, family, installation, () => true);
    const pods = await listed(api, family, installation, "v1", "Pod");
    if (pods.length > 0) return false;
    const deletesClaims = dataTemplate(installation)?.deleted ?? false;
    const claims = deletesClaims ? await listed(api, family, installation, "v1", "PersistentVolumeClaim") : [];
    await Promise.all(claims.map((claim) => api.delete(referenceTo(claim))));
    return true;
  }
}

function familyOf({ kind }: KubernetesObject): Family {
  return kind === SERVERS.kind ? SERVERS : KEEPERS;
}

/** Brings hosts to their wanted state one after the other, as far as one round gets; tells whether all are there and ready. */
async function hostsAreUp(
  family: Family,
  installation: KubernetesObject,
  settings: OperatorSettings,
  work: Work,
): Promise<boolean> {
  for (const object of commonObjects(family, installation)) await work.apply(installation, object);
  for (const [index, host] of hostsOf(family, installation).entries()) {
    if (!(await hostIsUp(family, installation, host, settings, work))) return false;
    if (index > 0) continue;
    for (const object of sharedServices(family, installation)) await work.apply(installation, object);
  }
  return true;
}

async function hostIsUp(
  family: Family,
  installation: KubernetesObject,
  host: Host,
  settings: OperatorSettings,
  work: Work,
): Promise<boolean> {
  const wanted = statefulSetOf(family, installation, host, settings);
  for (const object of hostObjects(family, installation, host)) await work.apply(installation, object);
  await work.apply(installation, wanted);
  const live = await work.api.read(referenceTo(wanted));
  return live !== undefined && readiness(live).state === "ready";
}

/** The Services over several hosts lead to pods that the operator has found ready. */
async function markReadyPods(api: KubernetesApi, family: Family, installation: KubernetesObject): Promise<void> {
  const label = `${family.domain}/ready`;
  const pods = await listed(api, family, installation, "v1", "Pod");
  const unmarked = pods.filter((pod) => isReady(pod) && pod.metadata.labels?.[label] !== "yes");
  await Promise.all(
    unmarked.map((pod) => unlessGone(api.patch(referenceTo(pod), { metadata: { labels: { [label]: "yes" } } }))),
  );
}

/** Removes hosts that the layout does not have any more, with their claims unless those are to be retained. */
async function prune(api: KubernetesApi, family: Family, installation: KubernetesObject): Promise<void> {
  const shared = [...commonObjects(family, installation), ...sharedServices(family, installation)];
  const hosts = hostsOf(family, installation);
  const own = hosts.flatMap((host) => hostObjects(family, installation, host));
  const names = new Set([...shared, ...own].map(({ kind, metadata }) => `${kind} ${metadata.name}`));
  for (const { name } of hosts) names.add(`StatefulSet ${name}`);
  await deleteMade(api, family, installation, ({ kind, metadata }) => !names.has(`${kind} ${metadata.name}`));
  if (installation.spec?.reconcile?.cleanup?.unknownObjects?.pvc !== "Delete") return;
  const claims = await listed(api, family, installation, "v1", "PersistentVolumeClaim");
  const surplus = claims.filter(({ metadata }) => !hosts.some(({ name }) => metadata.name.endsWith(`-${name}-0`)));
  await Promise.all(surplus.map((claim) => api.delete(referenceTo(claim))));
}

async function deleteMade(
  api: KubernetesApi,
  family: Family,
  installation: KubernetesObject,
  isUnwanted: (object: KubernetesObject) => boolean,
): Promise<void> {
  const lists = await Promise.all(
    MADE.map(([apiVersion, kind]) => listed(api, family, installation, apiVersion, kind)),
  );
  const unwanted = lists
    .flat()
    .filter((object) => object.metadata.deletionTimestamp === undefined && isUnwanted(object));
  await Promise.all(unwanted.map((object) => api.delete(referenceTo(object))));
}

function listed(
  api: KubernetesApi,
  family: Family,
  installation: KubernetesObject,
  apiVersion: string,
  kind: string,
): Promise<KubernetesObject[]> {
  const labels = Object.entries(scopeLabels(family, installation)).map(([key, value]) => `${key}=${value}`);
  const { namespace = "" } = installation.metadata;
  return api.list(apiVersion, kind, { namespace, labelSelector: labels.join(",") });
}

function completedStatus(family: Family, installation: KubernetesObject): object {
  const { namespace } = installation.metadata;
  const hosts = hostsOf(family, installation);
  const { taskID } = installation.spec ?? {};
  const [entry] = sharedServices(family, installation);
  return {
    status: "Completed",
    ...(taskID === undefined ? {} : { taskID }),
    hosts: hosts.length,
    hostsCompleted: hosts.length,
    clusters: new Set(hosts.map(({ cluster }) => cluster)).size,
    pods: hosts.map(({ name }) => `${name}-0`),
    fqdns: hosts.map(({ name }) => `${name}.${namespace}.svc.cluster.local`),
    endpoint: `${entry?.metadata.name}.${namespace}.svc.cluster.local`,
  };
}
