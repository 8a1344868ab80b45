import { readFileSync } from "node:fs";
import { join } from "node:path";
import { requiredVersion } from "./install/tool-modules";

/** Modules of `rehearsal/tools` whose versions a report tells. */
const TOOLS = {
  pulumi: ["engine", "github.com/pulumi/pulumi/pkg/v3"],
  kubernetes: ["cluster", "k8s.io/kubernetes"],
  helm: ["cluster", "helm.sh/helm/v3"],
  etcd: ["cluster", "go.etcd.io/etcd/server/v3"],
  kwok: ["nodes", "sigs.k8s.io/kwok"],
} as const;

/** Version of each tool by name, as pinned: `v1.35.4`. */
export function toolVersions(): Record<keyof typeof TOOLS, string> {
  const entries = Object.entries(TOOLS).map(([name, [folder, module]]) => [name, versionOf(folder, module)]);
  return Object.fromEntries(entries) as Record<keyof typeof TOOLS, string>;
}

function versionOf(folder: string, module: string): string {
  return requiredVersion(readFileSync(join(__dirname, "tools", folder, "go.mod"), "utf8"), module);
}
