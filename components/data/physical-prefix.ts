const LONGEST = 40;

/** A component's name in the alphabet of RDS and ElastiCache identifiers: lower case, digits, single dashes, a letter first. */
export function physicalPrefix(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, LONGEST)
    .replace(/-+$/, "");
  return plain === "" ? "store" : plain;
}
