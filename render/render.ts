import * as pulumi from "@pulumi/pulumi";
import { PlanError, RefusedError } from "../preview/errors";
import type { OutputFile } from "../preview/manifests";
import { planOf } from "../preview/plan";
import { type Project, readStackText, runProgram, type SettingsReader } from "../preview/project";
import { type RecordedResource, type Recording, type RecordOptions, record } from "../preview/recorder";
import { environmentFiles, refuseUnfit } from "./manifests";
import { disowned } from "./ownership";

/** What is rendered. */
export interface RenderOptions {
  readonly project: Project;
  readonly stack: string;
  readonly reader: SettingsReader;
}

/** What git is to hold of a stack. */
export interface Rendered {
  /** Names of the model servers, in alphabetical order. */
  readonly servers: readonly string[];
  /** Whether Argo CD owns them by the settings. */
  readonly owned: boolean;
  readonly files: readonly OutputFile[];
}

/**
 * The objects of every model server that Argo CD owns (of all, where it owns none), as Pulumi would make them. Nothing that a provider computes is known in this
 * run, so that no stand-in for it can get into a manifest.
 */
export async function renderStack({ project, stack, reader }: RenderOptions): Promise<Rendered> {
  const file = refusing(() => reader.loadStackFile(readStackText(project, stack), project.name));
  const options = { project: project.name, stack, secretConfig: file.secretKeys, outputs: "unknown" } as const;
  await judge(reader, { ...options, config: file.config });
  const { servers, owned, config } = disowned(file.config, project.name, stack);
  const recording = await record(() => runProgram(project), { ...options, config: { ...config } });
  if (recording.failures.length > 0) throw new PlanError(recording.failures.map(({ message }) => message));
  const objects = servers.flatMap((server) => objectsOf(recording, server));
  refuseUnfit(objects);
  const plan = planOf(project.name, stack, recording);
  const wanted = new Set(objects.map(({ urn }) => urn));
  const files = environmentFiles(
    plan,
    plan.resources.filter(({ urn }) => wanted.has(urn)),
  );
  return { servers, owned, files };
}

/** Components that are a model server, by type and name, as the composition calls them. */
function isServer({ type, name }: RecordedResource, server: string): boolean {
  switch (type) {
    case "llm-platform:index:ModelServer":
    case "llm-platform:index:ModelBlueGreen":
      return name === `model-${server}`;
    case "llm-platform:index:ModelCanary":
      return name === `model-${server}-canary`;
    default:
      return false;
  }
}

/** Every Kubernetes object below the components of a server. */
export function objectsOf({ resources }: Pick<Recording, "resources">, server: string): RecordedResource[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const belongs = (resource: RecordedResource): boolean => {
    const parent = byUrn.get(resource.parent);
    return parent !== undefined && (isServer(parent, server) || belongs(parent));
  };
  const objects = resources.filter(
    (resource) => resource.custom && !resource.read && resource.type.startsWith("kubernetes:") && belongs(resource),
  );
  if (objects.length === 0) throw new PlanError([`The program makes no objects of the model server ${server}.`]);
  return objects;
}

/** Fails with what is wrong with the settings as they stand; only sound ones are changed and run. */
async function judge(reader: SettingsReader, options: RecordOptions): Promise<void> {
  let refusal: unknown;
  await record(() => {
    try {
      reader.readSettings();
    } catch (error) {
      refusal = error;
    }
  }, options);
  if (refusal !== undefined) refusing(() => raise(refusal));
}

/** Errors that the program raises on purpose keep their text alone; any other is a fault of ours and keeps its stack. */
function refusing<Result>(action: () => Result): Result {
  try {
    return action();
  } catch (error) {
    if (pulumi.RunError.isInstance(error)) throw new RefusedError(error.message);
    throw error;
  }
}

function raise(error: unknown): never {
  throw error;
}
