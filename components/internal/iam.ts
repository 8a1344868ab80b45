import { stableJson } from "./stable-json";

/** One statement of an IAM policy, in IAM's own words. */
export interface PolicyStatement {
  readonly Sid?: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: "*" | Readonly<Record<string, string | readonly string[]>>;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** A policy document as text, with keys in a fixed order so that no run sees a difference that is not there. */
export function policyDocument(statements: readonly PolicyStatement[]): string {
  return stableJson({ Version: "2012-10-17", Statement: statements });
}

/** The trust policy of a role that an AWS service assumes, e.g. `eks.amazonaws.com`. */
export function serviceTrust(service: string): string {
  return policyDocument([{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }]);
}

/** The trust policy of a role that pods assume through EKS Pod Identity, limited to one cluster. */
export function podIdentityTrust(clusterArn: string): string {
  return policyDocument([
    {
      Effect: "Allow",
      Principal: { Service: "pods.eks.amazonaws.com" },
      Action: ["sts:AssumeRole", "sts:TagSession"],
      Condition: { ArnEquals: { "aws:SourceArn": clusterArn } },
    },
  ]);
}

/** The trust policy of a role that one ServiceAccount assumes through the cluster's OIDC issuer (IRSA). */
export function serviceAccountTrust(
  oidcProviderArn: string,
  issuer: string,
  namespace: string,
  serviceAccount: string,
): string {
  const host = issuer.replace(/^https:\/\//, "");
  return policyDocument([
    {
      Effect: "Allow",
      Principal: { Federated: oidcProviderArn },
      Action: "sts:AssumeRoleWithWebIdentity",
      Condition: {
        StringEquals: {
          [`${host}:sub`]: `system:serviceaccount:${namespace}:${serviceAccount}`,
          [`${host}:aud`]: "sts.amazonaws.com",
        },
      },
    },
  ]);
}

/** The statement that refuses any access to a bucket without TLS. */
export function denyInsecureTransport(bucketArn: string): PolicyStatement {
  return {
    Sid: "DenyInsecureTransport",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, `${bucketArn}/*`],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}

/** The partition (`aws`, `aws-cn`, `aws-us-gov`) that a region belongs to. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return "aws";
}

/** ARN of a policy that AWS manages, in the partition of `region`; `name` with its path, e.g. `service-role/AmazonEBSCSIDriverPolicyV2`. */
export function managedPolicyArn(region: string, name: string): string {
  return `arn:${partitionOf(region)}:iam::aws:policy/${name}`;
}

/** What an enterprise account demands of every role; plain values, both optional. */
export interface IamSettings {
  /** ARN of the permissions boundary that every role gets. Default none. */
  readonly permissionsBoundaryArn?: string;
  /** Path of every role, with slashes on both sides, e.g. `/platform/`. Default `/`. */
  readonly path?: string;
}

/** The inputs that `IamSettings` add to every role. */
export function roleSettings(iam: IamSettings | undefined): { permissionsBoundary?: string; path?: string } {
  return {
    ...(iam?.permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: iam.permissionsBoundaryArn }),
    ...(iam?.path === undefined ? {} : { path: iam.path }),
  };
}
