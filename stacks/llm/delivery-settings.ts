import type { Settings } from "../settings";

/** Settings of one model server. */
export type ModelSettings = Settings["llm"]["models"][string];

/** Settings of one colour of a server. */
export type ColorSettings = NonNullable<NonNullable<ModelSettings["delivery"]["blueGreen"]>["blue"]>;

/** Model servers by name; none while `llm` is off. */
function serversOf({ llm }: Pick<Settings, "llm">): [name: string, server: ModelSettings][] {
  return llm.enabled ? Object.entries(llm.models) : [];
}

/** Names of the servers that git describes. */
export function argoCdServers(settings: Pick<Settings, "llm">): string[] {
  return serversOf(settings).flatMap(([name, { delivery }]) => (delivery.owner === "argocd" ? [name] : []));
}

/** Names of the servers whose new versions are tried on a part of the traffic, whoever owns them. */
export function canaryServers(settings: Pick<Settings, "llm">): string[] {
  return serversOf(settings).flatMap(([name, { delivery }]) => (delivery.canary ? [name] : []));
}

/** Which namespaces delivery needs. */
export function deliveryNamespaces(
  settings: Pick<Settings, "llm" | "delivery" | "langfuse">,
): Record<"argoCd" | "argoRollouts" | "flagger", boolean> {
  return {
    argoCd: settings.delivery.argoCd !== undefined,
    argoRollouts: settings.langfuse.web.rollout?.enabled === true,
    flagger: canaryServers(settings).length > 0,
  };
}
