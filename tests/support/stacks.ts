import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Recording, record } from "../../preview/recorder";
import { createPlatform } from "../../stacks/platform";
import { loadStackFile, readSettings } from "../../stacks/settings";
import { Graph } from "./graph";
import { type Changes, changed, committed } from "./settings";

export const STACKS = ["prod", "staging"] as const;
export type StackName = (typeof STACKS)[number];

/** Releases that bring definitions of kinds and run nothing. */
export const KINDS_ALONE = ["prometheus-operator-crds", "traefik-kinds"];

/** A stack as the recorder saw it, with the questions that tests ask of it. */
export interface RecordedStack {
  readonly recording: Recording;
  readonly graph: Graph;
}

const PROJECT = "llm-platform";
const committedStacks = new Map<StackName, Promise<RecordedStack>>();

/** The platform of a committed stack file, recorded once in a run of the tests. */
export function stackOf(stack: StackName): Promise<RecordedStack> {
  const known = committedStacks.get(stack);
  if (known !== undefined) return known;
  const text = readFileSync(join(__dirname, `../../Pulumi.${stack}.yaml`), "utf8");
  const { config, secretKeys } = loadStackFile(text, PROJECT);
  const recorded = recordConfig({ project: PROJECT, stack, config, secretConfig: secretKeys });
  committedStacks.set(stack, recorded);
  return recorded;
}

/** The platform of a committed stack with changed settings, under another project name if given. */
export function variantOf(stack: StackName, changes: Changes, project = PROJECT): Promise<RecordedStack> {
  const sections = changed(committed(stack), changes);
  const config = Object.fromEntries(
    Object.entries(sections).map(([key, value]) => [
      `${project}:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
  const secretConfig = sections.secrets === undefined ? [] : [`${project}:secrets`];
  return recordConfig({ project, stack, config, secretConfig });
}

async function recordConfig(options: {
  readonly project: string;
  readonly stack: string;
  readonly config: Record<string, string>;
  readonly secretConfig: string[];
}): Promise<RecordedStack> {
  const recording = await record(() => createPlatform(readSettings()), options);
  const failures = recording.failures.map(({ message }) => message);
  assert.deepEqual(failures, [], "the program failed");
  return { recording, graph: new Graph(recording.resources, recording.result) };
}
