import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Properties } from "../providers/provider";

/** A resource as the engine's state has it; secrets are encrypted. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly custom: boolean;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
  readonly dependencies?: readonly string[];
  /** Reference `urn::id` of its provider. */
  readonly provider?: string;
}

/** The state of a stack. */
export interface State {
  readonly resources: readonly StateResource[];
  /** The state's file, as it lies on disk. */
  readonly text: string;
}

/** Reads the state that the engine keeps in `workspace`; empty before the first run. */
export function readState(workspace: string, project: string, stack: string): State {
  const file = join(workspace, ".pulumi", "stacks", project, `${stack}.json`);
  if (!existsSync(file)) return { resources: [], text: "" };
  const text = readFileSync(file, "utf8");
  const { checkpoint } = JSON.parse(text) as { checkpoint: { latest?: { resources?: StateResource[] } } };
  return { resources: checkpoint.latest?.resources ?? [], text };
}

/** URNs that depend on `urn`, directly or through others: by dependencies or provider. */
export function dependentsOf(urn: string, resources: readonly StateResource[]): Set<string> {
  const found = new Set([urn]);
  for (let grown = true; grown; ) {
    const before = found.size;
    for (const resource of resources) {
      const provider = resource.provider?.split("::").slice(0, 4).join("::") ?? "";
      const needs = [...(resource.dependencies ?? []), provider];
      if (needs.some((need) => found.has(need))) found.add(resource.urn);
    }
    grown = found.size > before;
  }
  found.delete(urn);
  return found;
}
