import type { ModelFactsArgs } from "./model-server-args";
import { ModelQuantization } from "./model-server-kinds";

/** A public checkpoint, pinned. */
export interface CatalogueModel {
  /** Repository on Hugging Face. */
  readonly repository: string;
  /** Commit of that repository, 40 hexadecimal digits. */
  readonly revision: string;
  /** Whether Hugging Face wants a token of somebody who accepted the licence. */
  readonly gated: boolean;
  readonly facts: ModelFactsArgs;
}

/**
 * Checkpoints whose figures we looked up: architecture from their `config.json`, `weightsGiB` reckoned from it (4-bit
 * weights with one 16-bit scale and one 4-bit zero in each group, embeddings and head in 16 bits). Others are described by
 * facts of one's own.
 */
export const MODEL_CATALOGUE = {
  /** The default of a large model: two GPUs of 48 GB hold it. Its layers are padded, so that it can be cut in two, four or eight. */
  "qwen2.5-72b-instruct-awq": {
    repository: "Qwen/Qwen2.5-72B-Instruct-AWQ",
    revision: "698703eae6604af048a3d2f509995dc302088217",
    gated: false,
    facts: {
      parametersBillions: 73,
      weightsGiB: 38.8,
      layers: 80,
      attentionHeads: 64,
      keyValueHeads: 8,
      headDimension: 128,
      maxPositionEmbeddings: 32768,
      quantization: ModelQuantization.Awq,
      intermediateSize: 29696,
      quantizationGroupSize: 128,
    },
  },
  "qwen2.5-32b-instruct-awq": {
    repository: "Qwen/Qwen2.5-32B-Instruct-AWQ",
    revision: "5c7cb76a268fc6cfbb9c4777eb24ba6e27f9ee6c",
    gated: false,
    facts: {
      parametersBillions: 32.8,
      weightsGiB: 18,
      layers: 64,
      attentionHeads: 40,
      keyValueHeads: 8,
      headDimension: 128,
      maxPositionEmbeddings: 32768,
      quantization: ModelQuantization.Awq,
      intermediateSize: 27648,
      quantizationGroupSize: 128,
    },
  },
  /** Small: one GPU of 24 GB holds it. */
  "qwen2.5-7b-instruct": {
    repository: "Qwen/Qwen2.5-7B-Instruct",
    revision: "a09a35458c702b33eeacc393d103063234e8bc28",
    gated: false,
    facts: {
      parametersBillions: 7.62,
      weightsGiB: 14.2,
      layers: 28,
      attentionHeads: 28,
      keyValueHeads: 4,
      headDimension: 128,
      maxPositionEmbeddings: 32768,
      intermediateSize: 18944,
    },
  },
  /** 16 bits a weight: too large for two GPUs of 48 GB. */
  "llama-2-70b": {
    repository: "meta-llama/Llama-2-70b-hf",
    revision: "3aba440b59558f995867ba6e1f58f21d0336b5bb",
    gated: true,
    facts: {
      parametersBillions: 69,
      weightsGiB: 128.5,
      layers: 80,
      attentionHeads: 64,
      keyValueHeads: 8,
      headDimension: 128,
      maxPositionEmbeddings: 4096,
      intermediateSize: 28672,
    },
  },
} as const satisfies Record<string, CatalogueModel>;
export type CatalogueName = keyof typeof MODEL_CATALOGUE;

/** The checkpoint of a name of the catalogue; undefined for another name. */
export function catalogueModel(name: string): CatalogueModel | undefined {
  const catalogue: Record<string, CatalogueModel> = MODEL_CATALOGUE;
  return Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
}
