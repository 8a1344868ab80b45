import { referenceTo } from "../api/objects";
import type { ReleaseRequest } from "../charts/chart-installer";
import {
  type CheckResult,
  type DiffResult,
  type Properties,
  type ResourceIdentity,
  UNKNOWN,
} from "../providers/provider";
import { differences, pathText } from "./differences";
import type { ReleaseRecord } from "./helm-record";
import { objectsIn } from "./helm-record";
import { automaticName } from "./object-inputs";

/** Helm's own limit, when the program gives none. */
const DEFAULT_TIMEOUT_SECONDS = 300;

/** What Helm is told beside the request to the chart. */
export interface ReleaseOptions {
  readonly timeoutSeconds: number;
  readonly skipAwait: boolean;
  readonly waitForJobs: boolean;
  readonly skipCrds: boolean;
  readonly cleanupOnFail: boolean;
  /** Revisions that Helm remembers; 0 means all. */
  readonly maxHistory: number;
}

/** Inputs of a release with its name, namespace and limit. */
export function checkRelease(resource: ResourceIdentity, before: Properties | undefined, now: Properties): CheckResult {
  const failures = ["chart"].filter((property) => now[property] === undefined);
  const inputs = {
    ...now,
    name: now.name ?? before?.name ?? automaticName(resource.name),
    namespace: now.namespace ?? "default",
    ...(now.skipAwait === true || now.timeout !== undefined ? {} : { timeout: DEFAULT_TIMEOUT_SECONDS }),
  };
  return { inputs, failures: failures.map((property) => ({ property, reason: "a release needs a chart" })) };
}

/** A release under another name or in another namespace is another one; everything else is an upgrade. */
export function diffRelease(before: Properties, now: Properties): DiffResult {
  const paths = differences(before, now).map(({ path }) => path);
  const replaces = paths.filter(([first]) => first === "name" || first === "namespace").map(pathText);
  return { changes: [...new Set(paths.map(([first]) => String(first)))], replaces, paths: paths.map(pathText) };
}

/** What the program asks for. */
export function requestOf(inputs: Properties): ReleaseRequest {
  const { name, namespace, chart, version = "", values = {}, postrender } = inputs;
  const optional = postrender === undefined ? {} : { postrender };
  return { name, namespace, chart, version, values, ...optional };
}

/** How the program wants it done. */
export function optionsOf(inputs: Properties): ReleaseOptions {
  return {
    timeoutSeconds: inputs.timeout ?? DEFAULT_TIMEOUT_SECONDS,
    skipAwait: inputs.skipAwait === true,
    waitForJobs: inputs.waitForJobs === true,
    skipCrds: inputs.skipCrds === true,
    cleanupOnFail: inputs.cleanupOnFail === true,
    maxHistory: inputs.maxHistory ?? 0,
  };
}

/** What is known of a release in a preview. */
export function previewOf(inputs: Properties): Properties {
  return { ...inputs, status: UNKNOWN, resourceNames: UNKNOWN };
}

/** What is kept of a release: its inputs, what it made, and how it is. */
export function stateOf(inputs: Properties, record: ReleaseRecord): Properties {
  const { name, namespace, version: revision, info, chart } = record;
  const status = {
    name,
    namespace,
    status: info.status,
    version: chart.metadata.version,
    revision,
    chart: chart.metadata.name,
    appVersion: chart.metadata.version,
  };
  return { ...inputs, status, resourceNames: resourceNames(record) };
}

/** Names of the release's objects by kind, e.g. `{ "Deployment.apps/apps/v1": ["langfuse/langfuse-web"] }`. */
function resourceNames({ manifest }: ReleaseRecord): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const object of objectsIn(manifest)) {
    const { apiVersion, kind, name, namespace } = referenceTo(object);
    const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0]}` : "";
    const key = `${kind}${group}/${apiVersion}`;
    names[key] = [...(names[key] ?? []), namespace === undefined ? name : `${namespace}/${name}`];
  }
  return names;
}
