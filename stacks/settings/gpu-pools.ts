import { hasGpus } from "../../components/internal/instance-types";

/** A server of `llm.models`, as far as it says where it runs. */
export interface PlacedModel {
  /** Default `gpu`. */
  readonly nodePool?: string;
}

/** The sections that say which GPU pools are in use. */
export interface GpuSettings {
  readonly llm: { readonly enabled: boolean; readonly models: Readonly<Record<string, PlacedModel>> };
  readonly nodePools: Readonly<Record<string, { readonly instanceTypes: readonly string[] }>>;
}

/** The pool that a model server runs on unless it names another. */
export const DEFAULT_MODEL_POOL = "gpu";

/** The pool of a model server. */
export function poolOfModel({ nodePool }: PlacedModel): string {
  return nodePool ?? DEFAULT_MODEL_POOL;
}

/**
 * GPU pools with a model server on them, in the order of the settings. Every other pool with GPUs has no machines until pods ask
 * for some, whatever its `minSize`: machines that serve nothing are the most expensive part of a bill.
 */
export function gpuPoolsInUse({ llm, nodePools }: GpuSettings): string[] {
  const wanted = llm.enabled ? Object.values(llm.models).map(poolOfModel) : [];
  return gpuPools(nodePools).filter((name) => wanted.includes(name));
}

/** Every pool with GPUs, in the order of the settings. */
export function gpuPools(nodePools: GpuSettings["nodePools"]): string[] {
  return Object.entries(nodePools).flatMap(([name, { instanceTypes }]) => (instanceTypes.some(hasGpus) ? [name] : []));
}
