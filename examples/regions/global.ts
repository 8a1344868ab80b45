import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { CrossRegionReplication, GlobalEndpoint } from "llm-platform";
import type { RegionalOutputs } from "./regional";

type Regions<T> = Record<string, T>;

/** One name for all regions, and copies of the home region's models in the others. */
export function globalStack(config: pulumi.Config) {
  if (!config.requireBoolean("enabled")) return {};
  const regions = config.requireObject<string[]>("regions");
  const resting = config.requireObject<string[]>("outOfRotation");
  const home = config.require("home");
  const options = { providers: [new aws.Provider("aws", { region: home })] };
  const stacks = each(regions, (region) => {
    return new pulumi.StackReference(`${pulumi.getOrganization()}/${pulumi.getProject()}/${region}`);
  });
  const stores = each(regions, (region) => {
    const { bucketName, kmsKeyArn } = read(stacks, region, "modelStore");
    return { bucketName, kmsKeyArn };
  });

  const endpoint = new GlobalEndpoint(
    "endpoint",
    {
      host: config.require("host"),
      zoneId: config.require("zoneId"),
      regions: each(regions, (region) => {
        const { dnsName, hostedZoneId, loadBalancerArn } = read(stacks, region, "entry");
        return { dnsName, hostedZoneId, loadBalancerArn, inRotation: !resting.includes(region) };
      }),
      // Exactly one of the two.
      ...(config.require("entry") === "accelerator"
        ? { accelerator: { durable: config.requireBoolean("durable") } }
        : { latencyRecords: {} }),
    },
    options,
  );
  const { [home]: source, ...copies } = stores;
  if (source === undefined) throw new pulumi.RunError(`home: ${home} is not among the regions: ${regions.join(", ")}.`);
  const replication = new CrossRegionReplication(
    "models",
    { purpose: "models", source: { region: home, ...source }, copies, prefix: "models/" },
    options,
  );
  return {
    url: `https://${config.require("host")}`,
    addresses: endpoint.addresses,
    healthCheckIds: endpoint.healthCheckIds,
    replicationRoleArn: replication.roleArn,
  };
}

/** An output of a region's stack; fails when the stack does not have it. */
function read<Key extends keyof RegionalOutputs>(
  stacks: Regions<pulumi.StackReference>,
  region: string,
  name: Key,
): pulumi.Output<pulumi.Unwrap<RegionalOutputs[Key]>> {
  const stack = stacks[region];
  if (stack === undefined) throw new pulumi.RunError(`${region} is not among the regions.`);
  return stack.requireOutput(name) as pulumi.Output<pulumi.Unwrap<RegionalOutputs[Key]>>;
}

function each<T>(regions: string[], value: (region: string) => T): Regions<T> {
  return Object.fromEntries(regions.map((region) => [region, value(region)]));
}
