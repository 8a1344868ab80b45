import type { DiffResult, Properties } from "../providers/provider";
import { steering } from "./annotations";
import { differences, pathText, withoutEmptyMembers } from "./differences";
import { isBuiltIn } from "./kinds";
import { comparable, pruned } from "./live-shape";
import { forcing, type Mutability } from "./replace-rules";

/** An object as the last operation left it, and as the program wants it. */
export interface ObjectComparison {
  readonly before: Properties;
  /** The live object that the last operation returned. */
  readonly state: Properties;
  readonly now: Properties;
  readonly mutability: Mutability;
  /** Whether it is a Job that has not completed, whose program asks for a new one in that case. */
  readonly unready: boolean;
}

/** What the program changes in an object, and whether that can be done in place. */
export function diffObject({ before, state, now, mutability, unready }: ObjectComparison): DiffResult {
  const [was, wanted] = [comparable(before), comparable(now)];
  // Resources that were never read back (an import, a failed create) have nothing but their inputs.
  const last = state.kind === undefined ? was : (pruned(comparable(state), was) as Properties);
  const tidy = isBuiltIn(String(now.apiVersion)) ? withoutEmptyMembers : (value: unknown) => value;
  const found = differences(tidy(last), tidy(wanted));
  const replaces = forcing(wanted, found, mutability).map(({ path }) => pathText(path));
  if (unready) replaces.push('metadata.annotations["pulumi.com/replaceUnready"]');
  const spelled = (key: string) => (key === "data" && now.stringData !== undefined ? "stringData" : key);
  const changes = found.map(({ path }) => spelled(String(path[0])));
  if (unready) changes.push("metadata");
  return {
    changes: [...new Set(changes)],
    replaces,
    paths: [...found.map(({ path }) => pathText(path)), ...(unready ? replaces.slice(-1) : [])],
    deleteBeforeReplace: replaces.length > 0 && keepsItsName(last, now),
  };
}

function keepsItsName(last: Properties, now: Properties): boolean {
  const automatic = steering(now, "autonamed") === "true";
  const same = now.metadata?.name === last.metadata?.name && now.metadata?.namespace === last.metadata?.namespace;
  return !automatic && same;
}
