import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ChartInstaller, chartName, type ReleaseObjects, type ReleaseRequest } from "./chart-installer";
import { run } from "./commands";
import { inInstallOrder } from "./install-order";
import { objectsIn, sorted, streamOf } from "./manifests";
import { standInObjects } from "./stand-in-charts";

/** Where charts come from, and what renders them. */
export interface ChartInstallerOptions {
  /** Project-relative paths of charts and post-renderers begin here. */
  readonly projectFolder: string;
  /** The helm binary; without one every chart is stood in for. */
  readonly helm: string | undefined;
  /** Folder of `<chart>-<version>.tgz` that stand in for the repositories, as far as they are there. */
  readonly mirror?: string | undefined;
  /** What charts are told of the cluster, e.g. `1.35.4`. */
  readonly kubeVersion: string;
}

/** What charts ask the cluster for before they render objects of it; Helm tells versions, and kinds behind them. */
const API_VERSIONS = [
  ...["cert-manager.io/v1", "cert-manager.io/v1/Certificate"],
  ...["monitoring.coreos.com/v1", "monitoring.coreos.com/v1/PodMonitor", "monitoring.coreos.com/v1/ServiceMonitor"],
  ...["policy/v1", "policy/v1/PodDisruptionBudget"],
  ...["autoscaling/v2", "autoscaling/v2/HorizontalPodAutoscaler"],
];

/** Renders charts that are files, and makes the workloads of all others from their values. */
export function createChartInstaller(options: ChartInstallerOptions): ChartInstaller {
  return {
    objectsOf: (request) => {
      const file = chartFile(options, request);
      if (options.helm === undefined || file === undefined) return stoodIn(options, request);
      return rendered(options, options.helm, { ...request, chart: file });
    },
  };
}

/** The file of a chart: in the stack's own mirror, or in the one of the rehearsal. */
function chartFile({ mirror }: ChartInstallerOptions, { chart, version }: ReleaseRequest): string | undefined {
  if (chart.endsWith(".tgz")) return chart;
  const file = mirror === undefined ? undefined : join(mirror, `${chart.split("/").at(-1)}-${version}.tgz`);
  return file !== undefined && existsSync(file) ? file : undefined;
}

async function rendered(
  { projectFolder, kubeVersion }: ChartInstallerOptions,
  helm: string,
  request: ReleaseRequest,
): Promise<ReleaseObjects> {
  const { name, namespace, values, postrender } = request;
  const chart = resolve(projectFolder, request.chart);
  const folder = await mkdtemp(join(tmpdir(), "rehearsal-chart-"));
  try {
    const valuesFile = join(folder, "values.json");
    // Values may hold secrets.
    await writeFile(valuesFile, JSON.stringify(values), { mode: 0o600 });
    const parameters = [
      ...["template", name, chart, "--namespace", namespace, "--kube-version", kubeVersion, "--values", valuesFile],
      ...API_VERSIONS.flatMap((version) => ["--api-versions", version]),
      ...(postrender === undefined ? [] : ["--post-renderer", resolve(projectFolder, postrender)]),
    ];
    const [stream, definitions] = await Promise.all([
      run(helm, parameters, projectFolder),
      run(helm, ["show", "crds", chart], projectFolder),
    ]);
    const source = `Chart ${request.chart} of release ${namespace}/${name}`;
    return sorted(objectsIn(stream, source), objectsIn(definitions, `${source}, its CRDs`), namespace);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The stand-in for a chart; a post-renderer gets it as it would get the chart. */
async function stoodIn({ projectFolder }: ChartInstallerOptions, request: ReleaseRequest): Promise<ReleaseObjects> {
  const release = standInObjects(request);
  if (request.postrender === undefined) return release;
  const program = resolve(projectFolder, request.postrender);
  const stream = await run(program, [], projectFolder, streamOf(release.objects));
  const source = `Chart ${chartName(request)} of release ${request.namespace}/${request.name}, post-rendered,`;
  return { ...release, objects: inInstallOrder(objectsIn(stream, source)) };
}
