import type * as pulumi from "@pulumi/pulumi";

/** Where the manifests are. */
export interface ArgoRepositoryArgs {
  /** URL of the git repository, `https://…` or `git@…`. */
  readonly url: string;
  /** Branch, tag or commit. Default `main`. */
  readonly revision?: string;
  /** Folder with a kustomization, e.g. `environments/prod`. */
  readonly path: string;
  /** How Argo CD signs in. Default: the repository is public, or a Secret that somebody else makes names it. */
  readonly credentials?: ArgoRepositoryCredentialsArgs;
}

/** How Argo CD signs in to a repository: exactly one of password and SSH key. */
export interface ArgoRepositoryCredentialsArgs {
  /** Name of the Secret that is made in Argo CD's namespace. */
  readonly secretName: string;
  /** User of the password; GitHub takes any text beside a token. Default `git`. */
  readonly username?: string;
  /** Password or token. A secret. */
  readonly password?: pulumi.Input<string>;
  /** Private SSH key. A secret. */
  readonly sshPrivateKey?: pulumi.Input<string>;
}

/** A workload whose number of replicas is another in each region. */
export interface ArgoScaledWorkloadArgs {
  /** Name of the object. */
  readonly name: string;
  /**
   * `ScaledObject` (its fewest replicas are set), `Canary` (the fewest replicas of its primary), `Deployment`, `StatefulSet` or
   * `LeaderWorkerSet` (the replicas themselves).
   */
  readonly kind: string;
  /** Whether a ScaledObject's most replicas are set too: for an idle colour, which does not scale. Default false. */
  readonly fixed?: boolean;
}

/** A workload whose number of replicas is an autoscaler's, not git's. */
export interface ArgoAutoscaledWorkloadArgs {
  /** Name of the workload. */
  readonly name: string;
  /** `Deployment`, `StatefulSet` or `LeaderWorkerSet`. */
  readonly kind: string;
}

/** A cluster that gets the same manifests. */
export interface ArgoRegionArgs {
  /** Region, part of the Application's name. */
  readonly region: string;
  /** Name under which the cluster is registered with Argo CD; `in-cluster` is its own. */
  readonly cluster: string;
  /** Replicas of every scaled workload there. */
  readonly replicas: number;
}

/** One Application for the cluster that Argo CD runs in. */
export interface ArgoApplicationArgs {
  /** Name of the Application. */
  readonly name: string;
}

/** One Application a region, made by an ApplicationSet. */
export interface ArgoRegionsArgs {
  /** Name of the ApplicationSet; each Application is called `<name>-<region>`. */
  readonly name: string;
  /** At least one; regions and clusters differ. */
  readonly regions: ArgoRegionArgs[];
  /** What has another number of replicas in each region. Default nothing. */
  readonly scaledWorkloads?: ArgoScaledWorkloadArgs[];
}

export interface ArgoApplicationsArgs {
  /** Namespace of Argo CD, where all objects of this component are. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the AppProject, e.g. `production`. A change replaces it. */
  readonly project: string;
  /** Namespace that the manifests are for; it exists in every cluster. */
  readonly destinationNamespace: pulumi.Input<string>;
  /** Where the manifests are. */
  readonly repository: ArgoRepositoryArgs;
  /** One cluster. Exactly one of `application` and `regions`. */
  readonly application?: ArgoApplicationArgs;
  /** Several clusters. */
  readonly regions?: ArgoRegionsArgs;
  /** Workloads whose replicas are left alone, whatever git says; of all others git decides the number. Default none. */
  readonly autoscaledWorkloads?: ArgoAutoscaledWorkloadArgs[];
  /** Gate: Argo CD runs. It has to outlive every Application, whose finalizers it alone removes. */
  readonly argoCdReady: pulumi.Input<string>;
  /** Gate: what Pulumi keeps for the workloads exists: namespace, Secrets, identity, weights. */
  readonly prerequisitesReady?: pulumi.Input<string>;
}
