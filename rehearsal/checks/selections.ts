import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { type Verdict, verdict } from "../verdict";
import { type CheckContext, podBasis } from "./context";
import { selectionFindings } from "./empty-selections";
import { isFinished, named } from "./pods";
import { containerPort } from "./ports";
import { selectorText } from "./selectors";
import type { Snapshot } from "./snapshot";

/** Every NetworkPolicy, at either end, every PodDisruptionBudget and every workload selects at least one pod. */
export function checkSelections(context: CheckContext): Verdict[] {
  const { snapshot } = context;
  const policies = snapshot.all("NetworkPolicy");
  const budgets = snapshot.all("PodDisruptionBudget");
  const findings = [
    ...policies.flatMap((policy) => policyFindings(snapshot, policy)),
    ...budgets.flatMap((budget) => {
      const pods = podsIn(snapshot, budget).filter((pod) => !isFinished(pod));
      return selectionFindings(named(budget), "pod", budget.spec.selector ?? {}, pods.length);
    }),
  ];
  const figure = `${policies.length} NetworkPolicies, ${budgets.length} PodDisruptionBudgets`;
  return [verdict("policies and budgets select pods", figure, findings, podBasis(context))];
}

/** Pods in the object's namespace under its selector; those of Jobs are still there when they have ended. */
function podsIn(snapshot: Snapshot, { metadata, spec }: KubernetesObject): KubernetesObject[] {
  return snapshot.selected("Pod", spec.podSelector ?? spec.selector, metadata.namespace);
}

function policyFindings(snapshot: Snapshot, policy: KubernetesObject): string[] {
  const { podSelector = {}, ingress = [], egress = [] } = policy.spec;
  const pods = podsIn(snapshot, policy);
  return [
    ...selectionFindings(named(policy), "pod", podSelector, pods.length),
    ...(ingress as Properties[]).flatMap(({ from = [], ports = [] }) => [
      ...peersFindings(snapshot, policy, from),
      ...portFindings(named(policy), ports, pods),
    ]),
    ...(egress as Properties[]).flatMap(({ to = [] }) => peersFindings(snapshot, policy, to)),
  ];
}

function peersFindings(snapshot: Snapshot, policy: KubernetesObject, peers: readonly Properties[]): string[] {
  return peers
    .filter(({ ipBlock }) => ipBlock === undefined)
    .flatMap(({ namespaceSelector, podSelector = {} }) => {
      const own = policy.metadata.namespace ?? "";
      const namespaces = namespaceSelector === undefined ? [own] : snapshot.namespacesOf(namespaceSelector);
      if (namespaces.length === 0) {
        return [
          `${named(policy)}: no namespace is ${selectorText(namespaceSelector)}. Mend the namespace selector of the peer.`,
        ];
      }
      const pods = namespaces.flatMap((namespace) => snapshot.selected("Pod", podSelector, namespace));
      return selectionFindings(`${named(policy)}: a peer in ${namespaces.join(", ")}`, "pod", podSelector, pods.length);
    });
}

/** A named port must be one of the pods': an unknown name opens nothing. */
function portFindings(subject: string, ports: readonly Properties[], pods: readonly KubernetesObject[]): string[] {
  const names = ports.map(({ port }) => port).filter((port) => typeof port === "string");
  return names
    .filter((name) => pods.length > 0 && !pods.some((pod) => containerPort(pod, name) !== undefined))
    .map((name) => `${subject}: opens port ${name}, which none of its pods has. Mend the name, or give the number.`);
}
