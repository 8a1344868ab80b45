import { Address4 } from "ip-address";

/** The most zones that one VPC layout holds. */
export const MAX_ZONES = 7;

/** The most ranges that a load balancer lets in: a security group has 60 rules unless its quota is raised, and each range takes two ports. */
export const MAX_CLIENT_CIDRS = 30;

/** Whether `text` is an IPv4 CIDR without host bits, e.g. `10.0.0.0/16`. */
export function isCidr(text: string): boolean {
  if (!text.includes("/") || !Address4.isValid(text)) return false;
  const address = new Address4(text);
  return address.startAddress().correctForm() === address.correctForm();
}

/** The number after the slash. */
export function prefixLength(cidr: string): number {
  return new Address4(cidr).subnetMask;
}

/** Whether two CIDRs share an address. */
export function cidrsOverlap(a: string, b: string): boolean {
  return cidrContains(a, b) || cidrContains(b, a);
}

/** Whether every address of `inner` is in `outer`. */
export function cidrContains(outer: string, inner: string): boolean {
  return new Address4(inner).isInSubnet(new Address4(outer));
}

/** The subnets of one zone. */
export interface ZoneSubnets {
  readonly public: string;
  readonly private: string;
  readonly data: string;
}

/**
 * Lays a VPC out by zone. With up to three zones each private subnet is a quarter of the VPC (pods live there, and VPC CNI
 * hands out whole /28 blocks); the last quarter holds sixteen slices: eight for public subnets, eight for data subnets.
 * From four zones on it is eighths. The layout depends on that step alone, so a third zone added later moves no subnet.
 */
export function subnetPlan(vpcCidr: string, zones: readonly string[]): Record<string, ZoneSubnets> {
  const bits = zones.length <= 3 ? 2 : 3;
  const prefix = prefixLength(vpcCidr);
  const last = block(vpcCidr, prefix + bits, 2 ** bits - 1);
  return Object.fromEntries(
    zones.map((zone, index) => [
      zone,
      {
        private: block(vpcCidr, prefix + bits, index),
        public: block(last, prefix + bits + 4, index),
        data: block(last, prefix + bits + 4, 8 + index),
      },
    ]),
  );
}

/** The `index`-th block of prefix length `length` inside `cidr`. */
function block(cidr: string, length: number, index: number): string {
  const start = new Address4(cidr).startAddress().bigInt();
  const size = 1n << BigInt(32 - length);
  return `${Address4.fromBigInt(start + size * BigInt(index)).correctForm()}/${length}`;
}
