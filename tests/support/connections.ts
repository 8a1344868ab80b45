import type { Flow, FlowPeer } from "../../components";
import { allows, type End, type policiesOf } from "./network-policy";

/** The policies of a recorded program. */
export type Policies = ReturnType<typeof policiesOf>;

/** A connection: who opens it, to whom, on which port. */
export interface Connection {
  readonly what: string;
  readonly from: End;
  readonly to: End;
  readonly port: number;
  readonly protocol: string;
}

/** Ends that a peer stands for: its pods, or one address in each of its ranges. */
function endsOf(peer: FlowPeer): End[] {
  if (peer.pods) return [{ namespace: peer.pods.namespace, labels: peer.pods.labels ?? { app: "any" } }];
  const cidrs = (peer.addresses?.cidrs ?? []) as string[];
  return cidrs.map((cidr) => ({ address: cidr === "0.0.0.0/0" ? "8.8.8.8" : lastOf(cidr) }));
}

/** An address inside a range, not its first. */
export function lastOf(cidr: string): string {
  const [network = "", bits] = cidr.split("/");
  return bits === "32" ? network : network.replace(/\.\d+$/, ".77");
}

/** The connections that flows stand for; of a range of ports its ends. */
export function connectionsOf(flows: readonly Flow[]): Connection[] {
  return flows.flatMap(({ name, from, to, ports }) =>
    endsOf(from).flatMap((source) =>
      endsOf(to).flatMap((target) =>
        ports.flatMap(({ port, through = port, protocol = "TCP" }) =>
          [...new Set([port, through])].map((each) => ({
            what: `${name} on ${protocol} ${each}`,
            from: source,
            to: target,
            port: each,
            protocol,
          })),
        ),
      ),
    ),
  );
}

/** Whether the policies let a connection be. */
export function isAllowed(policies: Policies, { from, to, port, protocol }: Connection): boolean {
  return allows(policies, from, to, port, protocol);
}

/** Policies that nobody would miss: without them every connection still is. What denies by default is not among them. */
export function needless(policies: Policies, connections: readonly Connection[]): Policies {
  return policies.filter((policy, index) => {
    if (policy.spec.ingress === undefined && policy.spec.egress === undefined) return false;
    const rest = policies.filter((_, other) => other !== index);
    return connections.every((connection) => isAllowed(rest, connection));
  });
}
