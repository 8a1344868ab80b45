/**
 * What the engine sends in a preview in place of a value that nobody knows yet. It may stand at any depth of inputs and of
 * old state; stand-ins pass it on and never compute with it.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Inputs or state of a resource: plain JSON. Secrets are opened here; the engine marks what comes back. */
// biome-ignore lint/suspicious/noExplicitAny: resources of any type, read by those who know the type.
export type Properties = Record<string, any>;

/** Which resource a call is about. */
export interface ResourceIdentity {
  readonly urn: string;
  /** Type token, e.g. `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
}

/** What `check` finds. */
export interface CheckResult {
  /** Inputs with the provider's defaults and automatic names. */
  readonly inputs: Properties;
  /** Each with the property at fault (may be empty). */
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

/** What `diff` finds. */
export interface DiffResult {
  /** Top-level properties that differ; none means no change. */
  readonly changes: readonly string[];
  /** Paths (`spec.selector`) whose difference forces a replacement; none means an update in place. */
  readonly replaces: readonly string[];
  /** Every path that differs, those of `replaces` among them: what `replaceOnChanges: ["spec.controller"]` is held against. */
  readonly paths?: readonly string[];
  /** Whether the replacement deletes first: for objects with fixed names. */
  readonly deleteBeforeReplace?: boolean;
}

/** A resource as the provider knows it. */
export interface ResourceState {
  readonly id: string;
  readonly state: Properties;
}

/** A stand-in for a resource provider: the part of the engine's protocol that decides something, in plain values. */
export interface Provider {
  /** Once in every run of the engine, before any resource; never when a value of the configuration is not known. A failure fails the run. */
  configure(configuration: Properties): Promise<void>;
  /** Whether a changed configuration means another provider, so that all its resources are replaced. */
  diffConfiguration(before: Properties, now: Properties): Promise<DiffResult>;
  check(resource: ResourceIdentity, before: Properties | undefined, now: Properties): Promise<CheckResult>;
  /** Compares inputs; `state` is what the last operation returned. Those under `ignoreChanges` are already put back by the engine. */
  diff(
    resource: ResourceIdentity,
    id: string,
    before: Properties,
    state: Properties,
    now: Properties,
  ): Promise<DiffResult>;
  /** In a preview the answer holds what would be known (UNKNOWN for the rest) and its id is empty. */
  create(resource: ResourceIdentity, inputs: Properties, options: CallOptions): Promise<ResourceState>;
  update(
    resource: ResourceIdentity,
    id: string,
    before: Properties,
    state: Properties,
    now: Properties,
    options: CallOptions,
  ): Promise<Properties>;
  /** The present state and the inputs that it amounts to; undefined when the resource is gone. */
  read(
    resource: ResourceIdentity,
    id: string,
    inputs: Properties,
    state: Properties,
  ): Promise<{ readonly inputs: Properties; readonly state: Properties } | undefined>;
  delete(resource: ResourceIdentity, id: string, state: Properties, options: CallOptions): Promise<void>;
  /** Called when the engine is interrupted: what waits should give up at once with an error. */
  cancel?(): void;
}

/** How an operation runs. */
export interface CallOptions {
  readonly preview: boolean;
  /** From customTimeouts; undefined when the program sets none. */
  readonly timeoutSeconds: number | undefined;
}

/** A failure that leaves something behind: the engine records it with this state, and the next run goes on from there. */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";

  constructor(
    message: string,
    readonly id: string,
    readonly state: Properties,
  ) {
    super(message);
  }
}
