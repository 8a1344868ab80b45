import { parse } from "yaml";
import type { KubernetesApi } from "../api/api";
import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";

/** What the operator was told about itself. */
export interface OperatorSettings {
  /** Namespaces whose installations it sees; empty for all. */
  readonly namespaces: readonly string[];
  readonly excludedAnnotations: readonly string[];
  readonly excludedLabels: readonly string[];
}

/** Reads the configuration that the operator's pod mounts. */
export async function settingsOf(api: KubernetesApi, controller: KubernetesObject): Promise<OperatorSettings> {
  const { namespace = "" } = controller.metadata;
  const volumes = (controller.spec?.volumes ?? []) as Properties[];
  const names = volumes.map(({ configMap }) => configMap?.name).filter((name) => name !== undefined);
  const maps = await Promise.all(
    names.map((name) => api.read({ apiVersion: "v1", kind: "ConfigMap", namespace, name: String(name) })),
  );
  const text = maps.map((map) => map?.data?.["config.yaml"]).find((data) => data !== undefined) ?? "{}";
  return operatorSettings(parse(text), namespace);
}

/** The settings in a configuration; the operator sees its own namespace unless told otherwise, and from kube-system all. */
export function operatorSettings(content: Properties | null, own: string): OperatorSettings {
  // The chart's file is the configuration itself; a stand-in's holds the values that would be merged into it.
  const { watch = {}, annotation = {}, label = {} } = content?.["config.yaml"] ?? content ?? {};
  const { namespaces = [] } = watch;
  const included: readonly string[] = Array.isArray(namespaces) ? namespaces : (namespaces.include ?? []);
  const watched = included.filter((one) => one !== "");
  return {
    namespaces: watched.length > 0 || own === "kube-system" ? watched : [own],
    excludedAnnotations: annotation.exclude ?? [],
    excludedLabels: label.exclude ?? [],
  };
}
