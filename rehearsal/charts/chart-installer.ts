import { basename } from "node:path";
import type { KubernetesObject } from "../api/objects";

/** What a `kubernetes.helm.v3.Release` asks for. */
export interface ReleaseRequest {
  readonly name: string;
  readonly namespace: string;
  /** As in the program: a name, or a project-relative path of a `.tgz` when charts are mirrored. */
  readonly chart: string;
  readonly version: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** Post-renderer, project-relative; applied to rendered charts alone. */
  readonly postrender?: string;
}

/** What a release consists of. */
export interface ReleaseObjects {
  /** Objects to apply, in Helm's order; hooks, webhook configurations and APIServices are not among them. */
  readonly objects: readonly KubernetesObject[];
  /** CRDs of the chart's own `crds/` folder, applied first and never deleted. */
  readonly customResourceDefinitions: readonly KubernetesObject[];
  /** Webhook configurations and APIServices: recorded and checked, never applied. */
  readonly recorded: readonly KubernetesObject[];
  /** Whether the chart itself was rendered; otherwise the objects stand in for its workloads. */
  readonly rendered: boolean;
}

/** Turns releases into objects. */
export interface ChartInstaller {
  objectsOf(release: ReleaseRequest): Promise<ReleaseObjects>;
}

/** Name of the chart, without the folder and version of a file or the address of a registry. */
export function chartName({ chart, version }: Pick<ReleaseRequest, "chart" | "version">): string {
  return basename(chart).replace(`-${version}.tgz`, "");
}
