import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import type { IamSettings } from "../internal/iam";
import { createAccess } from "./cluster-access";
import { checkClusterArgs } from "./cluster-checks";
import { createControlPlane, DEFAULT_SERVICE_CIDR } from "./cluster-control-plane";
import { createNodeAddons } from "./cluster-node-addons";
import { kubeconfig } from "./kubeconfig";

export interface ClusterArgs {
  /** What the cluster's generated name starts with, at most 80 letters, digits and dashes. Changing it replaces the cluster. Default the component's name. */
  readonly namePrefix?: string;
  /** Kubernetes minor: `1.34`, `1.35` or `1.36`. Upgrade one minor at a time; a downgrade is impossible. */
  readonly kubernetesVersion: string;
  /** Region of the cluster, e.g. `us-east-1`; part of the kubeconfig. */
  readonly region: string;
  /** Subnets for the control plane's network interfaces, in at least two zones. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Who reaches the API server, and how. The private endpoint is always on. */
  readonly endpoint: ClusterEndpointArgs;
  /**
   * IAM roles or users, by ARN, that administer the cluster. The role that creates the cluster is an administrator already:
   * naming it here fails with `ResourceInUseException` (409), since its access entry exists. Default none.
   */
  readonly admins?: string[];
  /** IAM roles or users, by ARN, that may read everything but Secrets. Default none. */
  readonly viewers?: string[];
  /** Days that the control plane's logs are kept, one of the periods of CloudWatch Logs. Default 30. */
  readonly logRetentionDays?: number;
  /** Range of Service addresses, /12 to /24, apart from the VPC. Changing it replaces the cluster. Default 172.20.0.0/16. */
  readonly serviceCidr?: string;
  /** Protect cluster and key from deletion and keep the logs when they are gone. */
  readonly durable: boolean;
  /** Role that the AWS provider assumes, by ARN; the kubeconfig then assumes it too. Default: the caller's own identity. */
  readonly assumeRoleArn?: string;
  /**
   * Weights of resources (`cpu`, `nvidia.com/gpu`), 1 to 100, by which EKS' own scheduler fills nodes one after the other in place
   * of using them evenly. It then does so with every pod of the cluster. Default evenly.
   */
  readonly packingWeights?: Record<string, number>;
  /** Exact versions of add-ons by EKS name (`vpc-cni`), in place of the pinned ones. Default none. */
  readonly addonVersions?: Record<string, string>;
  /** What the account demands of roles. */
  readonly iam?: IamSettings;
}

/** How the API server is reached. */
export interface ClusterEndpointArgs {
  /** IPv4 ranges that may reach the public endpoint; never the whole world. Empty: there is no public endpoint. */
  readonly publicAccessCidrs: string[];
  /** Says that whoever runs Pulumi is inside the VPC or connected to it; needed when there is no public endpoint. Default false. */
  readonly reachedPrivately?: boolean;
}

/**
 * An EKS control plane: generated name, log group, role, key for Secrets, OIDC provider, access entries, and the add-ons that
 * nodes need at boot (VPC CNI with network policies and prefix delegation, kube-proxy, Pod Identity agent). Nodes
 * and every other add-on are made elsewhere.
 */
export class Cluster extends pulumi.ComponentResource {
  /** Generated name; follows the cluster, so whatever uses it waits for the cluster. */
  readonly clusterName: pulumi.Output<string>;
  /** ARN; the identity of the cluster for the Kubernetes provider (`clusterIdentifier`). */
  readonly clusterArn: pulumi.Output<string>;
  /** URL of the API server. */
  readonly endpoint: pulumi.Output<string>;
  /** Certificate authority of the API server, PEM in base64. */
  readonly certificateAuthority: pulumi.Output<string>;
  /** Kubeconfig that runs `aws eks get-token`; holds no token, and yet is best shown as a secret. */
  readonly kubeconfig: pulumi.Output<string>;
  /** Security group of control plane, nodes and (sharing their node's) pods: stores accept it. */
  readonly clusterSecurityGroupId: pulumi.Output<string>;
  /** For workloads that cannot use Pod Identity. */
  readonly oidcProviderArn: pulumi.Output<string>;
  /** Issuer URL, `https://…`. */
  readonly oidcIssuer: pulumi.Output<string>;
  /** Range of Service addresses. */
  readonly serviceCidr: pulumi.Output<string>;
  /** Gate: admins and viewers have their rights. The Kubernetes provider waits for it. */
  readonly accessReady: pulumi.Output<string>;
  /** Gate: the add-ons that nodes need at boot. Node groups wait for it. */
  readonly networkingReady: pulumi.Output<string>;
  /** Gate: everything in here. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:Cluster", name, {}, opts);
    const minor = checkClusterArgs(name, args);
    const cluster = createControlPlane(name, args, { parent: this });
    const oidcIssuer = cluster.identities.apply((identities) => {
      const issuer = identities[0]?.oidcs[0]?.issuer;
      if (issuer === undefined) throw new pulumi.RunError(`EKS reports no OIDC issuer for cluster "${name}"`);
      return issuer;
    });
    const oidc = new aws.iam.OpenIdConnectProvider(
      `${name}-oidc`,
      { url: oidcIssuer, clientIdLists: ["sts.amazonaws.com"] },
      { parent: this },
    );
    const access = createAccess(name, cluster.name, args, { parent: this });
    const addons = createNodeAddons(name, cluster.name, minor, args.addonVersions, { parent: this });

    this.clusterName = cluster.name;
    this.clusterArn = cluster.arn;
    this.endpoint = cluster.endpoint;
    this.certificateAuthority = cluster.certificateAuthority.data;
    this.kubeconfig = pulumi
      .all([cluster.name, cluster.endpoint, cluster.certificateAuthority.data])
      .apply(([clusterName, endpoint, certificateAuthority]) =>
        kubeconfig({ clusterName, endpoint, certificateAuthority, region: args.region, roleArn: args.assumeRoleArn }),
      );
    this.clusterSecurityGroupId = cluster.vpcConfig.clusterSecurityGroupId;
    this.oidcProviderArn = oidc.arn;
    this.oidcIssuer = oidcIssuer;
    this.serviceCidr = pulumi.output(args.serviceCidr ?? DEFAULT_SERVICE_CIDR);
    this.accessReady = ready([cluster, ...access]);
    this.networkingReady = ready(addons);
    this.ready = ready([cluster, oidc, ...access, ...addons]);
    this.registerOutputs({
      clusterName: this.clusterName,
      clusterArn: this.clusterArn,
      endpoint: this.endpoint,
      certificateAuthority: this.certificateAuthority,
      // It holds no token, but the stack keeps it secret all the same.
      kubeconfig: pulumi.secret(this.kubeconfig),
      clusterSecurityGroupId: this.clusterSecurityGroupId,
      oidcIssuer: this.oidcIssuer,
      oidcProviderArn: this.oidcProviderArn,
      serviceCidr: this.serviceCidr,
      accessReady: this.accessReady,
      networkingReady: this.networkingReady,
      ready: this.ready,
    });
  }
}
