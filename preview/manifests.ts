import { stringify } from "yaml";
import { isCreated, type Plan, type PlannedResource } from "./plan";

const RELEASE = "kubernetes:helm.sh/v3:Release";

/** Annotations that only Pulumi's provider reads; they never reach the cluster's own tools. */
const PULUMI_ANNOTATION = "pulumi.com/";

/** A file of the preview, by its path below the stack's folder. */
export interface OutputFile {
  readonly path: string;
  readonly text: string;
}

/** Every Kubernetes object of the plan as one YAML file; Helm releases are not objects and have their values instead. */
export function manifestFiles(plan: Plan): OutputFile[] {
  const objects = plan.resources.filter(
    (resource) => resource.type.startsWith("kubernetes:") && resource.type !== RELEASE && isCreated(resource),
  );
  return unique(objects.map((resource) => ({ path: manifestPath(resource), text: yaml(manifest(resource)) })));
}

/** The values of every Helm release as one YAML file, headed by the chart that they are for. */
export function valuesFiles(plan: Plan): OutputFile[] {
  const releases = plan.resources.filter((resource) => resource.type === RELEASE && isCreated(resource));
  return unique(
    releases.map(({ name, inputs }) => {
      const { chart, version, namespace, repositoryOpts, values } = inputs as Record<string, string | undefined> & {
        repositoryOpts?: { repo?: string };
      };
      const repository = repositoryOpts?.repo ? ` from ${repositoryOpts.repo}` : "";
      const release = inputs.name ?? name;
      return {
        path: `values/${fileName(`${namespace}-${release}`)}.yaml`,
        text: `# Helm release ${release} in namespace ${namespace}: chart ${chart} ${version ?? ""}${repository}\n${yaml(values ?? {})}`,
      };
    }),
  );
}

/** The object as `kubectl` would take it. */
function manifest(resource: PlannedResource): Record<string, unknown> {
  const { apiVersion, kind, metadata, ...rest } = resource.inputs as Record<string, unknown> & { metadata?: object };
  return { apiVersion, kind, metadata: metadata === undefined ? undefined : withoutPulumi(metadata), ...rest };
}

function withoutPulumi(metadata: { annotations?: Record<string, unknown> }): object {
  const { annotations, ...rest } = metadata;
  if (annotations === undefined) return rest;
  const kept = Object.entries(annotations).filter(([key]) => !key.startsWith(PULUMI_ANNOTATION));
  return kept.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(kept) };
}

function manifestPath(resource: PlannedResource): string {
  const metadata = (resource.inputs.metadata ?? {}) as { name?: string; namespace?: string };
  const kind = String(resource.inputs.kind ?? resource.type.split(":").at(-1)).toLowerCase();
  const patch = resource.type.endsWith("Patch") ? "patch-" : "";
  return `manifests/${fileName(metadata.namespace ?? "_cluster")}/${patch}${kind}-${fileName(metadata.name ?? resource.name)}.yaml`;
}

/** Readable by kubectl and Helm too, which take a bare `on` or `no` for a boolean. */
function yaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false, compat: "yaml-1.1" });
}

/** Names may hold characters that file systems refuse (`system:controller`), or mean something by them (`../`). */
function fileName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]/g, "_").replace(/^\.+/, "_");
}

/** Numbers what would overwrite another file: two API groups can have objects of the same kind and name. */
function unique(files: OutputFile[]): OutputFile[] {
  const taken = new Set<string>();
  return files.map(({ path, text }) => {
    let free = path;
    for (let number = 2; taken.has(free.toLowerCase()); number++) free = path.replace(/\.yaml$/, `-${number}.yaml`);
    taken.add(free.toLowerCase());
    return { path: free, text };
  });
}
