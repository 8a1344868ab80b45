/** Names of the objects of one release; none of ours collides with one that a chart renders. */
export interface LangfuseNames {
  /** Helm release, and the charts' own prefix. */
  readonly release: string;
  readonly webDeployment: string;
  readonly webService: string;
  readonly workerDeployment: string;
  readonly scaledObject: string;
  readonly triggerAuthentication: string;
  readonly ingress: string;
}

/** Port of the web Service and of its container. */
export const WEB_PORT = 3000;
/** What the post-renderer's parameters start with; they are annotations of the Deployments. */
export const ANNOTATION_PREFIX = "llm-platform/";

/** What a pod of ours is for; part of its labels and of its Job's name. */
export const LangfuseJobRole = { Migrations: "migrations", Roles: "roles", Smoke: "smoke" } as const;
export type LangfuseJobRole = (typeof LangfuseJobRole)[keyof typeof LangfuseJobRole];

/** Names of everything in the release `release`. */
export function langfuseNames(release: string): LangfuseNames {
  return {
    release,
    webDeployment: `${release}-web`,
    webService: `${release}-web`,
    workerDeployment: `${release}-worker`,
    scaledObject: `${release}-worker-queues`,
    triggerAuthentication: `${release}-redis-trigger`,
    ingress: `${release}-public`,
  };
}

/** Labels that the charts put on the pods of `component` (`web` or `worker`) and select them by. */
export function chartPodLabels(release: string, component: string): Record<string, string> {
  return {
    "app.kubernetes.io/name": "langfuse",
    "app.kubernetes.io/instance": release,
    "app.kubernetes.io/component": component,
  };
}

/** Labels of a Job's pod: its name differs from the charts', so that no Service or budget of theirs selects it. */
export function jobPodLabels(release: string, role: LangfuseJobRole): Record<string, string> {
  return {
    "app.kubernetes.io/name": `langfuse-${role}`,
    "app.kubernetes.io/instance": release,
    "app.kubernetes.io/component": role,
  };
}
