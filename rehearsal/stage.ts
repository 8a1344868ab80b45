import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Project } from "../preview/project";
import { Actors } from "./actors/actors";
import type { KubernetesApi } from "./api/api";
import { FaultyApi } from "./api/faulty-api";
import { MemoryApi } from "./api/memory-api";
import { Cloud } from "./aws/cloud";
import { AwsStandIn } from "./aws/stand-in";
import { definitionsOf, withDefinitions, withoutChart } from "./charts/chart-crds";
import type { ChartInstaller } from "./charts/chart-installer";
import { createChartInstaller } from "./charts/charts";
import { NO_CHARTS } from "./charts/no-charts";
import type { ReleaseRecord, SearchedText } from "./checks/context";
import { writeAwsCommand } from "./cluster/aws-command";
import { applyCrds, readCrds } from "./cluster/crds";
import { CUSTOM_KINDS } from "./cluster/custom-kinds";
import type { LocalControlPlane } from "./cluster/start-control-plane";
import { type RunningOperation, startOperation } from "./engine/operation";
import type { Operation, OperationOptions, OperationResult } from "./engine/request";
import { readState, type State } from "./engine/state";
import { CloudConnector } from "./kubernetes/cloud-connector";
import { KubernetesStandIn } from "./kubernetes/stand-in";
import { Calls } from "./providers/calls";
import type { Provider } from "./providers/provider";
import { type ProviderServer, serveProvider } from "./providers/server";
import { RandomStandIn } from "./random/stand-in";
import { type Changes, settingOf, stackConfig } from "./stack-config";
import type { Basis } from "./verdict";
import { toolVersions } from "./versions";

/** What a stage is built of. */
export interface StageOptions {
  readonly project: Project;
  readonly stack: string;
  /** Folder that holds `bin/pulumi`. */
  readonly pulumiRoot: string;
  /** Folder of its own: backend, state, files of the runs. */
  readonly folder: string;
  /** Settings that differ from the stack's file from the start. */
  readonly changes?: Changes;
  /** A real API server and what would live there; default: objects are kept in memory, and nothing runs. */
  readonly cluster?: ClusterOptions;
  /** Real seconds after which any wait for a Kubernetes object is given up; default that of the stand-in. */
  readonly patienceSeconds?: number;
  /** Whether the installed plugins of kubernetes and random are used in place of stand-ins; default false. */
  readonly realProviders?: boolean;
  /** Whether the installed Pulumi's own language host runs the program. */
  readonly languageHost?: boolean;
}

/** The cluster of a stage. */
export interface ClusterOptions {
  readonly plane: LocalControlPlane;
  /** The helm binary. */
  readonly helm: string;
  /** Folder with the embedded preview of the stack, in which no secret may stand. */
  readonly preview: string;
  /** Folder of CRDs; without it nothing judges the fields of custom resources. */
  readonly crds: string | undefined;
  /** Folder of `<chart>-<version>.tgz`, rendered wherever a stack asks for them; default: the stack's own mirror alone. */
  readonly charts: string | undefined;
}

/** How a run differs from the plain one. */
export interface RunOptions {
  readonly options?: OperationOptions;
  /** Another checkout of the same project. */
  readonly projectFolder?: string;
}

/** Of a cluster in memory: nobody dials it. */
const MEMORY_ENDPOINT = { endpoint: "https://127.0.0.1:6443", certificateAuthority: "bm9uZQ==" };

/** One stack with the world around it: the engine, an AWS account, a cluster. Nothing of it is real money. */
export class Stage {
  readonly calls = new Calls();
  readonly random = new RandomStandIn();
  /** Everything that the engine printed, and other texts in which no secret may stand. */
  readonly texts: SearchedText[] = [];
  /** Modules (absolute paths) that change the program before it runs, in all runs to come; for tests that break the platform. */
  mutations: readonly string[] = [];
  private changes: Changes;
  private commands: string | undefined;
  private readonly servers = new Map<string, ProviderServer>();

  private constructor(
    private readonly settings: StageOptions,
    readonly cloud: Cloud,
    readonly api: KubernetesApi,
    private readonly connector: CloudConnector,
    /** The same API as the provider sees it, where drills put faults in. */
    readonly faultyApi: FaultyApi,
    readonly kubernetes: KubernetesStandIn,
    /** What would live in the cluster; absent where objects are kept in memory. */
    readonly actors: Actors | undefined,
    /** Kinds of which the API server takes any object. */
    readonly permissiveKinds: readonly string[],
  ) {
    this.changes = settings.changes ?? {};
  }

