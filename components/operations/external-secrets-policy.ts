import { partitionOf, policyDocument } from "../internal/iam";

/** What the operator may read. */
export interface ExternalSecretsGrants {
  readonly region: string;
  /** Secrets in Secrets Manager, by ARN. */
  readonly secretArns: readonly string[];
  /** Keys that encrypt them, by ARN. */
  readonly kmsKeyArns: readonly string[];
}

/** The policy of the operator's role: the named secrets and nothing else; it lists none, since every source is named. */
export function externalSecretsPolicy(grants: ExternalSecretsGrants): string {
  const suffix = partitionOf(grants.region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return policyDocument([
    {
      Effect: "Allow",
      Action: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetResourcePolicy",
        "secretsmanager:GetSecretValue",
        "secretsmanager:ListSecretVersionIds",
      ],
      Resource: grants.secretArns,
    },
    {
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: grants.kmsKeyArns,
      Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${grants.region}.${suffix}` } },
    },
  ]);
}
