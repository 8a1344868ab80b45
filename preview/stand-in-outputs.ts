import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** What a provider would compute for a resource, from its logical name and inputs. */
export type StandInOutputs = (name: string, inputs: Record<string, unknown>) => Record<string, unknown>;

const ACCOUNT = "111111111111";
const REGION = "us-east-1";

/**
 * Stand-in values for everything that a provider computes and our program reads, so that a run without any cloud resolves
 * every input. They look like the real thing (lengths, alphabets, ARNs), because checks downstream look at them.
 */
export function standInOutputs(type: string): StandInOutputs {
  const computed = COMPUTED[type];
  return (name, inputs) => ({ ...generic(type, name), ...computed?.(name, inputs) });
}

/** `length` hexadecimal digits that depend on `name` alone. */
export function standInHex(name: string, length: number): string {
  let text = "";
  for (let block = 0; text.length < length; block++) {
    text += createHash("sha256").update(`${name}/${block}`).digest("hex");
  }
  return text.slice(0, length);
}

function generic(type: string, name: string): Record<string, unknown> {
  if (!type.startsWith("aws:")) return {};
  const service = type.slice("aws:".length).split("/")[0] ?? "";
  return { arn: `arn:aws:${service}:${REGION}:${ACCOUNT}:${name}`, name };
}

const id = (prefix: string) => (name: string) => ({ id: `${prefix}-${standInHex(name, 17)}` });

