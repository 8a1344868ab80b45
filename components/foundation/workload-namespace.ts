import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import { DNS_LABEL } from "../internal/names";
import { dnsFlow, type Flow, networkPolicies } from "../internal/network-flows";
import { Problems } from "../internal/problems";

/** The Pod Security standard that a namespace enforces. */
export const PodSecurity = { Restricted: "restricted", Baseline: "baseline", Privileged: "privileged" } as const;
export type PodSecurity = (typeof PodSecurity)[keyof typeof PodSecurity];

export interface WorkloadNamespaceArgs {
  /** Name of the namespace; a DNS label. Changing it replaces the namespace and everything in it. */
  readonly namespace: string;
  /** Pod Security standard that admission enforces. Default `restricted`. */
  readonly podSecurity?: PodSecurity;
  /** More labels, e.g. for webhooks that select namespaces. Default none. */
  readonly labels?: Record<string, string>;
  /** Why the namespace is looser than `restricted`; required when it is, and kept as an annotation. */
  readonly podSecurityReason?: string;
  /**
   * The platform's flows; those that start or end in this namespace become NetworkPolicies, everything else is denied.
   * Name resolution is always allowed. Default none.
   */
  readonly flows?: Flow[];
}

/**
 * A namespace that denies by default: Pod Security labels, a default-deny NetworkPolicy, and one policy for each end of each
 * declared flow. It waits for the Kubernetes provider alone. What runs in the namespace is not managed here.
 */
export class WorkloadNamespace extends pulumi.ComponentResource {
  /** The namespace's name, with the dependency on its existence; known in every preview. For `metadata.namespace`. */
  readonly namespaceName: pulumi.Output<string>;
  /** Gate: the policies are in place, so a pod that opens connections at once is not cut off. */
  readonly policiesReady: pulumi.Output<string>;

  constructor(name: string, args: WorkloadNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:WorkloadNamespace", name, {}, opts);
    checkWorkloadNamespaceArgs(name, args);
    const podSecurity = args.podSecurity ?? PodSecurity.Restricted;

    const namespace = new kubernetes.core.v1.Namespace(
      `${name}-namespace`,
      {
        metadata: {
          name: args.namespace,
          labels: {
            ...args.labels,
            "pod-security.kubernetes.io/enforce": podSecurity,
            "pod-security.kubernetes.io/audit": PodSecurity.Restricted,
            "pod-security.kubernetes.io/warn": podSecurity,
          },
          annotations:
            args.podSecurityReason === undefined ? {} : { "llm-platform/pod-security-reason": args.podSecurityReason },
        },
      },
      { parent: this },
    );
    this.namespaceName = ready([namespace]).apply(() => args.namespace);

    const policies = networkPolicies(args.namespace, [dnsFlow(args.namespace), ...(args.flows ?? [])]).map(
      (policy) =>
        new kubernetes.networking.v1.NetworkPolicy(
          `${name}-${policy.name}`,
          { metadata: { name: policy.name, namespace: this.namespaceName }, spec: policy.spec },
          { parent: this },
        ),
    );
    this.policiesReady = ready(policies);
    this.registerOutputs({ namespaceName: this.namespaceName, policiesReady: this.policiesReady });
  }
}

function checkWorkloadNamespaceArgs(name: string, args: WorkloadNamespaceArgs): void {
  const problems = new Problems();
  problems.check(DNS_LABEL.test(args.namespace), {
    path: "namespace",
    rule: "must be a DNS label: lower-case letters, digits and dashes, at most 63 characters",
    got: args.namespace,
    fix: "Choose another name.",
  });
  const loose = (args.podSecurity ?? PodSecurity.Restricted) !== PodSecurity.Restricted;
  problems.check(!loose || args.podSecurityReason !== undefined, {
    path: "podSecurityReason",
    rule: "must say why the namespace is looser than restricted",
    got: args.podSecurity,
    fix: "Add the reason, or leave podSecurity out.",
  });
  const names = (args.flows ?? []).map((flow) => flow.name);
  for (const flow of args.flows ?? []) {
    problems.check(DNS_LABEL.test(flow.name) && flow.name.length <= 50, {
      path: `flows.${flow.name}`,
      rule: "a flow's name must be a DNS label of at most 50 characters",
      fix: "Shorten it.",
    });
    problems.check(names.filter((other) => other === flow.name).length === 1, {
      path: `flows.${flow.name}`,
      rule: "two flows share this name",
      fix: "Give each flow its own name.",
    });
    problems.check(flow.ports.length > 0, {
      path: `flows.${flow.name}.ports`,
      rule: "a flow names at least one port; an empty list would allow every port",
      fix: "List the container ports.",
    });
  }
  problems.throwIfAny("WorkloadNamespace", name);
}
