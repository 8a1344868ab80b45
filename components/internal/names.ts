/** A DNS-1123 label: what Kubernetes takes as the name of a Service, namespace or container (at most 63 characters). */
export const DNS_LABEL = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

/** A host name of at least two labels, lower case, without scheme, port or trailing dot. */
export const HOST_NAME = /^(?=.{1,253}$)([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z][-a-z0-9]{0,61}[a-z0-9]$/;

/** An AWS region, e.g. `us-east-1` or `us-gov-west-1`. */
export const AWS_REGION = /^[a-z]{2}(-[a-z]+)+-\d$/;

/** Characters that Pulumi's auto-naming adds to a logical name: a dash and seven hexadecimal digits. */
export const AUTONAME_SUFFIX = 8;

/**
 * How long a physical name may be, by Pulumi type, where AWS is stricter than our logical names are long. The provider
 * refuses a longer name instead of cutting it. Sources: the AWS API reference of each service.
 */
export const PHYSICAL_NAME_LIMITS: Readonly<Record<string, number>> = {
  "aws:elasticache/replicationGroup:ReplicationGroup": 40,
  "aws:lb/loadBalancer:LoadBalancer": 32,
  "aws:lb/targetGroup:TargetGroup": 32,
  "aws:iam/role:Role": 64,
  "aws:iam/policy:Policy": 128,
  "aws:s3/bucket:Bucket": 63,
  "aws:rds/instance:Instance": 63,
  "aws:eks/nodeGroup:NodeGroup": 63,
  "aws:eks/cluster:Cluster": 100,
  "aws:ec2/launchTemplate:LaunchTemplate": 128,
  "aws:wafv2/webAcl:WebAcl": 128,
  "aws:globalaccelerator/accelerator:Accelerator": 64,
};
