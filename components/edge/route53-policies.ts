import type { PolicyStatement } from "../internal/iam";

/** What cert-manager may do to answer DNS-01 challenges in these Route 53 zones: TXT records, nothing else. */
export function dns01Statements(zoneIds: readonly string[], partition = "aws"): PolicyStatement[] {
  return [
    {
      Effect: "Allow",
      Action: "route53:GetChange",
      Resource: `arn:${partition}:route53:::change/*`,
    },
    {
      Effect: "Allow",
      Action: "route53:ChangeResourceRecordSets",
      Resource: zoneArns(zoneIds, partition),
      Condition: { "ForAllValues:StringEquals": { "route53:ChangeResourceRecordSetsRecordTypes": ["TXT"] } },
    },
    {
      Effect: "Allow",
      Action: "route53:ListResourceRecordSets",
      Resource: zoneArns(zoneIds, partition),
    },
  ];
}

/** What external-dns may do: any record in these Route 53 zones, and find them by listing all zones. */
export function externalDnsStatements(zoneIds: readonly string[], partition = "aws"): PolicyStatement[] {
  return [
    {
      Effect: "Allow",
      Action: ["route53:ChangeResourceRecordSets", "route53:ListResourceRecordSets", "route53:ListTagsForResources"],
      Resource: zoneArns(zoneIds, partition),
    },
    // The API has no way to list some zones only.
    { Effect: "Allow", Action: "route53:ListHostedZones", Resource: "*" },
  ];
}

function zoneArns(zoneIds: readonly string[], partition: string): string[] {
  return zoneIds.map((zoneId) => `arn:${partition}:route53:::hostedzone/${zoneId}`);
}
