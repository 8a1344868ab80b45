import type { Properties, ResourceIdentity } from "./provider";

/** What the engine asked of a provider. */
export type Method = "configure" | "check" | "diff" | "create" | "update" | "read" | "delete";

/** A call that is about to be carried out. */
export interface Call extends ResourceIdentity {
  readonly method: Method;
  readonly preview: boolean;
  /** New inputs; for `delete` and `read` the state. */
  readonly properties: Properties;
}

/** A call that was carried out. */
export interface CallRecord extends Call {
  /** Milliseconds of `performance.now()`. */
  readonly started: number;
  readonly finished: number;
  /** Id of the resource, once it has one. */
  readonly id?: string;
  readonly error?: string;
}

/**
 * Sees every call before a stand-in does: it may wait (a slow store), or throw (a fault). A fault thrown `after` the call took
 * effect is what a lost answer looks like.
 */
export interface Interceptor {
  before?(call: Call): Promise<void>;
  after?(call: Call): Promise<void>;
}

/** The log of all calls, and where faults are put in. */
export class Calls {
  readonly records: CallRecord[] = [];
  /** Default: none. Set for the length of a drill. */
  interceptor: Interceptor | undefined;

  /** Carries out `action` as `call`, with the interceptor around it, and writes it down. */
  async perform<Result>(call: Call, action: () => Promise<Result>): Promise<Result> {
    const started = performance.now();
    let id: string | undefined;
    let error: string | undefined;
    try {
      await this.interceptor?.before?.(call);
      const result = await action();
      id = (result as { id?: string } | undefined)?.id;
      await this.interceptor?.after?.(call);
      return result;
    } catch (thrown) {
      error = thrown instanceof Error ? thrown.message : String(thrown);
      throw thrown;
    } finally {
      const optional = { ...(id === undefined ? {} : { id }), ...(error === undefined ? {} : { error }) };
      this.records.push({ ...call, started, finished: performance.now(), ...optional });
    }
  }

  /** Forgets what was recorded, before a drill. */
  clear(): void {
    this.records.length = 0;
  }
}
