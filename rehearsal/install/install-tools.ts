import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { build, planBuild } from "./build";
import { installedPulumi } from "./installed-pulumi";
import { TOOL_MODULES, type ToolModule } from "./tool-modules";

/** Where the tools are. Those of a part that was not asked for have no path. */
export interface Tools {
  /** Folder with `bin/pulumi`. */
  readonly pulumiRoot: string;
  readonly kubeApiserver: string;
  readonly kubeControllerManager: string;
  readonly kubeScheduler: string;
  readonly kubectl: string;
  readonly helm: string;
  readonly etcd: string;
  readonly kwok: string;
  /** Go's own program that makes a certificate. */
  readonly generateCertificate: string;
  /** Evaluates queries, rules and alerts on made-up series. */
  readonly promtool: string;
}

/** What to install. */
export interface InstallOptions {
  /** `engine` is Pulumi, `metrics` is promtool, `cluster` everything else. */
  readonly which: readonly ("engine" | "cluster" | "metrics")[];
  /** Told what is being built, and how long it takes. */
  readonly progress: (line: string) => void;
  /** Default `~/.cache/llm-platform/rehearsal` (or below XDG_CACHE_HOME). */
  readonly cacheFolder?: string;
}

/** Installs tools once, built from the sources that go.sum pins; later calls find them. Throws an InstallError. */
export async function installTools({
  which,
  progress,
  cacheFolder = defaultCacheFolder(),
}: InstallOptions): Promise<Tools> {
  // One after the other: each build takes every core that there is.
  const binariesOf = async (name: ToolModule["name"]) =>
    build(await planBuild(TOOL_MODULES[name], cacheFolder), progress);
  let pulumiRoot = "";
  if (which.includes("engine")) pulumiRoot = (await installedPulumi()) ?? dirname(await binariesOf("engine"));
  const metrics = which.includes("metrics") ? { metrics: await binariesOf("metrics") } : {};
  if (!which.includes("cluster")) return toolsIn(pulumiRoot, metrics);
  return toolsIn(pulumiRoot, {
    ...metrics,
    cluster: await binariesOf("cluster"),
    nodes: await binariesOf("nodes"),
  });
}

/** Paths of programs in the folders of the modules that were built; empty for those of others. */
function toolsIn(pulumiRoot: string, folders: { cluster?: string; nodes?: string; metrics?: string }): Tools {
  const inside = (folder: string | undefined, program: string) => (folder === undefined ? "" : join(folder, program));
  const cluster = (program: string) => inside(folders.cluster, program);
  return {
    pulumiRoot,
    kubeApiserver: cluster("kube-apiserver"),
    kubeControllerManager: cluster("kube-controller-manager"),
    kubeScheduler: cluster("kube-scheduler"),
    kubectl: cluster("kubectl"),
    helm: cluster("helm"),
    etcd: cluster("etcd"),
    kwok: inside(folders.nodes, "kwok"),
    generateCertificate: cluster("generate-certificate"),
    promtool: inside(folders.metrics, "promtool"),
  };
}

function defaultCacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "llm-platform", "rehearsal");
}
