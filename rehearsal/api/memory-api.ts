import { randomUUID } from "node:crypto";
import { merged } from "../kubernetes/merge-patch";
import { ApiError, type KubernetesApi, type ListFilter } from "./api";
import { applied, asksForTheSame, endpointSliceFor, keyOf, stored } from "./memory-objects";
import { fieldsMatch, selects } from "./memory-selectors";
import { finalStatus } from "./memory-status";
import { described, type KubernetesObject, type ObjectReference, referenceTo } from "./objects";

const INITIAL_NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"];

/** Keeps objects in memory, takes any kind for known, validates nothing, and finds everything ready at once. */
export class MemoryApi implements KubernetesApi {
  readonly real = false;
  private readonly objects = new Map<string, KubernetesObject>();
  /** What each manager applied last, by the object's uid and the manager's name; under no name what was created. */
  private readonly statements = new Map<string, KubernetesObject>();
  private revision = 0;

  constructor() {
    for (const name of INITIAL_NAMESPACES) {
      const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name } };
      this.keep(this.born(namespace));
    }
  }

  async create(object: KubernetesObject): Promise<KubernetesObject> {
    const reference = referenceTo(object);
    if (this.objects.has(keyOf(reference))) throw refusal(409, "AlreadyExists", reference, "already exists");
    this.requireNamespace(reference);
    const made = this.born(stored(object));
    this.statements.set(`${made.metadata.uid} `, stored(object));
    this.keep(made);
    const slice = endpointSliceFor(made);
    if (slice !== undefined && !this.objects.has(keyOf(referenceTo(slice)))) await this.create(slice);
    return structuredClone(made);
  }

  async read(reference: ObjectReference): Promise<KubernetesObject | undefined> {
    return structuredClone(this.objects.get(keyOf(reference)));
  }

  async apply(object: KubernetesObject, fieldManager: string): Promise<KubernetesObject> {
    const live = this.objects.get(keyOf(referenceTo(object)));
    if (live === undefined) return this.create(object);
    const wanted = stored(object);
    const statement = `${live.metadata.uid} ${fieldManager}`;
    // Who applies first takes over what was created.
    const before = this.statements.get(statement) ?? this.statements.get(`${live.metadata.uid} `) ?? wanted;
    this.statements.set(statement, wanted);
    return this.changed(live, applied(live, before, wanted));
  }

  async patchStatus(reference: ObjectReference, status: object): Promise<void> {
    const live = this.found(reference);
    this.keep(merged(live, { status }) as KubernetesObject);
  }

  async patch(reference: ObjectReference, change: object): Promise<KubernetesObject> {
    const live = this.found(reference);
    return this.changed(live, stored(merged(live, change) as KubernetesObject));
  }

  async delete(reference: ObjectReference): Promise<boolean> {
    const live = this.objects.get(keyOf(reference));
    if (live === undefined) return false;
    const deletionTimestamp = live.metadata.deletionTimestamp ?? new Date().toISOString();
    this.keep({ ...live, metadata: { ...live.metadata, deletionTimestamp } });
    this.collect();
    return true;
  }

  async list(apiVersion: string, kind: string, filter: ListFilter = {}): Promise<KubernetesObject[]> {
    const { namespace, labelSelector, fieldSelector } = filter;
    const prefix = keyOf({ apiVersion, kind, namespace: "", name: "" }).replace(/\|\|$/, "|");
    const ofKind = [...this.objects].filter(([key]) => key.startsWith(prefix)).map(([, object]) => object);
    const found = ofKind.filter(
      (object) =>
        (namespace === undefined || object.metadata.namespace === namespace) &&
        (labelSelector === undefined || selects(labelSelector, object.metadata.labels ?? {})) &&
        (fieldSelector === undefined || fieldsMatch(fieldSelector, object)),
    );
    return structuredClone(found);
  }

  async evict(namespace: string, pod: string, dryRun = false): Promise<void> {
    const reference = { apiVersion: "v1", kind: "Pod", namespace, name: pod };
    this.found(reference);
    if (!dryRun) await this.delete(reference);
  }

  /** An object as it is when it is new, and ready. */
  private born(object: KubernetesObject): KubernetesObject {
    const metadata = {
      ...object.metadata,
      uid: randomUUID(),
      generation: 1,
      creationTimestamp: new Date().toISOString(),
    };
    return readied({ ...object, metadata });
  }

  /** Stores `now` in place of `live`, with a new generation when it asks for something else. */
  private changed(live: KubernetesObject, now: KubernetesObject): KubernetesObject {
    const same = asksForTheSame(live, now);
    const generation = (live.metadata.generation ?? 1) + (same ? 0 : 1);
    const { uid, creationTimestamp } = live.metadata;
    const next = { ...now, metadata: { ...now.metadata, uid, creationTimestamp, generation } } as KubernetesObject;
    this.keep(same ? next : readied(next));
    this.collect();
    return structuredClone(this.objects.get(keyOf(referenceTo(next))) ?? next);
  }

  private keep(object: KubernetesObject): void {
    this.revision += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.revision) };
    this.objects.set(keyOf(referenceTo(object)), structuredClone({ ...object, metadata }));
  }

  /** Removes what is deleted and has no finalizer, and what it took with it, until nothing more goes. */
  private collect(): void {
    for (;;) {
      const ending = [...this.objects.values()].filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
      for (const { kind, metadata } of ending)
        if (kind === "Namespace") this.contentOf(metadata.name).map(this.condemn, this);
      const gone = [...this.objects.values()].filter((object) => this.isGone(object));
      if (gone.length === 0) return;
      for (const object of gone) {
        this.objects.delete(keyOf(referenceTo(object)));
        for (const left of [...this.objects.values()]) if (goesWith(left, object)) this.condemn(left);
      }
    }
  }

  /** A namespace stays until nothing is in it. */
  private isGone({ kind, metadata }: KubernetesObject): boolean {
    if (metadata.deletionTimestamp === undefined || (metadata.finalizers ?? []).length > 0) return false;
    return kind !== "Namespace" || this.contentOf(metadata.name).length === 0;
  }

  private contentOf(namespace: string): KubernetesObject[] {
    return [...this.objects.values()].filter((object) => object.metadata.namespace === namespace);
  }

  private condemn(object: KubernetesObject): void {
    if (object.metadata.deletionTimestamp !== undefined) return;
    this.keep({ ...object, metadata: { ...object.metadata, deletionTimestamp: new Date().toISOString() } });
  }

  private requireNamespace(reference: ObjectReference): void {
    const { namespace } = reference;
    if (namespace === undefined) return;
    const found = this.objects.get(keyOf({ apiVersion: "v1", kind: "Namespace", name: namespace }));
    if (found === undefined) throw new ApiError(404, "NotFound", `namespaces "${namespace}" not found`);
    if (found.metadata.deletionTimestamp !== undefined)
      throw refusal(403, "Forbidden", reference, `its namespace ${namespace} is being terminated`);
  }

  private found(reference: ObjectReference): KubernetesObject {
    const live = this.objects.get(keyOf(reference));
    if (live === undefined) throw refusal(404, "NotFound", reference, "not found");
    return live;
  }
}

function readied(object: KubernetesObject): KubernetesObject {
  const status = finalStatus(object);
  return status === undefined ? object : { ...object, status };
}

function goesWith({ metadata }: KubernetesObject, owner: KubernetesObject): boolean {
  return (metadata.ownerReferences ?? []).some(({ uid }) => uid === owner.metadata.uid);
}

function refusal(code: number, reason: string, reference: ObjectReference, what: string): ApiError {
  return new ApiError(code, reason, `${described(reference)}: ${what}`);
}
