import * as pulumi from "@pulumi/pulumi";
import { parseSettings, settingsMessage } from "./parse";
import type { Settings } from "./settings";

export { type NoticeContext, notices } from "./notices";
export { type ParseResult, parseSettings, type SettingsContext, settingsMessage } from "./parse";
export { SECRET_PLACEHOLDER } from "./sections/secrets";
export type { SecretSettings, SectionName, Settings } from "./settings";
export { loadStackFile, type StackFile } from "./stack-file";

/** Reads and checks the configuration of the running stack; throws one error with every problem. Nothing else reads configuration. */
export function readSettings(): Settings {
  const project = pulumi.getProject();
  const stack = pulumi.getStack();
  const prefix = `${project}:`;
  const config = pulumi.runtime.allConfig();
  const own = Object.keys(config).filter((key) => key.startsWith(prefix));
  const raw = Object.fromEntries(
    own.map((key) => [key.slice(prefix.length), decoded(key.slice(prefix.length), config[key])]),
  );
  const result = parseSettings(raw, {
    stack,
    secretSections: own.map((key) => key.slice(prefix.length)).filter((name) => isSecret(prefix + name)),
    otherKeys: Object.keys(config).filter((key) => !key.startsWith(prefix)),
    planning: pulumi.runtime.isDryRun(),
  });
  if (result.problems) throw new pulumi.RunError(settingsMessage(stack, result.problems));
  return result.settings;
}

/** Which keys hold secrets is known to the SDK's runtime, which leaves the question out of its type declarations. */
const { isConfigSecret: isSecret } = pulumi.runtime as unknown as { isConfigSecret(key: string): boolean };

/** Configuration arrives as text: plain for scalars, JSON for everything else. */
function decoded(name: string, text: string | undefined): unknown {
  if (text === undefined || name === "lifecycle") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
