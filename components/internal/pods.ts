import type * as kubernetes from "@pulumi/kubernetes";

/**
 * The pod-level half of Pod Security `restricted`: not root, the runtime's seccomp profile.
 * `user` is the numeric user of the image (the kubelet refuses user *names* under runAsNonRoot).
 */
export function restrictedPod(user: number): kubernetes.types.input.core.v1.PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** The container-level half of Pod Security `restricted`, and a read-only root file system unless told otherwise. */
export function restrictedContainer(readOnlyRootFilesystem = true): kubernetes.types.input.core.v1.SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem,
    capabilities: { drop: ["ALL"] },
    seccompProfile: { type: "RuntimeDefault" },
    runAsNonRoot: true,
  };
}

/** Where pods of a workload go: the label selector of a node pool and the taints they tolerate. Plain values. */
export interface Placement {
  readonly nodeSelector?: Record<string, string>;
  readonly tolerations?: Toleration[];
}

/** A toleration in Kubernetes' own words. */
export interface Toleration {
  readonly key: string;
  readonly operator: string;
  readonly value?: string;
  readonly effect?: string;
}

/** Requests and limits of one container in Kubernetes' own quantities, e.g. `500m`, `2Gi`. */
export interface ContainerResources {
  readonly requests: Record<string, string>;
  readonly limits: Record<string, string>;
}

/** Annotation of pods that read a Secret at start only: another value rolls them. Never a secret or its hash. */
export const SECRETS_REVISION = "llm-platform/secrets-revision";
