import * as components from "../../../components";
import type { Make } from "./make";

/** Components of foundation, data, edge and operations, with the least that makes something. */
export const PLATFORM_MAKERS: Record<string, Make> = {
  CrossRegionReplication: (name, options) =>
    new components.CrossRegionReplication(
      name,
      {
        purpose: "models",
        source: { region: "us-east-1", bucketName: "models", kmsKeyArn: "arn:aws:kms:us-east-1:111111111111:key/1" },
        copies: {
          "eu-west-1": { bucketName: "copies", kmsKeyArn: "arn:aws:kms:eu-west-1:111111111111:key/2" },
        },
      },
      options,
    ),
  GlobalEndpoint: (name, options) =>
    new components.GlobalEndpoint(
      name,
      {
        host: "api.example.com",
        zoneId: "Z1",
        regions: { "us-east-1": { dnsName: "one.elb.us-east-1.amazonaws.com", hostedZoneId: "Z26RNL4JYFTOTI" } },
        latencyRecords: {},
      },
      options,
    ),
  VerticalPodAutoscalerRecommender: (name, options) =>
    new components.VerticalPodAutoscalerRecommender(name, { namespace: "kube-system" }, options),
};
