import type { Properties } from "../providers/provider";
import { admits, type PodIdentity, podIdentitiesOf } from "./access";
import { Credentials } from "./credentials";
import { nodeGroupOf } from "./node-groups";
import type { CloudObserver, ClusterEndpoint, NodeGroup } from "./observer";
import { type LiveResource, label } from "./resource";

/** What an account is set up with. */
export interface CloudOptions {
  /** Where EKS' next cluster is reached; `replaceEndpoint` moves it. */
  readonly endpoint: ClusterEndpoint;
  readonly observer?: CloudObserver;
  /** Twelve digits. Default 111111111111. */
  readonly account?: string;
  /** Names of clusters, subnet groups, parameter groups and log groups that were there before the stack. */
  readonly adopted?: readonly string[];
}

/** How often one resource of the program was made. */
export interface Creation {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** Ids of all its lives, in order. */
  readonly ids: readonly string[];
  /** Those that still live. More than one, once a run is over, is a resource that was made twice. */
  readonly live: readonly string[];
}

const DEFAULT_ACCOUNT = "111111111111";
const BUCKET = "aws:s3/bucket:Bucket";
const CLUSTER = "aws:eks/cluster:Cluster";
const STORES = ["aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"];
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";

/** An AWS account in memory. It outlives runs of the engine and even `destroy`, as accounts do. */
export class Cloud {
  readonly account: string;
  /** Set by the provider's configuration. */
  region = "us-east-1";
  /** ARN of the role that runs the program. Set by the provider's configuration. */
  caller: string;
  /** Tags that go onto everything. Set by the provider's configuration. */
  defaultTags: Properties = {};
  clusterEndpoint: ClusterEndpoint;
  readonly observer: CloudObserver;
  /** Types that no table knows; they are made and deleted, and judged by nothing. */
  readonly unmodelled = new Set<string>();
  /** `type id` that the program refers to and that were never made here: taken to be there already. */
  readonly assumed = new Set<string>();
  /** What AWS let happen and what breaks something later, one sentence each, e.g. nodes that lost their way out while they lived. */
  readonly hazards: string[] = [];
  /** Final snapshots by name, with the key that opens them. */
  readonly snapshots = new Map<string, string | undefined>();
  readonly credentials = new Credentials();
  /** Buckets, by id, that hold objects. */
  readonly filledBuckets = new Set<string>();
  private readonly living = new Map<string, LiveResource>();
  private readonly past = new Set<string>();
  private readonly reserved = new Map<string, string>();
  private readonly creations = new Map<string, { type: string; name: string; ids: string[] }>();
  private readonly adopted: ReadonlySet<string>;

  constructor({ endpoint, observer = {}, account = DEFAULT_ACCOUNT, adopted = [] }: CloudOptions) {
    this.clusterEndpoint = { endpoint: endpoint.endpoint, certificateAuthority: endpoint.certificateAuthority };
    this.observer = observer;
    this.account = account;
    this.caller = `arn:aws:iam::${account}:role/deployer`;
    this.adopted = new Set(adopted);
  }

  /** Everything that lives, of one type or of all, oldest first. */
  all(type?: string): LiveResource[] {
    const resources = [...this.living.values()];
    return type === undefined ? resources : resources.filter((resource) => resource.type === type);
  }

  /** The living resource of `type` with this id, ARN or physical name. */
  find(type: string, value: string): LiveResource | undefined {
    const direct = this.living.get(`${type} ${value}`);
    if (direct !== undefined) return direct;
    return this.all(type).find(({ physicalName, computed }) => physicalName === value || computed.arn === value);
  }

  /** Whether a resource of `type` with this id, ARN or name lived here once. */
  wasHere(type: string, value: string): boolean {
    return this.past.has(`${type} ${value}`);
  }

  /** Whether something of this name was there before the stack. */
  isAdopted(name: string): boolean {
    return this.adopted.has(name);
  }

  add(resource: LiveResource): void {
    const { type, id, urn, logicalName } = resource;
    this.living.set(`${type} ${id}`, resource);
    if (urn === "") return;
    const creation = this.creations.get(urn) ?? { type, name: logicalName, ids: [] };
    creation.ids.push(id);
    this.creations.set(urn, creation);
  }

