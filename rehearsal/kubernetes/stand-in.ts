import type { ChartInstaller } from "../charts/chart-installer";
import type { CallOptions, Properties, Provider, ResourceIdentity, ResourceState } from "../providers/provider";
import { steering } from "./annotations";
import { diffConfiguration, mutabilityOf } from "./configuration";
import type { ClusterConnector } from "./connector";
import { checkRelease, diffRelease, previewOf } from "./helm-inputs";
import { HelmReleases, type InstalledRelease } from "./helm-releases";
import { RELEASE, referenceOf } from "./kinds";
import { merged } from "./merge-patch";
import { diffObject } from "./object-diff";
import { checkObject } from "./object-inputs";
import { createObject, deleteObject, readObject, type Surroundings, updateObject } from "./object-operations";
import { Patience } from "./patience";
import { readiness } from "./readiness";
import type { Mutability } from "./replace-rules";
import { SeverableApi } from "./severable-api";

/** What the stand-in needs. */
export interface KubernetesStandInOptions {
  readonly connector: ClusterConnector;
  readonly charts: ChartInstaller;
  /** Real seconds after which any wait is given up; default 90. */
  readonly patienceSeconds?: number;
}

/** What one run of the engine found when it configured the provider. */
interface Session {
  /** The API, or why it cannot be reached: for the whole run, as with the real provider. */
  readonly cluster: { readonly api: SeverableApi } | { readonly unreachable: string };
  readonly mutability: Mutability;
  readonly patience: Patience;
}

/** Stands in for the Kubernetes provider: its rules for replacing, waiting, failing and Helm, on any Kubernetes API. */
export class KubernetesStandIn implements Provider {
  private readonly helm: HelmReleases;
  private session: Session | undefined;

  constructor(private readonly options: KubernetesStandInOptions) {
    this.helm = new HelmReleases(options.charts);
  }

  /** Releases that are installed, by `namespace/name`, with what their charts consist of and whether they were rendered. */
  get releases(): ReadonlyMap<string, InstalledRelease> {
    return this.helm.installed;
  }

  /** A cluster that cannot be reached fails the operations on objects, not the configuration. */
  async configure(configuration: Properties): Promise<void> {
    const patience = new Patience(this.options.patienceSeconds ?? 90);
    const cluster = await this.options.connector.connect(String(configuration.kubeconfig)).then(
      (api) => ({ api: new SeverableApi(api) }),
      (error: Error) => ({ unreachable: error.message }),
    );
    this.session = { cluster, mutability: mutabilityOf(configuration), patience };
  }

  async diffConfiguration(before: Properties, now: Properties) {
    return diffConfiguration(before, now);
  }

  async check(resource: ResourceIdentity, before: Properties | undefined, now: Properties) {
    return resource.type === RELEASE ? checkRelease(resource, before, now) : checkObject(resource, before, now);
  }

  async diff(resource: ResourceIdentity, id: string, before: Properties, state: Properties, now: Properties) {
    if (resource.type === RELEASE) return diffRelease(before, now);
    const unready = await this.isUnreadyJob(resource, id, now);
    const mutability = this.session?.mutability ?? { secrets: false, configMaps: false };
    return diffObject({ before, state, now, mutability, unready });
  }

  async create(resource: ResourceIdentity, inputs: Properties, options: CallOptions): Promise<ResourceState> {
    const isRelease = resource.type === RELEASE;
    if (options.preview) return { id: "", state: isRelease ? previewOf(inputs) : inputs };
    const surroundings = this.surroundings();
    return isRelease ? this.helm.install(surroundings, inputs) : createObject(surroundings, inputs, options);
  }

  async update(
    resource: ResourceIdentity,
    _id: string,
    _before: Properties,
    state: Properties,
    now: Properties,
    options: CallOptions,
  ): Promise<Properties> {
    const isRelease = resource.type === RELEASE;
    if (options.preview) return isRelease ? previewOf(now) : (merged(state, now) as Properties);
    const surroundings = this.surroundings();
    return isRelease ? this.helm.upgrade(surroundings, now) : updateObject(surroundings, now, options);
  }

  async read(resource: ResourceIdentity, id: string, inputs: Properties, state: Properties) {
    const surroundings = this.surroundings();
    if (resource.type === RELEASE) return this.helm.read(surroundings, inputs, state);
    return readObject(surroundings, resource.type, id, inputs);
  }

  async delete(resource: ResourceIdentity, id: string, state: Properties, options: CallOptions): Promise<void> {
    const surroundings = this.surroundings();
    if (resource.type === RELEASE) return this.helm.uninstall(surroundings, state);
    return deleteObject(surroundings, resource.type, id, state, options);
  }

  cancel(): void {
    this.session?.patience.end();
  }

  /**
   * What a kill of the engine does to the provider's process: operations under way end where they are, and leave what they
   * left (a release that is pending for ever). The next run configures the provider anew.
   */
  kill(): void {
    if (this.session !== undefined && "api" in this.session.cluster) this.session.cluster.api.sever();
    this.cancel();
  }

  private surroundings(): Surroundings {
    if (this.session === undefined)
      throw new Error("The Kubernetes provider was asked for something before it was configured.");
    const { cluster, patience } = this.session;
    if ("unreachable" in cluster)
      throw new Error(`configured Kubernetes cluster is unreachable: ${cluster.unreachable}`);
    return { api: cluster.api, patience };
  }

  /** Whether the object is a Job that has not completed and asks to be replaced then. */
  private async isUnreadyJob({ type }: ResourceIdentity, id: string, now: Properties): Promise<boolean> {
    if (now.kind !== "Job" || steering(now, "replaceUnready") !== "true") return false;
    const cluster = this.session?.cluster;
    if (cluster === undefined || "unreachable" in cluster) return false;
    const live = await cluster.api.read(referenceOf(type, id));
    return live !== undefined && readiness(live).state !== "ready";
  }
}
