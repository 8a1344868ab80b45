/** One change of a store's password. */
export interface PasswordChange {
  /** Id of the store. */
  readonly store: string;
  /** Milliseconds of `performance.now()`. */
  readonly at: number;
}

/** Passwords that stores accept. */
export class Credentials {
  /** Every change after the first password, in order. */
  readonly changes: PasswordChange[] = [];
  private readonly valid = new Map<string, readonly string[]>();

  /** The passwords of a store that let a client in now, the newest first. */
  validPasswords(store: string): readonly string[] {
    return this.valid.get(store) ?? [];
  }

  /** Sets the only password. */
  set(store: string, password: string): void {
    const before = this.valid.get(store);
    if (before !== undefined && before[0] !== password) this.changes.push({ store, at: performance.now() });
    this.valid.set(store, [password]);
  }

  /** Adds a password; the one before it stays valid, older ones do not. */
  rotate(store: string, password: string): void {
    const [current] = this.validPasswords(store);
    if (current === password) return;
    if (current !== undefined) this.changes.push({ store, at: performance.now() });
    this.valid.set(store, current === undefined ? [password] : [password, current]);
  }

  /** Forgets a store. */
  drop(store: string): void {
    this.valid.delete(store);
  }
}
