import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { chartSource } from "../internal/charts";
import { after, ready } from "../internal/gates";
import { databaseRolesJob } from "./database-roles-job";
import type { LangfuseArgs } from "./langfuse-args";
import { checkLangfuseArgs } from "./langfuse-check";
import { langfuseIngress } from "./langfuse-ingress";
import { chartPodLabels, langfuseNames } from "./langfuse-names";
import { langfuseValues } from "./langfuse-values";
import { langfusePins } from "./langfuse-versions";
import { migrationJob } from "./migration-job";
import { smokeJob } from "./smoke-job";
import { workerAutoscaling } from "./worker-autoscaling";

const DEFAULT_POST_RENDERER = "./components/langfuse/post-renderer.js";
const DEFAULT_TIMEOUT_SECONDS = 1200;

/**
 * Langfuse 3 or 4 on stores that exist: login roles, migrations, the Helm release of web and worker, the worker's autoscaling,
 * the Ingress, and a smoke test behind each version. The order is one chain: roles, migrations, release, then the rest. Stores,
 * Kubernetes Secrets, the namespace and its policies, certificates and DNS are not managed here.
 */
export class Langfuse extends pulumi.ComponentResource {
  /** Public URL. */
  readonly url: pulumi.Output<string>;
  /** Name of the Helm release, known once it is deployed. */
  readonly releaseName: pulumi.Output<string>;
  /** Service of the web application, on port 3000; known once the release is deployed. */
  readonly webServiceName: pulumi.Output<string>;
  /** Gate: the release is deployed and has passed its smoke test. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: LangfuseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:Langfuse", name, {}, opts);
    checkLangfuseArgs(name, args);
    const names = langfuseNames(args.releaseName ?? "langfuse");
    const gates = args.gates ?? {};
    const from = (resources: pulumi.Resource[], ...stores: (pulumi.Input<string> | undefined)[]) => ({
      parent: this,
      dependsOn: after(gates.secretsReady, gates.policiesReady, gates.nodesReady, ...stores, ready(resources)),
    });

    const account = serviceAccount(name, args, { parent: this });
    const roles = args.postgres.roles
      ? [databaseRolesJob(name, args, args.postgres.roles, from([], gates.postgresReady))]
      : [];
    const migrations = migrationJob(name, args, from(roles, gates.postgresReady, gates.clickhouseReady));
    const release = helmRelease(
      name,
      args,
      from([migrations, account], gates.storesReady, gates.identityReady, gates.metricsReady),
    );
    // A name that carries the release: whoever uses it comes after the Service.
    const webServiceName = ready([release]).apply(() => names.webService);

    const scaled = args.worker.autoscaling
      ? [workerAutoscaling(name, args, args.worker.autoscaling, ready([release]), { parent: this })]
      : [];
    if (args.ingress) {
      langfuseIngress(name, args, args.ingress, webServiceName, { parent: this, dependsOn: after(gates.ingressReady) });
    }
    const project = args.initialization?.project;
    const smoke = project ? [smokeJob(name, args, project, from([release]))] : [];

    this.url = pulumi.interpolate`${args.tls === false ? "http" : "https"}://${args.host}`;
    this.releaseName = ready([release]).apply(() => names.release);
    this.webServiceName = webServiceName;
    this.ready = ready([release, ...scaled, ...smoke]);
    this.registerOutputs({
      url: this.url,
      releaseName: this.releaseName,
      webServiceName: this.webServiceName,
      ready: this.ready,
    });
  }
}

/** Waits for nothing: the identity's association names it, and no pod starts before the release. */
function serviceAccount(name: string, args: LangfuseArgs, opts: pulumi.CustomResourceOptions) {
  const release = args.releaseName ?? "langfuse";
  return new kubernetes.core.v1.ServiceAccount(
    `${name}-serviceaccount`,
    {
      metadata: {
        namespace: args.namespace,
        name: args.serviceAccountName ?? release,
        labels: chartPodLabels(release, "identity"),
        ...(args.serviceAccountAnnotations === undefined ? {} : { annotations: args.serviceAccountAnnotations }),
      },
      automountServiceAccountToken: false,
    },
    opts,
  );
}

function helmRelease(name: string, args: LangfuseArgs, opts: pulumi.CustomResourceOptions) {
  const timeout = args.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  // Pulumi gives up five minutes after Helm did, so that Helm's reason is the one that shows.
  const patience = `${Math.ceil(timeout / 60) + 5}m`;
  return new kubernetes.helm.v3.Release(
    `${name}-release`,
    {
      ...chartSource(langfusePins(args.version).chart, args.mirrors),
      name: args.releaseName ?? "langfuse",
      namespace: args.namespace,
      values: { ...langfuseValues(args) },
      postrender: args.postRenderer ?? DEFAULT_POST_RENDERER,
      timeout,
      waitForJobs: true,
      cleanupOnFail: true,
      skipAwait: false,
      maxHistory: 10,
    },
    { customTimeouts: { create: patience, update: patience, delete: patience }, ...opts },
  );
}
