import { Address4 } from "ip-address";
import type { RecordedResource } from "../../preview/recorder";
import { revealed } from "./graph";

/** An end of a connection as the policies see it: a pod, or an address outside the cluster. */
export interface End {
  readonly namespace?: string;
  readonly labels?: Record<string, string>;
  readonly address?: string;
}

interface Peer {
  namespaceSelector?: { matchLabels?: Record<string, string> };
  podSelector?: { matchLabels?: Record<string, string> };
  ipBlock?: { cidr: string; except?: string[] };
}

interface Port {
  port: number;
  endPort?: number;
  protocol: string;
}

interface Policy {
  namespace: string;
  spec: {
    podSelector: { matchLabels?: Record<string, string> };
    policyTypes: string[];
    ingress?: { from?: Peer[]; ports?: Port[] }[];
    egress?: { to?: Peer[]; ports?: Port[] }[];
  };
}

/** The NetworkPolicies among recorded resources. */
export function policiesOf(resources: readonly RecordedResource[]): Policy[] {
  return resources
    .filter((resource) => resource.type === "kubernetes:networking.k8s.io/v1:NetworkPolicy")
    .map((resource) => {
      const inputs = revealed(resource.inputs) as { metadata: { namespace: string }; spec: Policy["spec"] };
      return { namespace: inputs.metadata.namespace, spec: inputs.spec };
    });
}

/** Whether Kubernetes' rules let `from` open a connection to `to`: each selected end must allow it, an unselected end allows all. */
export function allows(policies: readonly Policy[], from: End, to: End, port: number, protocol = "TCP"): boolean {
  return (
    sideAllows(policies, "Egress", from, to, port, protocol) &&
    sideAllows(policies, "Ingress", to, from, port, protocol)
  );
}

function sideAllows(
  policies: readonly Policy[],
  type: "Egress" | "Ingress",
  self: End,
  other: End,
  port: number,
  protocol: string,
): boolean {
  const selecting = policies.filter(
    (policy) =>
      policy.namespace === self.namespace &&
      policy.spec.policyTypes.includes(type) &&
      matches(policy.spec.podSelector.matchLabels, self.labels),
  );
  if (selecting.length === 0) return true;
  return selecting.some((policy) => {
    const rules =
      type === "Egress"
        ? (policy.spec.egress ?? []).map((rule) => ({ peers: rule.to, ports: rule.ports }))
        : (policy.spec.ingress ?? []).map((rule) => ({ peers: rule.from, ports: rule.ports }));
    return rules.some(
      (rule) =>
        (rule.peers === undefined || rule.peers.some((peer) => peerMatches(peer, other))) &&
        (rule.ports === undefined ||
          rule.ports.some(
            (each) => each.port <= port && port <= (each.endPort ?? each.port) && each.protocol === protocol,
          )),
    );
  });
}

function peerMatches(peer: Peer, end: End): boolean {
  if (peer.ipBlock) {
    const { cidr, except } = peer.ipBlock;
    const inside = (range: string) =>
      end.address !== undefined && new Address4(end.address).isInSubnet(new Address4(range));
    return inside(cidr) && !(except ?? []).some(inside);
  }
  if (end.namespace === undefined) return false;
  return (
    matches(peer.namespaceSelector?.matchLabels, { "kubernetes.io/metadata.name": end.namespace }) &&
    matches(peer.podSelector?.matchLabels, end.labels)
  );
}

function matches(wanted: Record<string, string> | undefined, labels: Record<string, string> | undefined): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => labels?.[key] === value);
}
