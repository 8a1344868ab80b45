import * as pulumi from "@pulumi/pulumi";
import {
  type Bucket,
  CERT_MANAGER,
  CLUSTER_AUTOSCALER_IDENTITY,
  type Cluster,
  type ControllerIdentity,
  clusterAutoscalerPolicy,
  dns01Statements,
  EBS_CSI_IDENTITY,
  EBS_CSI_POLICY,
  EFS_CSI_IDENTITY,
  EFS_CSI_POLICY,
  EXTERNAL_DNS,
  externalDnsStatements,
  LOAD_BALANCER_CONTROLLER,
  langfuseStatements,
  loadBalancerControllerStatements,
  managedPolicyArn,
  partitionOf,
  policyDocument,
  WorkloadIdentity,
  type WorkloadIdentityArgs,
} from "../components";
import type { Context } from "./context";
import { NAMESPACES } from "./namespaces";

/** Gate by identity: role, permissions and association exist. Those that a stack does not need are undefined. */
export interface Identities {
  readonly ebsCsi: pulumi.Output<string>;
  readonly efsCsi?: pulumi.Output<string>;
  readonly clusterAutoscaler?: pulumi.Output<string>;
  readonly loadBalancerController: pulumi.Output<string>;
}

/**
 * Identities of controllers in kube-system. Made right after the cluster: credentials are injected when a pod is admitted, so
 * the making of node groups must lie between an association and the first pod that needs it.
 */
export function createIdentities(
  context: Context,
  cluster: Cluster,
  options: pulumi.ComponentResourceOptions,
): Identities {
  const { settings, region } = context;
  const identity = identityFactory(context, cluster, options);
  return {
    ebsCsi: identity("ebs-csi", EBS_CSI_IDENTITY, {
      managedPolicyArns: { ebs: managedPolicyArn(region, EBS_CSI_POLICY) },
    }),
    efsCsi: settings.storage.sharedFileSystem.enabled
      ? identity("efs-csi", EFS_CSI_IDENTITY, { managedPolicyArns: { efs: managedPolicyArn(region, EFS_CSI_POLICY) } })
      : undefined,
    clusterAutoscaler: settings.autoscaling.clusterAutoscaler
      ? identity("cluster-autoscaler", CLUSTER_AUTOSCALER_IDENTITY, {
          policy: pulumi
            .all([cluster.clusterName, cluster.clusterArn])
            .apply(([name, arn]) => clusterAutoscalerPolicy(name, arn)),
        })
      : undefined,
    loadBalancerController: identity(
      "load-balancer-controller",
      { namespace: LOAD_BALANCER_CONTROLLER.namespace, serviceAccount: LOAD_BALANCER_CONTROLLER.serviceAccount },
      { policy: policyDocument(loadBalancerControllerStatements(partitionOf(region))) },
    ),
  };
}

/** Identities of what answers for names in a Route 53 zone. */
export function createZoneIdentities(
  context: Context,
  cluster: Cluster,
  zoneId: pulumi.Input<string>,
  options: pulumi.ComponentResourceOptions,
): { readonly certManager: pulumi.Output<string>; readonly externalDns: pulumi.Output<string> } {
  const partition = partitionOf(context.region);
  const identity = identityFactory(context, cluster, options);
  return {
    certManager: identity("cert-manager", CERT_MANAGER, {
      policy: pulumi.output(zoneId).apply((id) => policyDocument(dns01Statements([id], partition))),
    }),
    externalDns: identity("external-dns", EXTERNAL_DNS, {
      policy: pulumi.output(zoneId).apply((id) => policyDocument(externalDnsStatements([id], partition))),
    }),
  };
}

/** The ServiceAccount of Langfuse's web and worker. */
export const LANGFUSE_SERVICE_ACCOUNT = "langfuse";

/** The identity by which Langfuse reaches its buckets. */
export function createLangfuseIdentity(
  context: Context,
  cluster: Cluster,
  buckets: readonly Bucket[],
  options: pulumi.ComponentResourceOptions,
): pulumi.Output<string> {
  const grants = buckets.map((bucket) =>
    pulumi
      .all([bucket.bucketArn, bucket.kmsKeyArn, bucket.region])
      .apply(([bucketArn, kmsKeyArn, region]) => ({ bucketArn, kmsKeyArn, region })),
  );
  return identityFactory(context, cluster, options)(
    "langfuse",
    { namespace: NAMESPACES.langfuse, serviceAccount: LANGFUSE_SERVICE_ACCOUNT },
    { policy: pulumi.all(grants).apply((all) => policyDocument(langfuseStatements(all))) },
  );
}

/** Makes identities of one cluster; the name of a component is `<role>-identity`. */
export function identityFactory({ iam }: Context, cluster: Cluster, options: pulumi.ComponentResourceOptions) {
  return (
    role: string,
    { namespace, serviceAccount }: ControllerIdentity,
    permissions: Pick<WorkloadIdentityArgs, "policy" | "managedPolicyArns">,
  ): pulumi.Output<string> =>
    new WorkloadIdentity(
      `${role}-identity`,
      {
        clusterName: cluster.clusterName,
        clusterArn: cluster.clusterArn,
        namespace,
        serviceAccount,
        iam,
        ...permissions,
      },
      options,
    ).ready;
}
