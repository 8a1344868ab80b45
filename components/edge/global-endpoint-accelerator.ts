import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { GlobalEndpointArgs } from "./global-endpoint";

const PORTS = [80, 443];

/** An accelerator with an endpoint group for each region, and the name's record. */
export function acceleratedEntry(
  name: string,
  args: GlobalEndpointArgs,
  opts: pulumi.CustomResourceOptions,
): { addresses: pulumi.Output<string[]>; resources: pulumi.Resource[] } {
  const accelerator = new aws.globalaccelerator.Accelerator(
    `${name}-accelerator`,
    { ipAddressType: "IPV4", enabled: true },
    { ...opts, protect: args.accelerator?.durable ?? false },
  );
  const listener = new aws.globalaccelerator.Listener(
    `${name}-listener`,
    {
      acceleratorArn: accelerator.arn,
      protocol: "TCP",
      portRanges: PORTS.map((port) => ({ fromPort: port, toPort: port })),
    },
    opts,
  );
  const groups = Object.entries(args.regions).map(
    ([region, { loadBalancerArn, inRotation = true }]) =>
      new aws.globalaccelerator.EndpointGroup(
        `${name}-group-${region}`,
        {
          listenerArn: listener.arn,
          endpointGroupRegion: region,
          trafficDialPercentage: inRotation ? 100 : 0,
          // Clients keep their addresses: the load balancers' security groups and rate limits judge by them.
          endpointConfigurations: [{ endpointId: loadBalancerArn, weight: 128, clientIpPreservationEnabled: true }],
        },
        opts,
      ),
  );
  const record = new aws.route53.Record(
    `${name}-record`,
    {
      zoneId: args.zoneId,
      name: args.host,
      type: "A",
      aliases: [{ name: accelerator.dnsName, zoneId: accelerator.hostedZoneId, evaluateTargetHealth: true }],
    },
    opts,
  );
  return {
    addresses: accelerator.ipSets.apply((sets) => sets.flatMap(({ ipAddresses = [] }) => ipAddresses)),
    resources: [listener, ...groups, record],
  };
}