  /** Builds the stage and opens it to the engine. */
  static async open(settings: StageOptions): Promise<Stage> {
    const { project, cluster } = settings;
    mkdirSync(settings.folder, { recursive: true });
    const definitions = definitionsOf(CUSTOM_KINDS, cluster?.crds === undefined ? [] : await readCrds(cluster.crds));
    if (cluster) await applyCrds(cluster.plane.api, withoutChart(definitions));
    const api = cluster?.plane.api ?? new MemoryApi();
    const faultyApi = new FaultyApi(api);
    const actors = cluster && new Actors({ api, startScheduler: (text) => cluster.plane.startScheduler(text) });
    const endpoint = cluster?.plane ?? MEMORY_ENDPOINT;
    const account = String(settingOf(project, settings.stack, "aws.accountId"));
    const cloud = new Cloud({ endpoint, account, ...(actors === undefined ? {} : { observer: actors }) });
    if (actors) actors.onScaled = (group, size) => cloud.setDesiredSize(group, size);
    const connector = new CloudConnector(cloud, faultyApi);
    const { patienceSeconds } = settings;
    const kubernetes = new KubernetesStandIn({
      connector,
      ...(patienceSeconds === undefined ? {} : { patienceSeconds }),
      charts: cluster ? withDefinitions(chartsOf(project, cluster), definitions) : NO_CHARTS,
    });
    const kinds = definitions.permissive.map(({ kind }) => kind);
    const stage = new Stage(settings, cloud, api, connector, faultyApi, kubernetes, actors, kinds);
    await stage.serve();
    actors?.start();
    return stage;
  }

  get project(): Project {
    return this.settings.project;
  }

  get stack(): string {
    return this.settings.stack;
  }

  /** Folder of the embedded preview, where there is one. */
  get previewFolder(): string | undefined {
    return this.settings.cluster?.preview;
  }

  /** What verdicts on this stage rest on, where that is less than the whole. */
  get basis(): Basis[] {
    if (this.settings.cluster === undefined) return ["in-memory API"];
    return this.releases().some(({ rendered }) => !rendered) ? ["stand-in pods"] : [];
  }

  /** A setting as the stack's file has it, or as it was changed since. */
  setting(path: string): unknown {
    if (path in this.changes) return this.changes[path];
    return settingOf(this.project, this.stack, path);
  }

  /** Changes settings for all runs to come; undefined takes a key out. */
  change(changes: Changes): void {
    this.changes = { ...this.changes, ...changes };
  }

  /** Runs an operation of the engine to its end. */
  run(operation: Operation, how: RunOptions = {}): Promise<OperationResult> {
    return this.start(operation, how).result;
  }

  /** Starts an operation of the engine. */
  start(operation: Operation, { options = {}, projectFolder }: RunOptions = {}): RunningOperation {
    const { project, stack, pulumiRoot, folder, languageHost, realProviders } = this.settings;
    const { config, secretKeys } = stackConfig(project, stack, this.changes);
    const running = startOperation({
      operation,
      projectFolder: projectFolder ?? project.folder,
      pulumiRoot,
      workspace: folder,
      stack,
      config,
      secretConfig: secretKeys,
      providerPorts: Object.fromEntries([...this.servers].map(([name, { port }]) => [name, port])),
      options,
      languageHost: languageHost ?? false,
      installedPlugins: realProviders ?? false,
      commands: this.commands,
      mutations: this.mutations,
    });
    const result = running.result.then((ended) => {
      this.texts.push({ where: `what the engine printed (${operation})`, text: ended.log });
      return ended;
    });
    return { ...running, result };
  }

  /** The engine's state of the stack. */
  state(): State {
    return readState(this.settings.folder, this.project.name, this.stack);
  }

  /** Releases that are installed, and what they consist of. */
  releases(): ReleaseRecord[] {
    return [...this.kubernetes.releases.values()].map(({ request, objects }) => ({
      name: request.name,
      namespace: request.namespace,
      ...objects,
    }));
  }

  /** Moves the cluster's endpoint and certificate authority. */
  moveEndpoint(): void {
    this.connector.move();
  }

  /** What a lost machine takes with it besides the engine: the provider's process. */
  kill(running: RunningOperation): void {
    running.kill();
    this.kubernetes.kill();
  }

  /** Ends the stage; a control plane is its owner's to stop. */
  async close(): Promise<void> {
    await this.actors?.stop();
    for (const server of this.servers.values()) await server.stop();
  }

  private async serve(): Promise<void> {
    const { project, folder, cluster, realProviders } = this.settings;
    if (realProviders && cluster) this.commands = writeAwsCommand(join(folder, "commands"), cluster.plane.token);
    const standIns: Record<string, Provider> = {
      aws: new AwsStandIn({ cloud: this.cloud }),
      ...(realProviders ? {} : { kubernetes: this.kubernetes, random: this.random }),
    };
    const load = createRequire(join(project.folder, "package.json"));
    for (const [name, provider] of Object.entries(standIns)) {
      const { version } = load(`@pulumi/${name}/package.json`) as { version: string };
      this.servers.set(name, await serveProvider(provider, version, this.calls));
    }
  }
}

function chartsOf({ folder }: Project, { helm, charts }: ClusterOptions): ChartInstaller {
  return createChartInstaller({ projectFolder: folder, helm, mirror: charts, kubeVersion: toolVersions().kubernetes });
}
