import * as pulumi from "@pulumi/pulumi";

/**
 * The subnet of the zone at `index`. Throws when subnets and zones do not match, which may show only once subnets are known;
 * `owner` is who says so, e.g. `NodePool "cpu"`.
 */
export function subnetOfZone(
  owner: string,
  zones: readonly string[],
  subnetIds: readonly string[],
  index: number,
): string {
  const subnetId = subnetIds[index];
  if (subnetId === undefined || subnetIds.length !== zones.length) {
    throw new pulumi.RunError(
      `${owner}: ${subnetIds.length} subnets for ${zones.length} zones (${zones.join(", ")}). List one subnet a zone in subnetIds, in the order of zones.`,
    );
  }
  return subnetId;
}
