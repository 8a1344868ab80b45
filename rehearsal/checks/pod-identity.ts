import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { type Verdict, verdict } from "../verdict";
import { type Association, type CheckContext, podBasis } from "./context";
import { named } from "./pods";
import type { Snapshot } from "./snapshot";

/** A creation time is cut to whole seconds. */
const PRECISION = 1000;

/** Pods with an AWS identity were admitted after it took effect, so that they have credentials; none had to restart. */
export function checkPodIdentity(context: CheckContext): Verdict[] {
  const { snapshot, associations } = context;
  const findings = [
    ...associations.flatMap((association) => associationFindings(snapshot, association)),
    ...snapshot.all("Pod").flatMap(restarts),
  ];
  const figure = `${associations.length} identities`;
  return [verdict("pods have their AWS identity from the start", figure, findings, podBasis(context))];
}

function associationFindings(snapshot: Snapshot, { namespace, serviceAccount, effectiveAt }: Association): string[] {
  const pods = snapshot
    .all("Pod", namespace)
    .filter(({ spec }) => (spec?.serviceAccountName ?? "default") === serviceAccount);
  if (pods.length === 0) {
    return [
      `Association of ServiceAccount ${namespace}/${serviceAccount}: no pod runs as it. Mend the names, or leave the identity out.`,
    ];
  }
  return pods
    .filter((pod) => createdAt(pod) + PRECISION <= effectiveAt)
    .map(
      (pod) =>
        `${named(pod)}: was admitted before the association of its ServiceAccount ${serviceAccount} took effect, and never gets credentials. Let its owner wait for the association.`,
    );
}

function createdAt({ metadata }: KubernetesObject): number {
  return Date.parse(metadata.creationTimestamp ?? "");
}

function restarts(pod: KubernetesObject): string[] {
  const statuses = (pod.status?.containerStatuses ?? []) as Properties[];
  return statuses
    .filter(({ restartCount }) => restartCount > 0)
    .map(
      ({ name, restartCount }) =>
        `${named(pod)}: container ${name} restarted ${restartCount} times. Look at what it waits for.`,
    );
}
