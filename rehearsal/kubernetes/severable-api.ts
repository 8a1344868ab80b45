import type { KubernetesApi, ListFilter } from "../api/api";
import type { KubernetesObject, ObjectReference } from "../api/objects";

/** A connection to an API server that can be cut for good, as when the provider's process dies in the middle of its work. */
export class SeverableApi implements KubernetesApi {
  readonly real: boolean;
  private severed = false;

  constructor(private readonly behind: KubernetesApi) {
    this.real = behind.real;
  }

  /** From now on nothing is asked any more; what was asked is carried out. */
  sever(): void {
    this.severed = true;
  }

  async create(object: KubernetesObject): Promise<KubernetesObject> {
    return this.open().create(object);
  }

  async read(reference: ObjectReference): Promise<KubernetesObject | undefined> {
    return this.open().read(reference);
  }

  async apply(object: KubernetesObject, fieldManager: string): Promise<KubernetesObject> {
    return this.open().apply(object, fieldManager);
  }

  async patchStatus(reference: ObjectReference, status: object): Promise<void> {
    return this.open().patchStatus(reference, status);
  }

  async patch(reference: ObjectReference, change: object): Promise<KubernetesObject> {
    return this.open().patch(reference, change);
  }

  async delete(reference: ObjectReference, propagation?: "Background" | "Foreground" | "Orphan"): Promise<boolean> {
    return this.open().delete(reference, propagation);
  }

  async list(apiVersion: string, kind: string, filter?: ListFilter): Promise<KubernetesObject[]> {
    return this.open().list(apiVersion, kind, filter);
  }

  async evict(namespace: string, pod: string, dryRun?: boolean): Promise<void> {
    return this.open().evict(namespace, pod, dryRun);
  }

  private open(): KubernetesApi {
    if (this.severed) throw new Error("the connection to the API server was cut: the provider was killed");
    return this.behind;
  }
}
