import { UsageError } from "../preview/errors";

/** Configuration of a stack by full key, values as text. */
export type StackConfig = Readonly<Record<string, string>>;

/** What is read of `llm`, which the settings' own schema has judged. */
interface ModelsSection {
  readonly models?: Readonly<Record<string, ModelSection>>;
}

interface ModelSection {
  readonly delivery?: { readonly owner?: string };
}

/** Model servers that git owns, and the configuration under which Pulumi would own them. */
export interface Disowned {
  readonly servers: readonly string[];
  readonly config: StackConfig;
}

/**
 * Turns every server that Argo CD owns into one of Pulumi's, so that the program makes its objects. Nothing else changes: what the
 * program makes for it then is what git has to hold.
 */
export function disowned(config: StackConfig, project: string, stack: string): Disowned {
  const key = `${project}:llm`;
  const section = JSON.parse(config[key] ?? "{}") as ModelsSection;
  const servers = Object.entries(section.models ?? {})
    .filter(([, { delivery }]) => delivery?.owner === "argocd")
    .map(([name]) => name)
    .sort();
  if (servers.length === 0) {
    throw new UsageError(
      `Stack "${stack}" has no model server that Argo CD owns. Set llm.models.<server>.delivery.owner to argocd.`,
    );
  }
  const models = Object.fromEntries(
    Object.entries(section.models ?? {}).map(([name, model]) => [
      name,
      servers.includes(name) ? { ...model, delivery: { ...model.delivery, owner: "pulumi" } } : model,
    ]),
  );
  return { servers, config: { ...config, [key]: JSON.stringify({ ...section, models }) } };
}
