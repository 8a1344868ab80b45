import { UsageError } from "../preview/errors";

/** Configuration of a stack by full key, values as text. */
export type StackConfig = Readonly<Record<string, string>>;

/** What is read of `llm`, which the settings' own schema has judged. */
interface ModelsSection {
  readonly enabled?: boolean;
  readonly models?: Readonly<Record<string, ModelSection>>;
}

interface ModelSection {
  readonly delivery?: { readonly owner?: string };
}

/** Model servers for git, and the configuration under which Pulumi would own them. */
export interface Disowned {
  readonly servers: readonly string[];
  /** Whether git owns them already; otherwise they are all of the stack's, as git would have them. */
  readonly owned: boolean;
  readonly config: StackConfig;
}

/**
 * Turns every server that Argo CD owns into one of Pulumi's, so that the program makes its objects. Nothing else changes: what the
 * program makes for it then is what git has to hold. A stack without such servers shows what all of its servers would be.
 */
export function disowned(config: StackConfig, project: string, stack: string): Disowned {
  const key = `${project}:llm`;
  const section = JSON.parse(config[key] ?? "{}") as ModelsSection;
  const all = section.enabled === true ? Object.entries(section.models ?? {}) : [];
  const argoCds = all.filter(([, { delivery }]) => delivery?.owner === "argocd");
  const owned = argoCds.length > 0;
  const servers = (owned ? argoCds : all).map(([name]) => name).sort();
  if (servers.length === 0) {
    throw new UsageError(
      `Stack "${stack}" serves no models. Set llm.enabled to true, and name a server in llm.models.`,
    );
  }
  const models = Object.fromEntries(
    Object.entries(section.models ?? {}).map(([name, model]) => [
      name,
      servers.includes(name) ? { ...model, delivery: { ...model.delivery, owner: "pulumi" } } : model,
    ]),
  );
  return { servers, owned, config: { ...config, [key]: JSON.stringify({ ...section, models }) } };
}
