/** What a kubeconfig for an EKS cluster is made of. */
export interface KubeconfigParts {
  /** Name of the cluster in EKS. */
  readonly clusterName: string;
  /** URL of its API server. */
  readonly endpoint: string;
  /** Its certificate authority, PEM in base64. */
  readonly certificateAuthority: string;
  /** Region of the cluster. */
  readonly region: string;
  /** Role to assume for a token; it must be the role that the AWS provider assumes. Default: the caller's own identity. */
  readonly roleArn?: string;
}

/**
 * A kubeconfig (as JSON, which every reader of kubeconfigs takes) that asks `aws eks get-token` for a short-lived token at
 * each use, so that none is kept in it. Needs AWS CLI v2 wherever it is used. The region is always passed, and no profile
 * ever: whoever reads the file decides by its environment who it is.
 */
export function kubeconfig(parts: KubeconfigParts): string {
  const { clusterName, endpoint, certificateAuthority, region, roleArn } = parts;
  const args = ["eks", "get-token", "--cluster-name", clusterName, "--region", region, "--output", "json"];
  return JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        { name: clusterName, cluster: { server: endpoint, "certificate-authority-data": certificateAuthority } },
      ],
      users: [
        {
          name: clusterName,
          user: {
            exec: {
              apiVersion: "client.authentication.k8s.io/v1beta1",
              command: "aws",
              args: roleArn === undefined ? args : [...args, "--role-arn", roleArn],
              interactiveMode: "IfAvailable",
              provideClusterInfo: false,
            },
          },
        },
      ],
      contexts: [{ name: clusterName, context: { cluster: clusterName, user: clusterName } }],
      "current-context": clusterName,
    },
    undefined,
    2,
  );
}
