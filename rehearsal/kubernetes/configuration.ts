import { parse } from "yaml";
import { type DiffResult, type Properties, UNKNOWN } from "../providers/provider";
import { differences, pathText } from "./differences";
import type { Mutability } from "./replace-rules";

/** The part of a kubeconfig that says where the cluster is. */
interface KubeConfig {
  readonly "current-context"?: string;
  readonly contexts?: readonly { readonly name: string; readonly context?: { readonly cluster?: string } }[];
  readonly clusters?: readonly { readonly name: string; readonly cluster?: unknown }[];
}

/** Which kinds the program declares mutable; the switches may arrive as text. */
export function mutabilityOf(configuration: Properties): Mutability {
  return {
    secrets: isOn(configuration.enableSecretMutable),
    configMaps: isOn(configuration.enableConfigMapMutable),
  };
}

/**
 * Whether a changed configuration means another cluster. A `clusterIdentifier` that stays the same says that it does not,
 * whatever else changes; the run that first adds it is not covered by that.
 */
export function diffConfiguration(before: Properties, now: Properties): DiffResult {
  const found = differences(before, now);
  if (found.length === 0) return { changes: [], replaces: [] };
  const changes = [...new Set(found.map(({ path }) => String(path[0])))];
  const paths = found.map(({ path }) => pathText(path));
  const [was, is] = [before.clusterIdentifier, now.clusterIdentifier];
  if (was !== undefined && is === was && is !== UNKNOWN) return { changes, replaces: [], paths };
  const renamed = was !== undefined && is !== undefined ? ["clusterIdentifier"] : [];
  const moved = ["kubeconfig", "context", "cluster"].filter((key) => now[key] === UNKNOWN);
  const another = moved.length > 0 || differences(activeCluster(before), activeCluster(now)).length > 0;
  const keys = moved.length > 0 ? moved : changes.filter((key) => ["kubeconfig", "context", "cluster"].includes(key));
  return { changes, replaces: [...renamed, ...(another ? keys : [])], paths };
}

/** The cluster that a configuration leads to, as its kubeconfig describes it. */
function activeCluster(configuration: Properties): unknown {
  const kubeconfig = kubeconfigIn(configuration);
  const contextName = configuration.context ?? kubeconfig?.["current-context"];
  const context = kubeconfig?.contexts?.find(({ name }) => name === contextName)?.context;
  const clusterName = configuration.cluster ?? context?.cluster;
  return kubeconfig?.clusters?.find(({ name }) => name === clusterName)?.cluster;
}

function kubeconfigIn({ kubeconfig }: Properties): KubeConfig | undefined {
  if (typeof kubeconfig !== "string") return kubeconfig;
  const parsed: unknown = parse(kubeconfig);
  return parsed !== null && typeof parsed === "object" ? parsed : undefined;
}

function isOn(value: unknown): boolean {
  return value === true || value === "true";
}