  /** Takes a resource out, with what it owns. */
  remove(resource: LiveResource): void {
    const { type, id, physicalName, computed } = resource;
    this.living.delete(`${type} ${id}`);
    this.filledBuckets.delete(id);
    for (const value of [id, physicalName, computed.arn]) this.past.add(`${type} ${value}`);
    for (const owned of this.all().filter(({ ownedBy }) => ownedBy === id)) this.remove(owned);
  }

  /** Keeps a name taken although nothing alive has it. */
  reserve(type: string, name: string, reason: string): void {
    this.reserved.set(`${type} ${name}`, reason);
  }

  /** Why a name is not free; undefined when it is. */
  takenBy(type: string, name: string): string | undefined {
    const reason = this.reserved.get(`${type} ${name}`);
    if (reason !== undefined) return reason;
    const holder = this.all(type).find(({ physicalName }) => physicalName === name);
    return holder && `it is ${label(holder)}`;
  }

  /** Node groups as they are now. */
  nodeGroups(): NodeGroup[] {
    return this.all(NODE_GROUP).map((group) => nodeGroupOf(group, this));
  }

  /** Sets a group's size as the autoscaler does, past the program; `name` is the physical one. Resolves when the nodes are there. */
  async setDesiredSize(name: string, size: number): Promise<void> {
    const group = this.find(NODE_GROUP, name);
    if (group === undefined) throw new Error(`there is no node group ${name}; see nodeGroups()`);
    const { scalingConfig } = group.inputs;
    group.inputs = { ...group.inputs, scalingConfig: { ...scalingConfig, desiredSize: size } };
    await this.observer.nodeGroupChanged?.(nodeGroupOf(group, this));
  }

  /** Moves the cluster's endpoint; the next refresh sees it. */
  replaceEndpoint(endpoint: ClusterEndpoint): void {
    this.clusterEndpoint = endpoint;
    for (const cluster of this.all(CLUSTER)) cluster.computed = { ...cluster.computed, ...endpointOutputs(endpoint) };
  }

  /** Whether the API server lets a role in by now; without `principal`, whoever runs the program. */
  admits(principal?: string): boolean {
    return admits(this, principal);
  }

  /** Which ServiceAccounts have a role, and whether pods already get it. */
  podIdentities(): PodIdentity[] {
    return podIdentitiesOf(this);
  }

  /** Lets buckets hold objects, by part of their physical name: those are deleted by force only. */
  putObjects(part: string): void {
    for (const { id } of this.all(BUCKET).filter((bucket) => bucket.physicalName.includes(part))) {
      this.filledBuckets.add(id);
    }
  }

  /** Passwords that let a client into a store now, the newest first; `store` is an id or a physical name. */
  validPasswords(store: string): readonly string[] {
    const found = STORES.map((type) => this.find(type, store)).find((resource) => resource !== undefined);
    return this.credentials.validPasswords(found?.id ?? store);
  }

  /** What lives, one line each; what is kept on purpose or cannot be helped is in `kept`. */
  remaining(): string[] {
    return this.all().map(label);
  }

  /** What stays behind after everything was deleted: snapshots, and names that are not free. */
  kept(): string[] {
    return [
      ...[...this.snapshots.keys()].map((name) => `snapshot ${name}`),
      ...[...this.reserved].map(([name, reason]) => `${name}: ${reason}`),
    ];
  }

  /** What the program made, with every life of it. */
  created(): Creation[] {
    return [...this.creations].map(([urn, { type, name, ids }]) => {
      const live = [...new Set(ids)].filter((id) => this.living.has(`${type} ${id}`));
      return { urn, type, name, ids, live };
    });
  }

  /** What lives although no id in `known` is its own: leftovers of a run that died. What services own is not among them. */
  orphans(known: ReadonlySet<string>): LiveResource[] {
    return this.all().filter(({ id, ownedBy, urn }) => ownedBy === undefined && urn !== "" && !known.has(id));
  }

  /** Deletes a leftover as a person would by hand, whatever refers to it. */
  async discard(resource: LiveResource): Promise<void> {
    const group = resource.type === NODE_GROUP ? nodeGroupOf(resource, this) : undefined;
    this.remove(resource);
    if (group !== undefined) await this.observer.nodeGroupDeleted?.(group);
  }
}

/** An endpoint as EKS' outputs have it. */
export function endpointOutputs({ endpoint, certificateAuthority }: ClusterEndpoint): Properties {
  const authority = { data: certificateAuthority };
  return { endpoint, certificateAuthority: authority, certificateAuthorities: [authority] };
}
