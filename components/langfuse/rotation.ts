/** The two logins between which a rotation toggles. */
export const CredentialSlot = { A: "a", B: "b" } as const;
export type CredentialSlot = (typeof CredentialSlot)[keyof typeof CredentialSlot];

/**
 * How often each store's credentials were rotated; raise a number by one to rotate. `application` changes no credential: it
 * makes the pods read again what somebody else changed. Whole numbers, default 0.
 */
export interface CredentialRotation {
  readonly postgres?: number;
  readonly redis?: number;
  readonly clickhouse?: number;
  readonly application?: number;
}

/** The slot that consumers use at a revision: `a` at even revisions, `b` at odd ones. */
export function activeSlot(revision: number): CredentialSlot {
  return revision % 2 === 0 ? CredentialSlot.A : CredentialSlot.B;
}

/**
 * The revision that a slot's password dates from. It changes only at revisions of the slot's own parity, so the password that
 * running pods hold stays valid while the other slot's is replaced. The password of `b` exists from the start as that of
 * revision 1: the store knows it before anybody uses it.
 */
export function slotRevision(slot: CredentialSlot, revision: number): number {
  if (slot === CredentialSlot.A) return revision - (revision % 2);
  return Math.max(1, revision % 2 === 1 ? revision : revision - 1);
}

/** The login name of a slot, e.g. `langfuse_a`. */
export function slotUser(base: string, slot: CredentialSlot): string {
  return `${base}_${slot}`;
}

/** The key under which a slot's password is kept in a Secret, e.g. `password-a`. */
export function slotPasswordKey(slot: CredentialSlot): string {
  return `password-${slot}`;
}

/** All revisions in one line without any secret; as a pod annotation it rolls the pods whenever one of them moves. */
export function revisionSummary(rotation: CredentialRotation | undefined): string {
  const { postgres = 0, redis = 0, clickhouse = 0, application = 0 } = rotation ?? {};
  return `postgres-${postgres}.redis-${redis}.clickhouse-${clickhouse}.application-${application}`;
}

/**
 * The revisions of both slots in one line, e.g. `a-0.b-1`: changes exactly when a password does, so that a server which reads
 * passwords at start only is restarted for that alone.
 */
export function slotSummary(revision: number): string {
  return [CredentialSlot.A, CredentialSlot.B].map((slot) => `${slot}-${slotRevision(slot, revision)}`).join(".");
}

/** Whether a revision is one that can be counted to. */
export function isRevision(revision: number): boolean {
  return Number.isInteger(revision) && revision >= 0;
}
