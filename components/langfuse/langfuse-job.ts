import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { type ContainerResources, restrictedContainer, restrictedPod } from "../internal/pods";
import { shortHash } from "../internal/stable-json";
import type { LangfuseArgs } from "./langfuse-args";
import type { EnvironmentVariable } from "./langfuse-env";
import { jobPodLabels, type LangfuseJobRole } from "./langfuse-names";
import type { SecretKey } from "./langfuse-store-args";
import { AUTHORITY_VOLUME_MOUNT, authorityVolume } from "./langfuse-store-values";
import { LANGFUSE_USER } from "./langfuse-values";
import { text } from "./text";

/** What distinguishes one of the Jobs. */
export interface LangfuseJobSpec {
  readonly role: LangfuseJobRole;
  /** Changes exactly when the Job has to run again; part of its name. */
  readonly fingerprint: pulumi.Input<string>;
  readonly image: string;
  readonly command?: string[];
  readonly args?: string[];
  readonly environment: EnvironmentVariable[];
  /** ConfigMap with the script, mounted at `SCRIPTS_MOUNT`. */
  readonly scripts?: kubernetes.core.v1.ConfigMap;
  /** ClickHouse's certificate authority, mounted where `authorityEnvironment` points. */
  readonly authority?: SecretKey;
  readonly resources: ContainerResources;
  readonly deadlineSeconds: number;
  /** Default that of all pods of Langfuse. */
  readonly priorityClassName?: pulumi.Input<string>;
  /** Whether the image writes to its own file system. */
  readonly writableRoot?: boolean;
}

/** Where a Job finds its scripts. */
export const SCRIPTS_MOUNT = "/opt/scripts";

/**
 * A Job that runs once for its fingerprint and must succeed: one try, and no time to live, since a Job that deletes itself
 * would be made again by the next `up`. A failed one is replaced by the next `up` instead of failing it for ever.
 */
export function langfuseJob(
  name: string,
  args: LangfuseArgs,
  job: LangfuseJobSpec,
  opts: pulumi.CustomResourceOptions,
): kubernetes.batch.v1.Job {
  const release = args.releaseName ?? "langfuse";
  const labels = jobPodLabels(release, job.role);
  const minutes = Math.ceil(job.deadlineSeconds / 60) + 5;
  const timeout = `${minutes}m`;
  return new kubernetes.batch.v1.Job(
    `${name}-${job.role}`,
    {
      metadata: {
        namespace: args.namespace,
        name: text`${release}-${job.role}-${job.fingerprint}`,
        labels,
        annotations: { "pulumi.com/replaceUnready": "true" },
      },
      spec: {
        backoffLimit: 0,
        activeDeadlineSeconds: job.deadlineSeconds,
        template: {
          // An eviction in the middle of a migration leaves a state that only a person can mend.
          metadata: { labels, annotations: { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" } },
          spec: podSpec(args, job),
        },
      },
    },
    { customTimeouts: { create: timeout, update: timeout }, ...opts },
  );
}

/** The scripts of a Job in a ConfigMap that is named after their content, so that a changed script is another Job. */
export function scriptsOf(
  name: string,
  args: LangfuseArgs,
  role: LangfuseJobRole,
  files: Record<string, string>,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.ConfigMap {
  const release = args.releaseName ?? "langfuse";
  return new kubernetes.core.v1.ConfigMap(
    `${name}-${role}-scripts`,
    {
      metadata: {
        namespace: args.namespace,
        name: `${release}-${role}-${shortHash(files)}`,
        labels: jobPodLabels(release, role),
      },
      immutable: true,
      data: files,
    },
    { parent: opts.parent },
  );
}

function podSpec(args: LangfuseArgs, job: LangfuseJobSpec): kubernetes.types.input.core.v1.PodSpec {
  const volumes = [
    ...(job.scripts ? [{ name: "scripts", configMap: { name: job.scripts.metadata.name } }] : []),
    ...(job.authority ? [authorityVolume(job.authority)] : []),
  ];
  const volumeMounts = [
    ...(job.scripts ? [{ name: "scripts", mountPath: SCRIPTS_MOUNT, readOnly: true }] : []),
    ...(job.authority ? [AUTHORITY_VOLUME_MOUNT] : []),
  ];
  const priorityClassName = job.priorityClassName ?? args.priorityClassName;
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(LANGFUSE_USER),
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
    ...args.jobPlacement,
    containers: [
      {
        name: job.role,
        image: job.image,
        imagePullPolicy: "IfNotPresent",
        ...(job.command === undefined ? {} : { command: job.command }),
        ...(job.args === undefined ? {} : { args: job.args }),
        env: job.environment,
        resources: job.resources,
        securityContext: restrictedContainer(!job.writableRoot),
        // The last lines of the log become the message that `pulumi up` shows.
        terminationMessagePolicy: "FallbackToLogsOnError",
        ...(volumeMounts.length > 0 ? { volumeMounts } : {}),
      },
    ],
    ...(volumes.length > 0 ? { volumes } : {}),
  };
}
