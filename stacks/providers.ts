import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../components";
import type { Settings } from "./settings";

/** The AWS provider: one region, one account, and the platform's tags on everything. */
export function createAwsProvider(settings: Settings): aws.Provider {
  const { region, accountId, assumeRoleArn, tags } = settings.aws;
  return new aws.Provider("aws", {
    region,
    // With credentials of another account the run stops before it begins.
    allowedAccountIds: [accountId],
    ...(assumeRoleArn === undefined ? {} : { assumeRoles: [{ roleArn: assumeRoleArn }] }),
    defaultTags: {
      tags: { "managed-by": "pulumi", project: pulumi.getProject(), stack: pulumi.getStack(), ...tags },
    },
    // Written by AWS and by Kubernetes, not by us: no drift.
    ignoreTags: { keyPrefixes: ["aws:", "kubernetes.io/cluster/"] },
  });
}

/** What the Kubernetes provider is made of. */
export interface KubernetesAccess {
  /** Kubeconfig as text. */
  readonly kubeconfig: pulumi.Input<string>;
  /**
   * What stays the same as long as the cluster does. Without it the provider counts as another cluster's as soon as an
   * endpoint or certificate changes, and the engine then replaces every object in it.
   */
  readonly clusterIdentifier: pulumi.Input<string>;
  /** Gates: rights, network add-ons and nodes. The provider speaks to the API server once, at its first use, and remembers a refusal for the whole run. */
  readonly gates: pulumi.Input<string>[];
}

/** The Kubernetes provider, which every Kubernetes object of the platform names explicitly. */
export function createKubernetesProvider({
  kubeconfig,
  clusterIdentifier,
  gates,
}: KubernetesAccess): kubernetes.Provider {
  return new kubernetes.Provider(
    "kubernetes",
    {
      kubeconfig: pulumi.secret(kubeconfig),
      clusterIdentifier,
      enableServerSideApply: true,
      // Changed in place: deleting a Secret first would leave running pods without it, and replace the Jobs that name it.
      enableSecretMutable: true,
      enableConfigMapMutable: true,
    },
    { dependsOn: after(...gates) },
  );
}
