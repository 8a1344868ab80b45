import type { KubernetesApi } from "../api/api";
import type { CloudObserver, NodeGroup } from "../aws/observer";
import { Addons } from "./addons";
import { ARGO_CD } from "./argo-cd";
import { ARGO_ROLLOUTS } from "./argo-rollouts";
import { CERT_MANAGER } from "./cert-manager";
import { ClickHouseOperator } from "./clickhouse";
import { ClusterAutoscaler, type Scaler } from "./cluster-autoscaler";
import { EXTERNAL_SECRETS } from "./external-secrets";
import { FLAGGER } from "./flagger";
import { KEDA } from "./keda";
import { LEADER_WORKER_SETS } from "./leader-worker-sets";
import { LOAD_BALANCERS } from "./load-balancers";
import { Loop } from "./loop";
import { Nodes } from "./nodes";
import { OperatorRunner } from "./operator";
import { PROMETHEUS_OPERATOR } from "./prometheus-operator";
import { type SchedulerStarter, SecondScheduler } from "./second-scheduler";
import { Volumes } from "./volumes";

const ROUND_MILLISECONDS = 250;
const AUTOSCALER_MILLISECONDS = 500;
const SCHEDULER_MILLISECONDS = 1000;

/** What the actors need. */
export interface ActorsOptions {
  readonly api: KubernetesApi;
  /** Starts a scheduler that the stack brings; without it such a scheduler's pods place nothing. */
  readonly startScheduler?: SchedulerStarter;
  /** Told what goes wrong with an actor itself. Default standard error. */
  readonly log?: (line: string) => void;
}

/** What the actors did. */
export interface Figures {
  /** Nodes that the cluster autoscaler asked for, by pool. */
  readonly added: Readonly<Record<string, number>>;
}

/** Everything that would live in the cluster and does not: nodes, add-ons, drivers, operators, the autoscaler. */
export class Actors implements CloudObserver {
  /** How the autoscaler asks the cloud for nodes; without it nodes join of which the cloud knows nothing. */
  onScaled: Scaler | undefined;
  private readonly nodes: Nodes;
  private readonly addons: Addons;
  private readonly autoscaler: ClusterAutoscaler;
  private readonly loops: readonly Loop[];

  constructor({ api, startScheduler, log = (line) => process.stderr.write(`${line}\n`) }: ActorsOptions) {
    this.nodes = new Nodes(api);
    this.addons = new Addons(api);
    const groups = () => this.nodes.groups;
    this.autoscaler = new ClusterAutoscaler(api, groups, (name, size) => this.scale(name, size));
    const volumes = new Volumes(api);
    const operators = [
      new ClickHouseOperator(),
      CERT_MANAGER,
      KEDA,
      LEADER_WORKER_SETS,
      LOAD_BALANCERS,
      PROMETHEUS_OPERATOR,
      EXTERNAL_SECRETS,
      ARGO_CD,
      ARGO_ROLLOUTS,
      FLAGGER,
    ];
    const scheduler = startScheduler && new SecondScheduler(api, startScheduler);
    this.loops = [
      ...(scheduler ? [new Loop("the second scheduler", SCHEDULER_MILLISECONDS, () => scheduler.round(), log)] : []),
      new Loop("CSI drivers", ROUND_MILLISECONDS, () => volumes.round(), log),
      ...operators.map((operator) => {
        const runner = new OperatorRunner(api, operator);
        return new Loop(operator.name, ROUND_MILLISECONDS, () => runner.round(), log);
      }),
      new Loop("the cluster autoscaler", AUTOSCALER_MILLISECONDS, () => this.autoscaler.round(), log),
    ];
  }

  start(): void {
    for (const loop of this.loops) loop.start();
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }

  figures(): Figures {
    return { added: { ...this.autoscaler.added } };
  }

  nodeGroupChanged(group: NodeGroup): Promise<void> {
    return this.nodes.changed(group);
  }

  nodeGroupDeleted(group: NodeGroup): Promise<void> {
    return this.nodes.deleted(group);
  }

  addonInstalled(name: string, configuration: Readonly<Record<string, unknown>>): Promise<void> {
    return this.addons.install(name, configuration);
  }

  addonRemoved(name: string): Promise<void> {
    return this.addons.remove(name);
  }

  private async scale(name: string, size: number): Promise<void> {
    if (this.onScaled !== undefined) return this.onScaled(name, size);
    const group = this.nodes.groups.find((one) => one.name === name);
    if (group !== undefined) await this.nodes.changed({ ...group, size });
  }
}
