import type * as z from "zod";
import { catalogueModel } from "../../components/llm/model-catalogue";
import { factsOf, type ModelServerSettings, storedName } from "./model-server";
import type { modelSource } from "./sections/llm/source";
import type { ParsedSections } from "./settings";

type Llm = ParsedSections["llm"];

/** Where a version comes from, as the settings say it. */
export type ModelSourceSettings = z.output<typeof modelSource>;

/** A version of a model that the stack needs in its store. */
export interface StoredModel {
  readonly model: string;
  readonly version: string;
  /** Where the settings ask for it. */
  readonly path: string;
  /** Undefined where nobody says whence it comes. */
  readonly source?: ModelSourceSettings;
  /** Whether `source` was taken from the catalogue. */
  readonly fromCatalogue: boolean;
  /** Format that the weights must have; undefined for adapters and whatever else only `imports` names. */
  readonly quantization?: "none" | "awq" | "gptq" | "fp8";
  /** Whether servers read it from EFS, which the import fills. */
  readonly onEfs: boolean;
  readonly promotion?: { readonly promotedBy: string; readonly time: string };
}

/** Every mention of a version, in the order of the settings: servers first. Weights in images are in no store. */
export function mentionedModels(llm: Llm): StoredModel[] {
  if (!llm.enabled) return [];
  const servers = Object.entries(llm.models).flatMap(([server, settings]) =>
    settings.weights.kind === "image" ? [] : [servedModel(llm, server, settings)],
  );
  const imports = llm.store.imports.map(({ model, version, source }, index) => ({
    model,
    version,
    path: `llm.store.imports[${index}]`,
    source,
    fromCatalogue: false,
    // An adapter is read from where its server's weights are.
    onEfs: adapterServers(llm, model, version).some(({ weights }) => weights.kind === "efs"),
  }));
  return [...servers, ...imports];
}

/** The versions that the stack needs, each once. What the rules have passed agrees wherever it is mentioned. */
export function storedModels(llm: Llm): StoredModel[] {
  const found = new Map<string, StoredModel>();
  for (const mention of mentionedModels(llm)) {
    const key = versionKey(mention);
    const first = found.get(key);
    found.set(key, first === undefined ? mention : merged(first, mention));
  }
  return [...found.values()];
}

/** A version as one text. */
export function versionKey({ model, version }: { readonly model: string; readonly version: string }): string {
  return `${model} v${version}`;
}

/** Servers with an adapter of this version. */
export function adapterServers(llm: Llm, model: string, version: string): ModelServerSettings[] {
  return Object.values(llm.models).filter(({ loraAdapters }) =>
    loraAdapters.some((adapter) => adapter.model === model && adapter.version === version),
  );
}

function servedModel({ store }: Llm, server: string, settings: ModelServerSettings): StoredModel {
  const { model, source, weights, promotion } = settings;
  // Somebody fills a store that exists already.
  const known = source || store.bucket.existing ? undefined : catalogueModel(model.catalogue ?? "");
  return {
    model: storedName(server, settings),
    version: model.version,
    path: `llm.models.${server}`,
    source: known
      ? { huggingFace: { repository: known.repository, revision: known.revision, token: known.gated } }
      : source,
    fromCatalogue: known !== undefined,
    quantization: factsOf(settings)?.quantization ?? "none",
    onEfs: weights.kind === "efs",
    ...(promotion === undefined ? {} : { promotion }),
  };
}

function merged(first: StoredModel, other: StoredModel): StoredModel {
  return {
    ...first,
    source: first.source ?? other.source,
    quantization: first.quantization ?? other.quantization,
    onEfs: first.onEfs || other.onEfs,
    promotion: first.promotion ?? other.promotion,
  };
}
