import type * as pulumi from "@pulumi/pulumi";
import type { ArgoApplicationsArgs, ArgoRegionsArgs, ArgoScaledWorkloadArgs } from "./argo-applications-args";
import { DELIVERED_GROUPS } from "./argo-cd-kinds";

/** Name of the cluster that Argo CD runs in, to itself. */
export const OWN_CLUSTER = "in-cluster";

/** Deletes what an Application made before the Application itself goes. */
export const CASCADE = "resources-finalizer.argocd.argoproj.io";

/** What the project lets its Applications do: one repository, one namespace in each cluster, the kinds of a model server. */
export function projectSpec(args: ArgoApplicationsArgs) {
  const clusters = args.regions?.regions.map(({ cluster }) => cluster) ?? [OWN_CLUSTER];
  return {
    description: "Model servers that git describes.",
    sourceRepos: [args.repository.url],
    destinations: clusters.map((name) => ({ name, namespace: args.destinationNamespace })),
    clusterResourceWhitelist: [],
    namespaceResourceWhitelist: DELIVERED_GROUPS.flatMap(({ group, kinds }) =>
      Object.keys(kinds).map((kind) => ({ group, kind })),
    ),
  };
}

/** The Application of the cluster that Argo CD runs in. */
export function applicationSpec(args: ArgoApplicationsArgs) {
  return applicationTemplate(args, OWN_CLUSTER, undefined);
}

/** The ApplicationSet: one Application a region, each with its own number of replicas. */
export function applicationSetSpec(
  args: ArgoApplicationsArgs,
  { name, regions, scaledWorkloads = [] }: ArgoRegionsArgs,
) {
  return {
    goTemplate: true,
    // A misspelt field stops the set, where it would otherwise become an empty text.
    goTemplateOptions: ["missingkey=error"],
    generators: [
      {
        list: {
          elements: regions.map(({ region, cluster, replicas }) => ({ region, cluster, replicas: String(replicas) })),
        },
      },
    ],
    template: {
      metadata: { name: `${name}-{{.region}}`, labels: { region: "{{.region}}" }, finalizers: [CASCADE] },
      spec: applicationTemplate(args, "{{.cluster}}", scaledWorkloads),
    },
  };
}

function applicationTemplate(
  args: ArgoApplicationsArgs,
  cluster: string,
  scaledWorkloads: readonly ArgoScaledWorkloadArgs[] | undefined,
) {
  const { url, revision = "main", path } = args.repository;
  const patches = (scaledWorkloads ?? []).map(replicasPatch);
  return {
    project: args.project,
    source: {
      repoURL: url,
      targetRevision: revision,
      path,
      ...(patches.length === 0 ? {} : { kustomize: { patches } }),
    },
    destination: { name: cluster, namespace: args.destinationNamespace },
    syncPolicy: SYNC_POLICY,
    revisionHistoryLimit: 10,
    ignoreDifferences: ignoredDifferences(args),
  };
}

/** Where the number of replicas is, by kind. */
export const REPLICAS_FIELDS: Readonly<Record<string, string>> = {
  ScaledObject: "/spec/minReplicaCount",
  Canary: "/spec/autoscalerRef/primaryScalerReplicas/minReplicas",
  Deployment: "/spec/replicas",
  StatefulSet: "/spec/replicas",
  LeaderWorkerSet: "/spec/replicas",
};

/**
 * Sets the replicas of a region in the manifests of all. `add` also replaces, and the number is missing from workloads that an
 * autoscaler owns.
 */
function replicasPatch({ kind, name, fixed = false }: ArgoScaledWorkloadArgs) {
  const fields = [REPLICAS_FIELDS[kind], ...(fixed ? ["/spec/maxReplicaCount"] : [])];
  const patch = fields.map((path) => `- op: add\n  path: ${path}\n  value: {{.replicas}}\n`).join("");
  return { target: { kind, name }, patch };
}

const SYNC_POLICY = {
  // Nothing in git is a mistake, never the wish to have nothing.
  automated: { prune: true, selfHeal: true, allowEmpty: false },
  syncOptions: [
    // The namespace is Pulumi's: with it come Pod Security, policies and Secrets, which must be there first.
    "CreateNamespace=false",
    "PrunePropagationPolicy=foreground",
    "PruneLast=true",
    "ServerSideApply=true",
    // What is ignored when comparing is also left alone when applying.
    "RespectIgnoreDifferences=true",
  ],
  retry: { limit: 5, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } },
};

/** API group of each kind of workload. */
export const WORKLOAD_GROUPS: Readonly<Record<string, string>> = {
  Deployment: "apps",
  StatefulSet: "apps",
  LeaderWorkerSet: "leaderworkerset.x-k8s.io",
};

/** What others write into objects that git describes: autoscalers their number, Flagger its pause and its selectors. */
function ignoredDifferences({ autoscaledWorkloads = [] }: ArgoApplicationsArgs) {
  return [
    ...autoscaledWorkloads.map(({ kind, name }) => ({
      group: WORKLOAD_GROUPS[kind] ?? "",
      kind,
      name,
      jsonPointers: ["/spec/replicas"],
    })),
    {
      group: "keda.sh",
      kind: "ScaledObject",
      jsonPointers: ["/metadata/annotations/autoscaling.keda.sh~1paused-replicas"],
    },
    { kind: "Service", managedFieldsManagers: ["flagger"] },
  ];
}

/** The Secret by which Argo CD knows a repository's credentials. */
export function repositorySecret(
  url: string,
  { username = "git", password, sshPrivateKey }: RepositorySignIn,
): { data: Record<string, string>; stringData: Record<string, pulumi.Input<string>> } {
  const encoded = (text: string) => Buffer.from(text).toString("base64");
  return {
    // The address is no secret: project and Application show it. Beside the credentials it would count as one.
    data: { type: encoded("git"), url: encoded(url) },
    stringData: sshPrivateKey === undefined ? { username, password: password ?? "" } : { sshPrivateKey },
  };
}

/** What signs in. */
interface RepositorySignIn {
  readonly username?: string;
  readonly password?: pulumi.Input<string>;
  readonly sshPrivateKey?: pulumi.Input<string>;
}
