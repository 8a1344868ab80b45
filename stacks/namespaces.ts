import type * as pulumi from "@pulumi/pulumi";
import {
  CERT_MANAGER,
  EXTERNAL_DNS,
  type Flow,
  INGRESS_NAMESPACE,
  PodSecurity,
  WorkloadNamespace,
} from "../components";

/** The namespaces of the platform. */
export const NAMESPACES = {
  langfuse: "langfuse",
  /** ClickHouse, Keeper and their operator: the credentials in here do not cross into `langfuse`. */
  data: "langfuse-data",
  ingress: INGRESS_NAMESPACE,
  certManager: CERT_MANAGER.namespace,
  externalDns: EXTERNAL_DNS.namespace,
  externalSecrets: "external-secrets",
  keda: "keda",
  monitoring: "monitoring",
  /** Model servers, the router before them, and the Jobs that fetch weights. */
  models: "models",
  /** What offers GPUs to pods and measures them, on every GPU node. */
  gpuRuntime: "gpu-runtime",
  leaderWorkerSets: "lws-system",
  argoCd: "argocd",
  argoRollouts: "argo-rollouts",
  flagger: "flagger",
} as const;
export type NamespaceRole = keyof typeof NAMESPACES;

/** Namespaces that cannot enforce `restricted`, with the reason. */
const LOOSER: Partial<Record<NamespaceRole, { podSecurity: PodSecurity; podSecurityReason: string }>> = {
  monitoring: {
    podSecurity: PodSecurity.Privileged,
    podSecurityReason: "node-exporter reads the node's processes, network and root file system",
  },
  gpuRuntime: {
    podSecurity: PodSecurity.Privileged,
    podSecurityReason: "device plugin and DCGM exporter reach the node's GPUs and the kubelet's sockets",
  },
};

/**
 * Labels that controllers look for. The load balancer takes minutes to send traffic to a new pod of the ingress controller: with
 * this gate a pod counts as ready only then, so that a rollout never leaves the load balancer without one.
 */
const LABELS: Partial<Record<NamespaceRole, Record<string, string>>> = {
  ingress: { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" },
};

/** The namespaces of a stack by role. */
export type Namespaces = Partial<Record<NamespaceRole, WorkloadNamespace>>;

/** Makes the namespaces of these roles, each with the policies that the flows ask for. */
export function createNamespaces(
  roles: readonly NamespaceRole[],
  flows: Flow[],
  options: pulumi.ComponentResourceOptions,
): Namespaces {
  return Object.fromEntries(
    roles.map((role) => {
      const namespace = NAMESPACES[role];
      const concerned = flows.filter(
        ({ from, to }) => from.pods?.namespace === namespace || to.pods?.namespace === namespace,
      );
      return [
        role,
        new WorkloadNamespace(
          namespace,
          { namespace, labels: LABELS[role], flows: concerned, ...LOOSER[role] },
          options,
        ),
      ];
    }),
  );
}
