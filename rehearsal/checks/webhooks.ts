import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { notRun, type Verdict, verdict } from "../verdict";
import { type CheckContext, podBasis, type ReleaseRecord } from "./context";
import { named } from "./pods";
import { podsBehind } from "./ports";
import { selects } from "./selectors";
import type { Snapshot } from "./snapshot";

const DRILL = "webhooks and aggregated APIs are served, and none locks its controller out";

interface Webhook extends Properties {
  readonly name: string;
}

/** The Services behind webhooks and aggregated APIs exist, and no webhook must answer before its own controller can start. */
export function checkWebhooks(context: CheckContext): Verdict[] {
  const { snapshot, releases } = context;
  const recorded = releases.flatMap((release) => [...release.recorded]);
  if (recorded.length === 0) return [notRun(DRILL, "no chart was rendered that brings one")];
  const findings = recorded.flatMap((object) => [
    ...servicesOf(object).flatMap((service) => serviceFindings(snapshot, object, service)),
    ...webhooksOf(object).flatMap((webhook) => deadlocks(snapshot, object, webhook)),
  ]);
  const hooks = recorded.flatMap(webhooksOf).length;
  const unseen = releases.filter(({ rendered, recorded }) => !rendered && recorded.length === 0).length;
  const figure = `${hooks} webhooks, ${recorded.filter(({ kind }) => kind === "APIService").length} aggregated APIs; ${unseen} charts not seen`;
  return [verdict(DRILL, figure, findings, podBasis(context))];
}

/** `namespace/name` of every Service that the API server itself calls. */
export function webhookServices(releases: readonly ReleaseRecord[]): Set<string> {
  const services = releases.flatMap(({ recorded }) => recorded.flatMap(servicesOf));
  return new Set(services.map(({ namespace, name }) => `${namespace}/${name}`));
}

function webhooksOf({ webhooks }: KubernetesObject): Webhook[] {
  return webhooks ?? [];
}

function servicesOf(object: KubernetesObject): Properties[] {
  const references = [object.spec?.service, ...webhooksOf(object).map(({ clientConfig }) => clientConfig?.service)];
  return references.filter((reference) => reference !== undefined && reference !== null);
}

function serviceFindings(snapshot: Snapshot, object: KubernetesObject, { namespace, name, port = 443 }: Properties) {
  const subject = `${object.kind} ${object.metadata.name}`;
  const service = snapshot.find("Service", name, namespace);
  if (service === undefined) {
    return [`${subject}: is served by Service ${namespace}/${name}, which does not exist. Mend the reference.`];
  }
  const ports = ((service.spec?.ports ?? []) as Properties[]).map((one) => one.port);
  if (ports.includes(port)) return [];
  return [`${subject}: calls port ${port} of ${named(service)}, which has ${ports.join(", ")}. Mend the reference.`];
}

/** A webhook that must answer for its own pods keeps them from starting, and so never answers. */
function deadlocks(snapshot: Snapshot, object: KubernetesObject, webhook: Webhook): string[] {
  const reference = webhook.clientConfig?.service;
  if ((webhook.failurePolicy ?? "Fail") !== "Fail" || reference === undefined || !concernsPods(webhook)) return [];
  const namespace = snapshot.find("Namespace", reference.namespace);
  const service = snapshot.find("Service", reference.name, reference.namespace);
  if (namespace === undefined || service === undefined) return [];
  const labels = { "kubernetes.io/metadata.name": namespace.metadata.name, ...namespace.metadata.labels };
  if (!selects(webhook.namespaceSelector ?? {}, labels)) return [];
  const own = podsBehind(snapshot, service).find((pod) => selects(webhook.objectSelector ?? {}, pod.metadata.labels));
  if (own === undefined) return [];
  return [
    `${object.kind} ${object.metadata.name}: ${webhook.name} must admit ${named(own)}, which serves it: once all such pods are gone none starts again. Leave namespace ${reference.namespace} out by namespaceSelector.`,
  ];
}

function concernsPods({ rules = [] }: Webhook): boolean {
  const has = (list: string[] = [], ...wanted: string[]) => wanted.some((one) => list.includes(one));
  return (rules as Properties[]).some(
    ({ apiGroups, resources, operations }) =>
      has(apiGroups, "", "*") && has(resources, "pods", "*", "*/*", "pods/*") && has(operations, "CREATE", "*"),
  );
}
