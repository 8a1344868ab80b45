import { isSecretValue, type RecordedResource, type Recording, type ResourceOptionsRecord } from "./recorder";
import { pathsWhere, redacted } from "./redaction";

/** A resource of the plan: what the engine would be told, secrets left out. */
export interface PlannedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  readonly parent: string;
  readonly provider: string;
  readonly custom: boolean;
  /** Whether it exists already and is only read. */
  readonly read: boolean;
  readonly inputs: Record<string, unknown>;
  /** Paths of the inputs that are secret. */
  readonly secretInputs: string[];
  readonly dependencies: string[];
  readonly propertyDependencies: Record<string, string[]>;
  readonly options: Partial<ResourceOptionsRecord>;
}

/** The plan of a stack, as written to `plan.json`. */
export interface Plan {
  readonly project: string;
  readonly stack: string;
  readonly resources: PlannedResource[];
  /** What the stack offers to people and to other stacks. */
  readonly outputs: Record<string, unknown>;
}

/** The plan behind a recording, in an order that does not depend on timing: parents first, then by URN. */
export function planOf(project: string, stack: string, recording: Recording): Plan {
  const depth = depths(recording.resources);
  const resources = [...recording.resources]
    .sort((a, b) => (depth.get(a.urn) ?? 0) - (depth.get(b.urn) ?? 0) || (a.urn < b.urn ? -1 : 1))
    .map((resource) => ({
      urn: resource.urn,
      type: resource.type,
      name: resource.name,
      parent: resource.parent,
      provider: providerUrn(resource),
      custom: resource.custom,
      read: resource.read,
      inputs: redacted(resource.inputs) as Record<string, unknown>,
      secretInputs: pathsWhere(resource.inputs, isSecretValue),
      dependencies: resource.dependencies,
      propertyDependencies: resource.propertyDependencies,
      options: stated(resource.options),
    }));
  const root = recording.resources.find((resource) => resource.type === "pulumi:pulumi:Stack");
  return { project, stack, resources, outputs: redacted(root?.outputs ?? {}) as Record<string, unknown> };
}

/** Whether `pulumi up` creates something for it: no component, no provider, nothing that exists already. */
export function isCreated(resource: { type: string; custom: boolean; read: boolean }): boolean {
  return resource.custom && !resource.read && !resource.type.startsWith("pulumi:");
}

/** The last part of a type token: `Subnet` of `aws:ec2/subnet:Subnet`. */
export function shortType(type: string): string {
  return type.split(":").at(-1) ?? type;
}

/** URN of the provider in a provider reference (`urn::id`); empty without one. */
export function providerUrn(resource: { provider: string }): string {
  return resource.provider.split("::").slice(0, 4).join("::");
}

/** The options that say something: switches that are on, lists that are not empty. */
function stated(options: ResourceOptionsRecord): Partial<ResourceOptionsRecord> {
  return Object.fromEntries(
    Object.entries(options).filter(
      ([, value]) => value && (typeof value !== "object" || Object.values(value).some((inner) => inner)),
    ),
  );
}

function depths(resources: readonly RecordedResource[]): Map<string, number> {
  const parents = new Map(resources.map((resource) => [resource.urn, resource.parent]));
  const known = new Map<string, number>();
  const depth = (urn: string): number => {
    const parent = parents.get(urn);
    const found = known.get(urn) ?? (parent === undefined || parent === "" ? 0 : 1 + depth(parent));
    known.set(urn, found);
    return found;
  };
  return new Map(resources.map((resource) => [resource.urn, depth(resource.urn)]));
}
