import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import type { ArgoApplicationsArgs, ArgoRegionsArgs, ArgoRepositoryCredentialsArgs } from "./argo-applications-args";
import { checkArgoApplicationsArgs } from "./argo-applications-checks";
import { applicationSetSpec, applicationSpec, CASCADE, projectSpec, repositorySecret } from "./argo-applications-spec";

const API_VERSION = "argoproj.io/v1alpha1";
/** As long as Argo CD may take to remove what an Application made: model servers drain before they go. */
const TIMEOUTS = { create: "5m", update: "5m", delete: "20m" };

/**
 * What Argo CD brings from git: a project that limits it, and one Application, or one a region. Nothing here waits for a sync:
 * the first `up` comes before the first commit. The manifests and the clusters of other regions are not managed here.
 */
export class ArgoApplications extends pulumi.ComponentResource {
  /** Name of the project, for Applications of other teams. */
  readonly projectName: pulumi.Output<string>;
  /** Gate: Argo CD has been told. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ArgoApplicationsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ArgoApplications", name, {}, opts);
    checkArgoApplicationsArgs(name, args);
    const { credentials } = args.repository;
    const secret = credentials === undefined ? [] : [signIn(name, args, credentials, { parent: this })];
    const project = new kubernetes.apiextensions.CustomResource(
      `${name}-project`,
      {
        apiVersion: API_VERSION,
        kind: "AppProject",
        metadata: { namespace: args.namespace, name: args.project },
        spec: projectSpec(args),
      },
      { parent: this, dependsOn: after(args.argoCdReady), customTimeouts: TIMEOUTS },
    );
    const gates = [args.argoCdReady, args.prerequisitesReady, ready([project, ...secret])];
    const applications = [
      ...(args.application ? [application(name, args, args.application.name, gates, { parent: this })] : []),
      ...(args.regions ? [applicationSet(name, args, args.regions, gates, { parent: this })] : []),
    ];
    this.projectName = project.metadata.name;
    this.ready = ready([project, ...applications]);
    this.registerOutputs({ projectName: this.projectName, ready: this.ready });
  }
}

/** Waits for nothing: Argo CD finds it by its label whenever it comes. */
function signIn(
  name: string,
  args: ArgoApplicationsArgs,
  credentials: ArgoRepositoryCredentialsArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret {
  return new kubernetes.core.v1.Secret(
    `${name}-repository`,
    {
      metadata: {
        namespace: args.namespace,
        name: credentials.secretName,
        labels: { "argocd.argoproj.io/secret-type": "repository" },
      },
      type: "Opaque",
      ...repositorySecret(args.repository.url, credentials),
    },
    opts,
  );
}

function application(
  name: string,
  args: ArgoApplicationsArgs,
  applicationName: string,
  gates: pulumi.Input<unknown>[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new kubernetes.apiextensions.CustomResource(
    `${name}-application`,
    {
      apiVersion: API_VERSION,
      kind: "Application",
      metadata: { namespace: args.namespace, name: applicationName, finalizers: [CASCADE] },
      spec: applicationSpec(args),
    },
    { ...opts, dependsOn: after(...gates), customTimeouts: TIMEOUTS },
  );
}

function applicationSet(
  name: string,
  args: ArgoApplicationsArgs,
  regions: ArgoRegionsArgs,
  gates: pulumi.Input<unknown>[],
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return new kubernetes.apiextensions.CustomResource(
    `${name}-applicationset`,
    {
      apiVersion: API_VERSION,
      kind: "ApplicationSet",
      metadata: {
        namespace: args.namespace,
        name: regions.name,
        // In the foreground: the set goes only after its Applications, and they after what they made, while Argo CD still runs.
        annotations: { "pulumi.com/deletionPropagationPolicy": "foreground" },
      },
      spec: applicationSetSpec(args, regions),
    },
    { ...opts, dependsOn: after(...gates), customTimeouts: TIMEOUTS },
  );
}
