import { type CheckResult, UNKNOWN } from "../../providers/provider";
import type { Cloud } from "../cloud";
import { refusal } from "../refusal";
import type { LiveResource } from "../resource";

/** Whether a value is given and can be judged. */
export function known(value: unknown): boolean {
  return value !== undefined && value !== null && value !== UNKNOWN;
}

type Failure = CheckResult["failures"][number];

/** The failures among what was looked at. */
export function only(found: readonly (Failure | false | undefined)[]): Failure[] {
  return found.filter((failure): failure is Failure => typeof failure === "object");
}

/** Takes the final snapshot of a store, under a name that is taken once and for all. */
export function dropSnapshotOf(store: LiveResource, name: string | undefined, takenCode: string, cloud: Cloud): void {
  if (name === undefined) return;
  if (cloud.snapshots.has(name))
    throw refusal(takenCode, `Cannot create the snapshot because one with the identifier ${name} already exists.`);
  cloud.snapshots.set(name, store.inputs.kmsKeyId);
}