const COMPUTED: Record<string, StandInOutputs> = {
  "random:index/randomPassword:RandomPassword": (name, inputs) => ({
    result: pulumi.secret(standInHex(name, Number(inputs.length ?? 32))),
    bcryptHash: pulumi.secret(`bcrypt-${standInHex(name, 16)}`),
  }),
  "random:index/randomBytes:RandomBytes": (name, inputs) => ({
    hex: pulumi.secret(standInHex(name, Number(inputs.length ?? 32) * 2)),
    base64: pulumi.secret(Buffer.from(standInHex(name, Number(inputs.length ?? 32))).toString("base64")),
  }),
  "random:index/randomId:RandomId": (name, inputs) => {
    const hex = standInHex(name, Number(inputs.byteLength ?? 4) * 2);
    return { hex: `${inputs.prefix ?? ""}${hex}`, dec: "123", b64Url: "abc", b64Std: "abc", id: hex };
  },
  "random:index/randomUuid:RandomUuid": (name) => {
    const hex = standInHex(name, 32);
    return {
      result: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
    };
  },
  "random:index/randomString:RandomString": (name, inputs) => ({
    result: standInHex(name, Number(inputs.length ?? 8)),
  }),
  "aws:ec2/vpc:Vpc": id("vpc"),
  "aws:ec2/subnet:Subnet": id("subnet"),
  "aws:ec2/securityGroup:SecurityGroup": id("sg"),
  "aws:ec2/internetGateway:InternetGateway": id("igw"),
  "aws:ec2/natGateway:NatGateway": id("nat"),
  "aws:ec2/routeTable:RouteTable": id("rtb"),
  "aws:ec2/eip:Eip": (name) => ({
    id: `eipalloc-${standInHex(name, 17)}`,
    allocationId: `eipalloc-${standInHex(name, 17)}`,
    publicIp: "198.51.100.10",
  }),
  "aws:ec2/vpcEndpoint:VpcEndpoint": (name) => ({ id: `vpce-${standInHex(name, 17)}`, prefixListId: "pl-63a5400a" }),
  "aws:ec2/launchTemplate:LaunchTemplate": (name) => ({ id: `lt-${standInHex(name, 17)}`, latestVersion: 1 }),
  "aws:iam/role:Role": (name) => ({
    name: `${name}-0000000`,
    arn: `arn:aws:iam::${ACCOUNT}:role/${name}-0000000`,
    id: `${name}-0000000`,
  }),
  "aws:iam/policy:Policy": (name) => ({ arn: `arn:aws:iam::${ACCOUNT}:policy/${name}-0000000` }),
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": (name) => ({
    arn: `arn:aws:iam::${ACCOUNT}:oidc-provider/oidc.eks.${REGION}.amazonaws.com/id/${standInHex(name, 32).toUpperCase()}`,
  }),
  "aws:kms/key:Key": (name) => {
    const hex = standInHex(name, 32);
    const keyId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    return { id: keyId, keyId, arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${keyId}` };
  },
  "aws:eks/cluster:Cluster": (name, inputs) => {
    const cluster = typeof inputs.name === "string" ? inputs.name : name;
    const issuer = `https://oidc.eks.${REGION}.amazonaws.com/id/${standInHex(name, 32).toUpperCase()}`;
    return {
      id: cluster,
      name: cluster,
      arn: `arn:aws:eks:${REGION}:${ACCOUNT}:cluster/${cluster}`,
      endpoint: `https://${standInHex(name, 32).toUpperCase()}.gr7.${REGION}.eks.amazonaws.com`,
      certificateAuthority: { data: Buffer.from(`certificate authority of ${cluster}`).toString("base64") },
      certificateAuthorities: [{ data: Buffer.from(`certificate authority of ${cluster}`).toString("base64") }],
      identities: [{ oidcs: [{ issuer }] }],
      vpcConfig: {
        ...(inputs.vpcConfig as object),
        clusterSecurityGroupId: `sg-${standInHex(`${name}/cluster`, 17)}`,
        vpcId: "vpc-0",
      },
      kubernetesNetworkConfig: { serviceIpv4Cidr: "172.20.0.0/16", ...(inputs.kubernetesNetworkConfig as object) },
      platformVersion: "eks.1",
      status: "ACTIVE",
    };
  },
  "aws:eks/nodeGroup:NodeGroup": (name) => ({
    nodeGroupName: `${name}-0000000`,
    status: "ACTIVE",
    resources: [{ autoscalingGroups: [{ name: `eks-${name}-${standInHex(name, 8)}` }] }],
  }),
  "aws:rds/instance:Instance": (name, inputs) => ({
    identifier: `${name}-0000000`,
    address: `${name}-0000000.abcdefghijkl.${REGION}.rds.amazonaws.com`,
    endpoint: `${name}-0000000.abcdefghijkl.${REGION}.rds.amazonaws.com:5432`,
    port: 5432,
    hostedZoneId: "Z2R2ITUGPM61AM",
    engineVersionActual: `${inputs.engineVersion ?? "16"}`,
    resourceId: `db-${standInHex(name, 26).toUpperCase()}`,
  }),
  "aws:elasticache/replicationGroup:ReplicationGroup": (name) => ({
    primaryEndpointAddress: `master.${name}-0000000.abcdef.use1.cache.amazonaws.com`,
    readerEndpointAddress: `replica.${name}-0000000.abcdef.use1.cache.amazonaws.com`,
    configurationEndpointAddress: `clustercfg.${name}-0000000.abcdef.use1.cache.amazonaws.com`,
    port: 6379,
  }),
  "aws:s3/bucket:Bucket": (name) => ({
    id: `${name}-0000000`,
    bucket: `${name}-0000000`,
    arn: `arn:aws:s3:::${name}-0000000`,
    bucketRegionalDomainName: `${name}-0000000.s3.${REGION}.amazonaws.com`,
    bucketDomainName: `${name}-0000000.s3.amazonaws.com`,
    region: REGION,
  }),
  "aws:lb/loadBalancer:LoadBalancer": (name) => ({
    arn: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/net/${name}/${standInHex(name, 16)}`,
    dnsName: `${name}-${standInHex(name, 16)}.elb.${REGION}.amazonaws.com`,
    zoneId: "Z26RNL4JYFTOTI",
  }),
  "aws:lb/targetGroup:TargetGroup": (name) => ({
    arn: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:targetgroup/${name}/${standInHex(name, 16)}`,
  }),
  "aws:route53/zone:Zone": (name) => ({
    zoneId: `Z${standInHex(name, 20).toUpperCase()}`,
    nameServers: ["ns-1.awsdns-01.org", "ns-2.awsdns-02.com", "ns-3.awsdns-03.net", "ns-4.awsdns-04.co.uk"],
  }),
  "aws:route53/record:Record": (_name, inputs) => ({ fqdn: `${inputs.name ?? ""}` }),
  "aws:route53/healthCheck:HealthCheck": (name) => ({ id: standInHex(name, 32) }),
  "aws:globalaccelerator/accelerator:Accelerator": (name) => ({
    arn: `arn:aws:globalaccelerator::${ACCOUNT}:accelerator/${standInHex(name, 32)}`,
    dnsName: `${standInHex(name, 16)}.awsglobalaccelerator.com`,
    hostedZoneId: "Z2BJ6XQ5FK7U4H",
    ipSets: [{ ipFamily: "IPv4", ipAddresses: ["192.0.2.10", "198.51.100.11"] }],
  }),
  "aws:acm/certificate:Certificate": (name, inputs) => ({
    arn: `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/${standInHex(name, 32)}`,
    domainValidationOptions: [
      inputs.domainName,
      ...((inputs.subjectAlternativeNames as string[] | undefined) ?? []),
    ].map((domainName) => ({
      domainName,
      resourceRecordName: `_${standInHex(name, 32)}.${String(domainName).replace(/^\*\./, "")}.`,
      resourceRecordType: "CNAME",
      resourceRecordValue: `_${standInHex(`${name}/value`, 32)}.acm-validations.aws.`,
    })),
  }),
  "aws:acm/certificateValidation:CertificateValidation": (_name, inputs) => ({ certificateArn: inputs.certificateArn }),
  "aws:efs/fileSystem:FileSystem": (name) => ({
    id: `fs-${standInHex(name, 17)}`,
    dnsName: `fs.efs.${REGION}.amazonaws.com`,
  }),
  "aws:fsx/lustreFileSystem:LustreFileSystem": (name) => ({
    id: `fs-${standInHex(name, 17)}`,
    dnsName: `fs-${standInHex(name, 17)}.fsx.${REGION}.amazonaws.com`,
    mountName: standInHex(name, 8),
  }),
  "aws:secretsmanager/secret:Secret": (name) => ({
    arn: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:${name}-0000000`,
    name: `${name}-0000000`,
  }),
  "aws:cloudwatch/logGroup:LogGroup": (name, inputs) => ({ name: inputs.name ?? `${name}-0000000` }),
  "kubernetes:helm.sh/v3:Release": (name, inputs) => ({
    status: {
      name: inputs.name ?? name,
      namespace: inputs.namespace,
      status: "deployed",
      version: inputs.version,
      revision: 1,
    },
    resourceNames: {},
  }),
  "kubernetes:core/v1:Service": (_name, inputs) => ({
    spec: { clusterIP: "172.20.0.100", ...(inputs.spec as object) },
    status: { loadBalancer: {} },
  }),
};
