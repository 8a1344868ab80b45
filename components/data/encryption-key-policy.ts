import { type PolicyStatement, partitionOf, policyDocument } from "../internal/iam";

/** What a key's policy is made of. */
export interface KeyPolicySettings {
  readonly accountId: string;
  readonly region: string;
  /** Service prefixes as in `kms:ViaService`, e.g. `rds`. */
  readonly services: readonly string[];
  /** Whether CloudWatch Logs may encrypt log groups of this account and region with the key. */
  readonly logs: boolean;
}

const CRYPTOGRAPHY = ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"];

/**
 * The policy of a customer managed key. The account administers it through IAM; principals of the account use it through
 * the listed services only. No service-linked role is named: KMS refuses a policy that names a principal which does not
 * exist, and a new account has none of them.
 */
export function keyPolicy(settings: KeyPolicySettings): string {
  const { accountId, region, services, logs } = settings;
  const partition = partitionOf(region);
  const administration: PolicyStatement = {
    Sid: "AccountAdministersThroughIam",
    Effect: "Allow",
    Principal: { AWS: `arn:${partition}:iam::${accountId}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  const suffix = partition === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  const viaService = [...services].sort().map((service) => `${service}.${region}.${suffix}`);
  return policyDocument([
    administration,
    ...(viaService.length === 0 ? [] : servicesUse(accountId, viaService)),
    ...(logs ? [logsUse(partition, region, accountId)] : []),
  ]);
}

function servicesUse(accountId: string, viaService: string[]): PolicyStatement[] {
  const inThisAccount = { "kms:CallerAccount": accountId, "kms:ViaService": viaService };
  return [
    {
      Sid: "PrincipalsUseItThroughServices",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: CRYPTOGRAPHY,
      Resource: "*",
      Condition: { StringEquals: inThisAccount },
    },
    {
      Sid: "ServicesKeepGrants",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: "kms:CreateGrant",
      Resource: "*",
      Condition: { StringEquals: inThisAccount, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
}

function logsUse(partition: string, region: string, accountId: string): PolicyStatement {
  return {
    Sid: "LogsOfThisAccount",
    Effect: "Allow",
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: CRYPTOGRAPHY,
    Resource: "*",
    Condition: {
      ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:${partition}:logs:${region}:${accountId}:log-group:*` },
    },
  };
}
