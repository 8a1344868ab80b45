import { ApiError, type KubernetesApi } from "../api/api";
import type { ObjectReference } from "../api/objects";

/** Under this name the provider creates and applies objects. */
export const FIELD_MANAGER = "pulumi-kubernetes";

/** One entry of `metadata.managedFields`. */
export interface FieldOwner {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly subresource?: string;
}

interface LiveMetadata {
  readonly resourceVersion?: string;
  readonly managedFields?: readonly FieldOwner[];
}

/** How often the hand-over is tried while controllers keep changing the object. */
const ATTEMPTS = 5;

/**
 * Objects are created without server-side apply, so their fields belong to an "Update" of ours. Before the first apply they
 * are handed over to our "Apply"; otherwise fields that the program no longer states would stay for ever.
 */
export async function takeOverFields(api: KubernetesApi, reference: ObjectReference): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { managedFields, resourceVersion } = ((await api.read(reference))?.metadata ?? {}) as LiveMetadata;
    const owners = ownersAfterTakeOver(managedFields ?? []);
    if (owners === undefined) return;
    try {
      await api.patch(reference, { metadata: { resourceVersion, managedFields: owners } });
      return;
    } catch (error) {
      const overtaken = error instanceof ApiError && error.code === 409;
      if (!overtaken || attempt === ATTEMPTS) throw error;
    }
  }
}

/** The owners of fields once those that we created are ours to apply; undefined when there is nothing to hand over. */
export function ownersAfterTakeOver(owners: readonly FieldOwner[]): FieldOwner[] | undefined {
  const ours = owners.filter(({ manager, subresource }) => manager === FIELD_MANAGER && !subresource);
  if (ours.length === 0 || ours.some(({ operation }) => operation === "Apply")) return undefined;
  return owners.map((owner) => (ours.includes(owner) ? { ...owner, operation: "Apply" } : owner));
}
