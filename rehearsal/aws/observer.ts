/** A managed node group, as the stand-in for AWS has it. */
export interface NodeGroup {
  /** Physical name. */
  readonly name: string;
  /** The stack's pool, e.g. `pool-cpu`: the logical name of the component that made it. */
  readonly pool: string;
  readonly instanceType: string;
  /** Zones of its subnets. */
  readonly zones: readonly string[];
  readonly minSize: number;
  readonly maxSize: number;
  /** Nodes at present. */
  readonly size: number;
  readonly spot: boolean;
  readonly labels: Readonly<Record<string, string>>;
  /** In Kubernetes' spelling (`NoSchedule`). */
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
  /** Disk of each node for images, logs and files of pods, in GiB. Default the 20 of EKS. */
  readonly diskGiB?: number;
  /** Kubernetes version of its nodes, e.g. `1.35`. */
  readonly version: string;
}

/** What happens in the cluster because of something in AWS. Each resolves when it has happened. */
export interface CloudObserver {
  /** After a node group was made or changed; its nodes have joined, or left, when this resolves. */
  nodeGroupChanged?(group: NodeGroup): Promise<void>;
  nodeGroupDeleted?(group: NodeGroup): Promise<void>;
  /** `name` as EKS has it (`vpc-cni`); its pods are up when this resolves. */
  addonInstalled?(name: string, configuration: Readonly<Record<string, unknown>>): Promise<void>;
  addonRemoved?(name: string): Promise<void>;
}

/** What the stand-in for AWS gives a new EKS cluster. */
export interface ClusterEndpoint {
  /** e.g. `https://127.0.0.1:6443`. */
  readonly endpoint: string;
  /** PEM, base64. */
  readonly certificateAuthority: string;
}
