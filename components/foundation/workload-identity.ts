import { setTimeout } from "node:timers/promises";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { allReady, ready } from "../internal/gates";
import { hooksSupported } from "../internal/hooks";
import { type IamSettings, podIdentityTrust, roleSettings, serviceAccountTrust } from "../internal/iam";
import { Problems } from "../internal/problems";

export interface WorkloadIdentityArgs {
  /** Name of the EKS cluster. Changing it replaces the association. */
  readonly clusterName: pulumi.Input<string>;
  /** ARN of the EKS cluster; only its pods may assume the role. */
  readonly clusterArn: pulumi.Input<string>;
  /** Namespace of the ServiceAccount; need not exist yet. */
  readonly namespace: string;
  /** Name of the ServiceAccount; need not exist yet. */
  readonly serviceAccount: string;
  /** What the workload may do: an IAM policy document as JSON text. Default none. */
  readonly policy?: pulumi.Input<string>;
  /** AWS-managed policies besides, by ARN, keyed by a short name that stays. Default none. */
  readonly managedPolicyArns?: Record<string, pulumi.Input<string>>;
  /**
   * For workloads whose SDK cannot use EKS Pod Identity: trust the cluster's OIDC issuer instead (IRSA); the ServiceAccount
   * then needs `serviceAccountAnnotations`. Default: Pod Identity.
   */
  readonly irsa?: IrsaArgs;
  /** What the account demands of roles. */
  readonly iam?: IamSettings;
}

/** The cluster's OIDC provider. */
export interface IrsaArgs {
  /** ARN of the IAM OIDC provider. */
  readonly oidcProviderArn: pulumi.Input<string>;
  /** Issuer URL, `https://…`. */
  readonly oidcIssuer: pulumi.Input<string>;
}

/** EKS calls it several seconds until an association that it accepted is effective; this is as long as that can mean, in milliseconds. */
const SETTLE_MILLISECONDS = 15_000;

/**
 * Lets one Kubernetes ServiceAccount act in AWS: a role, its permissions, and the Pod Identity association (or the IRSA
 * trust). It needs names only, so that it can be made right after the cluster, before any node and so long before the first
 * pod: credentials are injected when a pod is admitted, and an association that comes later is never seen by that pod. On a
 * living cluster the gate therefore opens 15 seconds after EKS has accepted it. The ServiceAccount itself is not managed here.
 */
export class WorkloadIdentity extends pulumi.ComponentResource {
  /** ARN of the role. */
  readonly roleArn: pulumi.Output<string>;
  /** Annotations that the ServiceAccount must carry; empty under Pod Identity. */
  readonly serviceAccountAnnotations: pulumi.Output<Record<string, string>>;
  /** Gate: role and permissions exist and the association is effective. Every owner of pods with this identity waits for it. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: WorkloadIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:WorkloadIdentity", name, {}, opts);
    const problems = new Problems();
    problems.check(args.policy !== undefined || Object.keys(args.managedPolicyArns ?? {}).length > 0, {
      path: "policy",
      rule: "an identity without permissions serves nobody",
      fix: "Give policy or managedPolicyArns.",
    });
    problems.throwIfAny("WorkloadIdentity", name);

    const role = new aws.iam.Role(
      `${name}-role`,
      {
        description: `${args.namespace}/${args.serviceAccount} on EKS`,
        assumeRolePolicy: args.irsa
          ? pulumi
              .all([args.irsa.oidcProviderArn, args.irsa.oidcIssuer])
              .apply(([arn, issuer]) => serviceAccountTrust(arn, issuer, args.namespace, args.serviceAccount))
          : pulumi.output(args.clusterArn).apply(podIdentityTrust),
        ...roleSettings(args.iam),
      },
      { parent: this },
    );
    const policy =
      args.policy === undefined
        ? []
        : [new aws.iam.RolePolicy(`${name}-policy`, { role: role.name, policy: args.policy }, { parent: this })];
    const attachments = Object.entries(args.managedPolicyArns ?? {}).map(
      ([key, policyArn]) =>
        new aws.iam.RolePolicyAttachment(`${name}-policy-${key}`, { role: role.name, policyArn }, { parent: this }),
    );
    const effective = args.irsa ? undefined : podIdentityAssociation(name, args, role.arn, { parent: this });

    this.roleArn = role.arn;
    const annotated = (arn: string): Record<string, string> => (args.irsa ? { "eks.amazonaws.com/role-arn": arn } : {});
    this.serviceAccountAnnotations = role.arn.apply(annotated);
    this.ready = allReady(ready([role, ...policy, ...attachments]), effective);
    this.registerOutputs({
      roleArn: this.roleArn,
      serviceAccountAnnotations: this.serviceAccountAnnotations,
      ready: this.ready,
    });
  }
}

/** Makes the association. Gives the gate that opens once it is effective: when it exists, and some time later if this run made it. */
function podIdentityAssociation(
  name: string,
  { clusterName, namespace, serviceAccount }: WorkloadIdentityArgs,
  roleArn: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  let settled: Promise<void> | undefined;
  // The engine calls it before it answers the program, and saves no state of anything meanwhile: so it only starts the clock.
  // Names of hooks share one space in a program; a cluster has one association for an account.
  const startClock = () =>
    new pulumi.ResourceHook(`${name}-${namespace}-${serviceAccount}-created`, () => {
      settled = setTimeout(SETTLE_MILLISECONDS);
    });
  const association = new aws.eks.PodIdentityAssociation(
    `${name}-association`,
    { clusterName, namespace, serviceAccount, roleArn },
    hooksSupported() ? { ...opts, hooks: { afterCreate: [startClock()] } } : opts,
  );
  return association.urn.apply(async () => {
    await settled;
    return "ready";
  });
}
