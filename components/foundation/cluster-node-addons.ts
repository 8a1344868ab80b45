import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Addons } from "../internal/addon-versions";
import type { KubernetesMinor } from "../internal/kubernetes-versions";
import { createAddon } from "./addon";

/** VPC CNI's configuration. */
export const VPC_CNI_CONFIGURATION = {
  // Text, not a boolean: the add-on's schema says so. Without it NetworkPolicies are accepted and do nothing.
  enableNetworkPolicy: "true",
  env: {
    // Whole /28 blocks per network interface: a small node then holds 110 pods instead of some 29.
    ENABLE_PREFIX_DELEGATION: "true",
    WARM_PREFIX_TARGET: "1",
  },
} as const;

/** The add-ons that nodes need at boot, so before any node. */
export function createNodeAddons(
  name: string,
  clusterName: pulumi.Input<string>,
  minor: KubernetesMinor,
  versions: Record<string, string> | undefined,
  opts: pulumi.CustomResourceOptions,
): aws.eks.Addon[] {
  const common = { clusterName, minor, versions };
  return [
    // Its permissions come from the node role, since a node must have its network before the Pod Identity agent can run there.
    createAddon(`${name}-vpc-cni`, { ...common, addon: Addons.VpcCni, configuration: VPC_CNI_CONFIGURATION }, opts),
    createAddon(`${name}-kube-proxy`, { ...common, addon: Addons.KubeProxy }, opts),
    createAddon(`${name}-pod-identity-agent`, { ...common, addon: Addons.PodIdentityAgent }, opts),
  ];
}
