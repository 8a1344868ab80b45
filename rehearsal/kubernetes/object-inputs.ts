import { randomBytes } from "node:crypto";
import type { CheckResult, Properties, ResourceIdentity } from "../providers/provider";
import { steering } from "./annotations";
import { isBuiltIn, isNamespaced, kindOfToken } from "./kinds";

/** Inputs of an object with its kind, its namespace and, where the program gives none, an automatic name. */
export function checkObject(resource: ResourceIdentity, before: Properties | undefined, now: Properties): CheckResult {
  const { apiVersion, kind } = kindOfToken(resource.type);
  if (kind.endsWith("Patch") || kind.endsWith("List")) {
    const reason = `${kind} is not stood in for: it changes objects of others, or stands for several. Use the kind itself.`;
    return { inputs: now, failures: [{ property: "kind", reason }] };
  }
  const inputs: Properties = { ...now, apiVersion: now.apiVersion ?? apiVersion, kind: now.kind ?? kind };
  // A metadata that is not known as a whole cannot be completed.
  if (typeof now.metadata === "string") return { inputs, failures: [] };
  if (now.metadata?.generateName !== undefined) {
    const reason = "generateName does not work with server-side apply. Give metadata.name, or leave both out.";
    return { inputs, failures: [{ property: "metadata.generateName", reason }] };
  }
  const placed = isNamespaced(apiVersion, kind) && isBuiltIn(apiVersion) ? { namespace: "default" } : {};
  const metadata = { ...placed, ...withName(resource.name, before, now.metadata ?? {}) };
  return { inputs: { ...inputs, metadata }, failures: [] };
}

/** A logical name with a suffix that nobody else has. */
export function automaticName(logicalName: string): string {
  return `${logicalName}-${randomBytes(4).toString("hex")}`;
}

function withName(logicalName: string, before: Properties | undefined, metadata: Properties): Properties {
  if (metadata.name !== undefined) return metadata;
  const kept = before !== undefined && steering(before, "autonamed") === "true" ? before.metadata.name : undefined;
  const annotations = { ...metadata.annotations, "pulumi.com/autonamed": "true" };
  return { ...metadata, name: kept ?? automaticName(logicalName), annotations };
}
