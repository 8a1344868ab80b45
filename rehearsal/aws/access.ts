import { SECOND } from "../clock";
import type { Cloud } from "./cloud";
import type { LiveResource } from "./resource";

/** Seconds until access entries, their policies and pod identity associations are known everywhere; the API answers before. */
export const PROPAGATION_SECONDS = 10;

const CLUSTER = "aws:eks/cluster:Cluster";
const ENTRY = "aws:eks/accessEntry:AccessEntry";
const POLICY = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation";
const ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation";

/** A role for the pods of a ServiceAccount. */
export interface PodIdentity {
  readonly clusterName: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly roleArn: string;
  /** Milliseconds of `performance.now()`; a pod that is admitted earlier never gets the role. */
  readonly effectiveAt: number;
}

/** When what was made just now takes effect, in milliseconds of `performance.now()`. */
export function effectiveAt({ createdAt }: LiveResource): number {
  return createdAt + PROPAGATION_SECONDS * SECOND * 1000;
}

/**
 * Whether the API server lets `principal` in: with an entry and a policy that have both taken effect. Whoever made the
 * cluster (no principal) is in at once when it was made so, and never otherwise.
 */
export function admits(cloud: Cloud, principal?: string): boolean {
  const clusters = cloud.all(CLUSTER);
  if (principal === undefined) {
    return clusters.some(({ inputs }) => inputs.accessConfig?.bootstrapClusterCreatorAdminPermissions !== false);
  }
  return [ENTRY, POLICY].every((type) =>
    cloud.all(type).some((resource) => resource.inputs.principalArn === principal && isEffective(resource)),
  );
}

/** All associations of the account. */
export function podIdentitiesOf(cloud: Cloud): PodIdentity[] {
  return cloud.all(ASSOCIATION).map((association) => {
    const { clusterName, namespace, serviceAccount, roleArn } = association.inputs;
    return { clusterName, namespace, serviceAccount, roleArn, effectiveAt: effectiveAt(association) };
  });
}

function isEffective(resource: LiveResource): boolean {
  return performance.now() >= effectiveAt(resource);
}
