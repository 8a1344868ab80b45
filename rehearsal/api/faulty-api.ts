import type { KubernetesApi, ListFilter } from "./api";
import { type KubernetesObject, type ObjectReference, referenceTo } from "./objects";

/** Decides before every write whether it fails; throws the fault. */
export type Fault = (method: "create" | "apply" | "delete", reference: ObjectReference) => void;

/** An API server whose writes fail when a drill wants them to; everything else goes through. */
export class FaultyApi implements KubernetesApi {
  readonly real: boolean;
  /** Default: nothing fails. Set for the length of a drill. */
  fault: Fault | undefined;

  constructor(private readonly behind: KubernetesApi) {
    this.real = behind.real;
  }

  async create(object: KubernetesObject): Promise<KubernetesObject> {
    this.fault?.("create", referenceTo(object));
    return this.behind.create(object);
  }

  async apply(object: KubernetesObject, fieldManager: string): Promise<KubernetesObject> {
    this.fault?.("apply", referenceTo(object));
    return this.behind.apply(object, fieldManager);
  }

  async delete(reference: ObjectReference, propagation?: "Background" | "Foreground" | "Orphan"): Promise<boolean> {
    this.fault?.("delete", reference);
    return this.behind.delete(reference, propagation);
  }

  read(reference: ObjectReference): Promise<KubernetesObject | undefined> {
    return this.behind.read(reference);
  }

  list(apiVersion: string, kind: string, filter?: ListFilter): Promise<KubernetesObject[]> {
    return this.behind.list(apiVersion, kind, filter);
  }

  patch(reference: ObjectReference, change: object): Promise<KubernetesObject> {
    return this.behind.patch(reference, change);
  }

  patchStatus(reference: ObjectReference, status: object): Promise<void> {
    return this.behind.patchStatus(reference, status);
  }

  evict(namespace: string, pod: string, dryRun?: boolean): Promise<void> {
    return this.behind.evict(namespace, pod, dryRun);
  }
}
