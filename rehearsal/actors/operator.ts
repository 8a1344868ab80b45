import type { KubernetesApi } from "../api/api";
import { type KubernetesObject, referenceTo } from "../api/objects";
import { isReady } from "../checks/pods";
import type { Properties } from "../providers/provider";
import { isPassing, unlessGone } from "./loop";

/** What an operator works with. */
export interface Work {
  readonly api: KubernetesApi;
  /** A ready pod of the operator: its arguments and files say how it is set up. */
  readonly controller: KubernetesObject;
  /** Applies an object on behalf of `owner`, if it differs from what was applied before. */
  apply(owner: KubernetesObject, object: KubernetesObject): Promise<void>;
}

/** Does the work of one project's controllers, as far as others can see it. */
export interface Operator {
  /** Who the objects are applied by, e.g. `keda-operator`. */
  readonly name: string;
  /** Label selector of its pods; nothing happens without a ready one. */
  readonly pods: string;
  /** What it reconciles, as [apiVersion, kind]. */
  readonly kinds: readonly (readonly [apiVersion: string, kind: string])[];
  /** What keeps the object until the operator has cleaned up behind it; undefined when nothing does. */
  finalizer?(object: KubernetesObject): string | undefined;
  reconcile(object: KubernetesObject, work: Work): Promise<void>;
  /** What it keeps by itself, whatever it is asked for. */
  attended?(controller: KubernetesObject): readonly KubernetesObject[];
  /** Cleans up behind a deleted object; tells whether all is clean. */
  finalize?(object: KubernetesObject, work: Work): Promise<boolean>;
}

/** Pods with these labels that are ready, in any namespace. */
export async function readyPods(api: KubernetesApi, labelSelector: string): Promise<KubernetesObject[]> {
  return (await api.list("v1", "Pod", { labelSelector })).filter(isReady);
}

/** Runs an operator on an API server. */
export class OperatorRunner {
  /** What was applied last, by owner and object. */
  private readonly applied = new Map<string, string>();
  /** Complaints that are already in an Event. */
  private readonly complaints = new Map<string, string>();

  constructor(
    private readonly api: KubernetesApi,
    private readonly operator: Operator,
  ) {}

  /** The operator looks at each of its objects once, if one of its own pods is ready. */
  async round(): Promise<void> {
    const { operator } = this;
    const lists = await Promise.all(operator.kinds.map(([apiVersion, kind]) => this.api.list(apiVersion, kind)));
    const objects = lists.flat();
    if (objects.length === 0 && operator.attended === undefined) return;
    const [controller] = await readyPods(this.api, operator.pods);
    if (controller === undefined) return;
    const work: Work = { api: this.api, controller, apply: (owner, object) => this.apply(owner, object) };
    for (const object of operator.attended?.(controller) ?? []) await work.apply(controller, object);
    await Promise.all(objects.map((object) => this.handled(object, work)));
  }

  /** What an object makes impossible is told in an Event of it, as operators do, and tried again. */
  private async handled(object: KubernetesObject, work: Work): Promise<void> {
    try {
      await this.handle(object, work);
    } catch (error) {
      if (isPassing(error)) return;
      const message = error instanceof Error ? error.message : String(error);
      const { uid = "" } = object.metadata;
      if (this.complaints.get(uid) === message) return;
      this.complaints.set(uid, message);
      await this.complain(object, message);
    }
  }

  private async handle(object: KubernetesObject, work: Work): Promise<void> {
    const { operator } = this;
    const finalizer = operator.finalizer?.(object);
    const { deletionTimestamp, finalizers = [], resourceVersion } = object.metadata;
    // Only while nobody else has changed the object: deletion in the foreground has a finalizer of its own.
    const setFinalizers = (wanted: readonly string[]) =>
      unlessGone(this.api.patch(referenceTo(object), { metadata: { finalizers: wanted, resourceVersion } }));
    if (deletionTimestamp === undefined) {
      if (finalizer !== undefined && !finalizers.includes(finalizer)) await setFinalizers([...finalizers, finalizer]);
      await operator.reconcile(object, work);
    } else if (finalizer !== undefined && finalizers.includes(finalizer)) {
      const isClean = (await operator.finalize?.(object, work)) ?? true;
      if (isClean) await setFinalizers(finalizers.filter((one) => one !== finalizer));
    }
  }

  private async apply(owner: KubernetesObject, object: KubernetesObject): Promise<void> {
    const { kind, namespace, name } = referenceTo(object);
    const key = `${owner.metadata.uid} ${kind} ${namespace}/${name}`;
    const text = JSON.stringify(object);
    if (this.applied.get(key) === text) return;
    await this.api.apply(object, this.operator.name);
    this.applied.set(key, text);
  }

  private async complain(object: KubernetesObject, message: string): Promise<void> {
    const { apiVersion, kind, metadata } = object;
    const namespace = metadata.namespace ?? "default";
    const now = new Date().toISOString();
    await this.api.create({
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${metadata.name}.${Date.now().toString(16)}`, namespace },
      involvedObject: { apiVersion, kind, name: metadata.name, namespace, uid: metadata.uid },
      type: "Warning",
      reason: "ReconcileFailed",
      message: message.slice(0, 1000),
      source: { component: this.operator.name },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    });
  }
}

/** What ties an object to the one it was made for. */
export function ownedBy({ apiVersion, kind, metadata }: KubernetesObject): Properties {
  const { name, uid } = metadata;
  return { ownerReferences: [{ apiVersion, kind, name, uid, controller: true, blockOwnerDeletion: true }] };
}

/** Sets conditions in an object's status, if they are not there yet. */
export async function setConditions(
  api: KubernetesApi,
  object: KubernetesObject,
  conditions: readonly Condition[],
  further: Properties = {},
): Promise<void> {
  const current = (object.status?.conditions ?? []) as Condition[];
  const isSet = conditions.every((wanted) =>
    current.some(
      ({ type, status, message }) => type === wanted.type && status === wanted.status && message === wanted.message,
    ),
  );
  const { generation } = object.metadata;
  const isCurrent = current.every(({ observedGeneration = generation }) => observedGeneration === generation);
  if (isSet && isCurrent) return;
  const lastTransitionTime = new Date().toISOString().replace(/\.\d+/, "");
  const times = { lastTransitionTime, lastUpdateTime: lastTransitionTime };
  const dated = conditions.map((condition) => ({ ...condition, ...times, observedGeneration: generation }));
  await api.patchStatus(referenceTo(object), { ...further, conditions: dated });
}

/** A condition as most projects write it. */
export interface Condition {
  readonly type: string;
  readonly status: "True" | "False";
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
}

/** A condition of type Ready. */
export function readyCondition(isTrue: boolean, message: string): Condition {
  return { type: "Ready", status: isTrue ? "True" : "False", reason: isTrue ? "Ready" : "NotReady", message };
}
