import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

/** One end of a flow. Exactly one of the three is given. */
export interface FlowPeer {
  /** Pods by namespace and labels; no labels means every pod of the namespace. */
  readonly pods?: PodPeer;
  /** Addresses outside the cluster's pods: stores, the API server, the internet. */
  readonly addresses?: AddressPeer;
  /** Every pod of the cluster, whatever its namespace. */
  readonly anyPod?: boolean;
}

/** Pods by namespace and labels. */
export interface PodPeer {
  readonly namespace: string;
  readonly labels?: Record<string, string>;
}

/** Address ranges, less some. */
export interface AddressPeer {
  /** CIDRs, e.g. `["10.20.0.0/16"]`. */
  readonly cidrs: pulumi.Input<pulumi.Input<string>[]>;
  /** CIDRs inside those that are left out, e.g. the link-local range. Default none. */
  readonly except?: string[];
}

/** A port of a flow. */
export interface FlowPort {
  readonly port: number;
  /** Last port of a range that begins at `port`. Default that port alone. */
  readonly through?: number;
  /** `TCP` (default) or `UDP`. */
  readonly protocol?: string;
}

/** A connection that is allowed: who opens it, to whom, on which container ports. All else is denied. */
export interface Flow {
  /** Unique among the flows of a platform; becomes part of the policies' names (a DNS label of at most 50 characters). */
  readonly name: string;
  readonly from: FlowPeer;
  readonly to: FlowPeer;
  readonly ports: FlowPort[];
}

/** A NetworkPolicy as our component creates it. */
export interface PolicyBody {
  readonly name: string;
  readonly spec: kubernetes.types.input.networking.v1.NetworkPolicySpec;
}

/**
 * The NetworkPolicies of one namespace: deny everything, then what the flows allow. A flow between two pods gives an egress
 * policy where it starts and an ingress policy where it ends, since Kubernetes wants both.
 * Probes of the kubelet need no flow: the VPC CNI always lets a node reach its own pods.
 */
export function networkPolicies(namespace: string, flows: readonly Flow[]): PolicyBody[] {
  const policies: PolicyBody[] = [
    { name: "default-deny", spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
  ];
  for (const flow of flows) {
    const ports = flow.ports.map(({ port, through, protocol }) => ({
      port,
      ...(through === undefined ? {} : { endPort: through }),
      protocol: protocol ?? "TCP",
    }));
    if (flow.from.pods?.namespace === namespace) {
      policies.push({
        name: `allow-${flow.name}-egress`,
        spec: {
          podSelector: { matchLabels: flow.from.pods.labels ?? {} },
          policyTypes: ["Egress"],
          egress: [{ to: peers(flow.to), ports }],
        },
      });
    }
    if (flow.to.pods?.namespace === namespace) {
      policies.push({
        name: `allow-${flow.name}-ingress`,
        spec: {
          podSelector: { matchLabels: flow.to.pods.labels ?? {} },
          policyTypes: ["Ingress"],
          ingress: [{ from: peers(flow.from), ports }],
        },
      });
    }
  }
  return policies;
}

/** The flow that every pod of a namespace needs: names, from CoreDNS. */
export function dnsFlow(namespace: string): Flow {
  return {
    name: `${namespace}-dns`,
    from: { pods: { namespace } },
    to: { pods: { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } } },
    ports: [
      { port: 53, protocol: "UDP" },
      { port: 53, protocol: "TCP" },
    ],
  };
}

/** The flow to the node-local agent that hands pods their AWS credentials. */
export function podIdentityFlow(namespace: string, labels?: Record<string, string>): Flow {
  return {
    name: `${namespace}-pod-identity`,
    from: { pods: labels === undefined ? { namespace } : { namespace, labels } },
    to: { addresses: { cidrs: ["169.254.170.23/32"] } },
    ports: [{ port: 80 }],
  };
}

function peers(peer: FlowPeer): pulumi.Input<kubernetes.types.input.networking.v1.NetworkPolicyPeer[]> {
  if (peer.addresses) {
    const { cidrs, except } = peer.addresses;
    return pulumi
      .output(cidrs)
      .apply((ranges) => ranges.map((cidr) => ({ ipBlock: except === undefined ? { cidr } : { cidr, except } })));
  }
  if (peer.pods) {
    const { namespace, labels } = peer.pods;
    return [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } },
        ...(labels === undefined ? {} : { podSelector: { matchLabels: labels } }),
      },
    ];
  }
  return [{ namespaceSelector: {} }];
}
