import type { KubernetesObject, ObjectReference } from "./objects";

/** Where objects are kept: a real API server (`RestApi`), or memory (`MemoryApi`) for tests of the engine alone. */
export interface KubernetesApi {
  /** Whether objects are kept by a real API server, whose validation, admission and controllers then judge them. */
  readonly real: boolean;
  /** Makes the object; 409 when it exists, 404 when its kind or namespace does not. Validation is strict: unknown fields are refused. */
  create(object: KubernetesObject): Promise<KubernetesObject>;
  /** The object; undefined when it, or its kind, does not exist. */
  read(reference: ObjectReference): Promise<KubernetesObject | undefined>;
  /** Server-side apply by `fieldManager`, forced over other managers; makes the object when it does not exist. Strict, as `create`. */
  apply(object: KubernetesObject, fieldManager: string): Promise<KubernetesObject>;
  /** Sets the object's status subresource by a merge patch; what the object's controller would do. */
  patchStatus(reference: ObjectReference, status: object): Promise<void>;
  /** A merge patch of the object itself; what a controller or a person would do. */
  patch(reference: ObjectReference, change: object): Promise<KubernetesObject>;
  /** Asks for the deletion, in the background; resolves at once, true when the object existed. */
  delete(reference: ObjectReference, propagation?: "Background" | "Foreground" | "Orphan"): Promise<boolean>;
  /** All objects of a kind, in one namespace or in all; none when the kind does not exist. */
  list(apiVersion: string, kind: string, filter?: ListFilter): Promise<KubernetesObject[]>;
  /** Asks to evict a pod; 429 when a PodDisruptionBudget forbids it. `dryRun` asks without doing. */
  evict(namespace: string, pod: string, dryRun?: boolean): Promise<void>;
}

/** Which objects a list holds. */
export interface ListFilter {
  readonly namespace?: string;
  /** As kubectl writes it, e.g. `app=web,tier!=db`. */
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

/** What the API server answers when it refuses. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    /** HTTP status: 403, 404, 409, 422, 429, … */
    readonly code: number,
    /** Kubernetes' word for it: `AlreadyExists`, `Invalid`, `Forbidden`, … */
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}
