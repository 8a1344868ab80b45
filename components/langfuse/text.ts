import * as pulumi from "@pulumi/pulumi";

/**
 * A template literal over Inputs: plain parts give plain text, so that what is built from plain values can be read and
 * tested without Pulumi; anything else becomes an Output.
 */
export function text(
  literals: TemplateStringsArray,
  ...parts: pulumi.Input<string | number | boolean>[]
): pulumi.Input<string> {
  const plain = parts.every((part) => ["string", "number", "boolean"].includes(typeof part));
  return plain
    ? literals.map((literal, index) => `${literal}${index < parts.length ? String(parts[index]) : ""}`).join("")
    : pulumi.interpolate(literals, ...parts);
}
