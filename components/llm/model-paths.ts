import { modelPrefix } from "./model-names";
import type { LoraAdapterArgs, ModelServerArgs } from "./model-server-args";
import { ModelWeightsKind } from "./model-server-kinds";
import { modelFolder } from "./model-verification";

/** Where the containers of a model server find and put things. */
export const MODEL_FOLDERS = {
  /** The engine's files. */
  config: "/config",
  /** A volume with the layout of the model store, read-only. */
  models: "/models",
  /** Adapters that were copied from the model store. */
  adapters: "/adapters",
  /** Home of the process: caches of compiled kernels, of tokenizers and configurations. */
  cache: "/cache",
  temporary: "/tmp",
  shared: "/dev/shm",
} as const;

/** Whether the weights lie on a volume with the layout of the model store. */
export function onVolume(kind: ModelWeightsKind): boolean {
  return kind === ModelWeightsKind.S3Mount || kind === ModelWeightsKind.Efs || kind === ModelWeightsKind.FsxLustre;
}

/** The volume's claim, when the weights lie on one. */
export function volumeOf({ weights }: ModelServerArgs) {
  return weights.s3Mount ?? weights.efs ?? weights.fsxLustre;
}

/** Where vLLM reads the model from; the bucket's name is expanded by Kubernetes. */
export function modelUri({ model, weights }: ModelServerArgs): string {
  if (weights.kind === ModelWeightsKind.Image) return weights.image?.path ?? "";
  return onVolume(weights.kind)
    ? `${MODEL_FOLDERS.models}/${modelFolder(model.name, model.version)}`
    : `s3://$(MODEL_BUCKET)/${modelPrefix(model.name, model.version)}`;
}

/** Where vLLM reads an adapter from: it takes folders alone, so what is not on the volume is copied before it starts. */
export function adapterPath(adapter: LoraAdapterArgs, kind: ModelWeightsKind): string {
  const folder = onVolume(kind) ? MODEL_FOLDERS.models : MODEL_FOLDERS.adapters;
  return `${folder}/${modelFolder(adapter.model, adapter.version)}`;
}

/** Whether adapters have to be copied from the model store before the server starts. */
export function copiesAdapters({ loraAdapters, weights }: ModelServerArgs): boolean {
  return (loraAdapters ?? []).length > 0 && !onVolume(weights.kind);
}
