import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { isFinished, named } from "./pods";
import { selects } from "./selectors";
import type { Snapshot } from "./snapshot";

/** Pods that share a domain although one of them must not, and how many terms ask for that. */
export function antiAffinityFindings(snapshot: Snapshot): { readonly terms: number; readonly findings: string[] } {
  const placed = snapshot.all("Pod").filter((pod) => pod.spec?.nodeName && !isFinished(pod));
  const found = placed.flatMap((pod) =>
    termsOf(pod).map((term) => ({ pod, term, rivals: rivalsOf(snapshot, placed, pod, term) })),
  );
  return {
    terms: found.length,
    findings: found.flatMap(({ pod, term, rivals }) =>
      rivals.map(
        (rival) =>
          `${named(pod)}: shares ${term.topologyKey} with ${named(rival)}, which it must not. Look who placed it there.`,
      ),
    ),
  };
}

function termsOf({ spec }: KubernetesObject): Properties[] {
  return spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
}

function rivalsOf(snapshot: Snapshot, placed: KubernetesObject[], pod: KubernetesObject, term: Properties) {
  const domain = domainOf(snapshot, pod, term.topologyKey);
  const namespaces = namespacesOf(snapshot, pod, term);
  return placed.filter(
    (other) =>
      other !== pod &&
      domain !== undefined &&
      domainOf(snapshot, other, term.topologyKey) === domain &&
      namespaces.includes(other.metadata.namespace ?? "") &&
      selects(term.labelSelector, other.metadata.labels) &&
      keysAgree(pod, other, term),
  );
}

function namespacesOf(snapshot: Snapshot, pod: KubernetesObject, { namespaces, namespaceSelector }: Properties) {
  if (!namespaces?.length && !namespaceSelector) return [pod.metadata.namespace ?? ""];
  return [...(namespaces ?? []), ...snapshot.namespacesOf(namespaceSelector)];
}

function domainOf(snapshot: Snapshot, { spec }: KubernetesObject, topologyKey: string): string | undefined {
  return snapshot.find("Node", spec.nodeName)?.metadata.labels?.[topologyKey];
}

function keysAgree(
  pod: KubernetesObject,
  other: KubernetesObject,
  { matchLabelKeys = [], mismatchLabelKeys = [] }: Properties,
) {
  const same = (key: string) => pod.metadata.labels?.[key] === other.metadata.labels?.[key];
  return (matchLabelKeys as string[]).every(same) && !(mismatchLabelKeys as string[]).some(same);
}
