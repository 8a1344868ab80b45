import { ModelWorkloadKind } from "./model-server-kinds";

/** Port of the OpenAI-compatible API, of health and of metrics: of container, Service, policies and monitors alike. */
export const MODEL_PORT = 8000;

/** Label of every pod of a model server, its canary's primary included. Policies, budgets and monitors select by it. */
export const MODEL_SERVER_LABEL = "llm-platform/model-server";

/** Label of the pods of Jobs that fill the model store. Policies select by it. */
export const MODEL_IMPORT_LABEL = "llm-platform/model-import";

/** ServiceAccounts of the namespace of models; identities in AWS are bound to these names. */
export const MODEL_SERVICE_ACCOUNTS = {
  /** Model servers: read the model store. */
  server: "model-server",
  /** Import Jobs: write the model store. */
  import: "model-import",
} as const;

/** ConfigMap that tells pods where the model store is; Pulumi owns it, so that manifests hold no name that only AWS knows. */
export const MODEL_STORE_CONFIG = {
  name: "model-store",
  keys: { bucket: "bucket", region: "region", endpoint: "endpoint" },
} as const;

/**
 * Annotation of ConfigMaps and Secrets that keep their name for ever. Flagger copies what a canary's pods read, and the copy goes
 * with the canary that came first, also from under the pods of another one that reads the same.
 */
export const NOT_COPIED_BY_FLAGGER = { "flagger.app/config-tracking": "disabled" } as const;

/** Names of the objects of one model server; all of them are known in every preview. */
export interface ModelServerNames {
  /** Of the Deployment, StatefulSet or LeaderWorkerSet. */
  readonly workload: string;
  /** Of the ClusterIP Service; a LeaderWorkerSet makes a headless one of its own name, beside which ours has another. */
  readonly service: string;
  /** Of the headless Service that names a StatefulSet's pods. */
  readonly podsService: string;
  readonly disruptionBudget: string;
  readonly scaledObject: string;
  readonly verticalPodAutoscaler: string;
  /** Secret with the key that callers send; entry `api-key`. */
  readonly apiKeySecret: string;
}

/** Entry of the Secret `apiKeySecret`. */
export const API_KEY_ENTRY = "api-key";

/** Names of the objects of the server `server`, whose pods are run as `kind` (default a Deployment). */
export function modelServerNames(
  server: string,
  kind: ModelWorkloadKind = ModelWorkloadKind.Deployment,
): ModelServerNames {
  return {
    workload: server,
    service: kind === ModelWorkloadKind.MultiNode ? `${server}-leaders` : server,
    podsService: `${server}-pods`,
    disruptionBudget: server,
    scaledObject: server,
    verticalPodAutoscaler: server,
    apiKeySecret: `${server}-api-key`,
  };
}

/** Labels by which the workload selects its own pods; `app` is what Flagger rewrites for a primary. */
export function modelWorkloadSelector(server: string): Record<string, string> {
  return { app: server };
}

/** Labels by which everything else selects the pods of a server, those of a canary's primary included. */
export function modelServerSelector(server: string): Record<string, string> {
  return { [MODEL_SERVER_LABEL]: server };
}

/** Labels of the pods of a server. */
export function modelPodLabels(server: string): Record<string, string> {
  return {
    ...modelWorkloadSelector(server),
    ...modelServerSelector(server),
    "app.kubernetes.io/name": "vllm",
    "app.kubernetes.io/component": "model-server",
    "app.kubernetes.io/part-of": "llm-platform",
  };
}

/** Prefix of a version of a model in the model store, without a slash at its end. */
export function modelPrefix(model: string, version: string): string {
  return `models/${model}/v${version}`;
}
